"""From the lake into the warehouse: once, in any order, after any accident."""

from __future__ import annotations

import json
import multiprocessing
import shutil
import zipfile
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.errors import SocialRoiError
from pipelines.lake import readings_folder, receipts_folder
from pipelines.land import land
from pipelines.land import reading as reading_module
from pipelines.load import load
from pipelines.schema import raw_tables
from pipelines.settings import Answer, Home, Settings
from pipelines.spec import sources as spec_module
from pipelines.warehouse import create_raw_schema, open_warehouse
from tests.land.conftest import Landing
from tests.land.files import by_day, text, touches, tweets


def content(home: Home) -> dict[str, list[tuple[Any, ...]]]:
    connection = duckdb.connect(str(home.warehouse), read_only=True)
    tables = {name: f"select * from raw.{name} order by all" for name in (*raw_tables(), "file_totals", "quarantine")}
    tables["loads"] = "select * exclude (loaded_at) from raw.loads order by all"
    found = {name: connection.execute(query).fetchall() for name, query in tables.items()}
    connection.close()
    return found


def test_loading_again_changes_nothing(home: Home, land_bytes: Landing) -> None:
    land_bytes("x/a.csv", text(tweets("10", "bad", "20")))
    first = load(home, Settings())
    before = content(home)
    assert (first.files, first.rows["action_metrics"]) == (1, 2)
    land(home, Settings())
    again = load(home, Settings())
    assert again.unchanged
    assert content(home) == before
    assert [row[1:4] for row in before["quarantine"]] == [
        ("x_tweet_activity", 3, "'impressions' is not a whole number")
    ]


def test_a_warehouse_of_another_version_is_made_anew_from_the_lake(home: Home, land_bytes: Landing) -> None:
    land_bytes("x/a.csv", text(tweets("10", "20")))
    load(home, Settings())
    before = content(home)
    with open_warehouse(home) as connection:
        connection.execute("alter table loaded.action_metrics drop column permalink")
        connection.execute("alter table loaded.orders add column of_a_version_to_come integer")
        connection.execute("create table raw.of_a_version_to_come (i integer)")
    assert load(home, Settings()).files == 1
    assert content(home) == before
    assert load(home, Settings()).unchanged


def test_the_order_of_landing_and_loading_does_not_matter(tmp_path: Path) -> None:
    files = {f"x/{n}.csv": text(tweets(n)) for n in range(4)} | {"y/3.csv": text(tweets(3)), "t/t.csv": touches()}
    contents = []
    for order in (list(files), list(reversed(files))):
        home = Home(tmp_path / str(len(contents)))
        for name in order:
            path = home.landing / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(files[name])
            land(home, Settings(), paths=[path])
            load(home, Settings())
        contents.append(content(home))
    assert contents[0] == contents[1]
    assert [row[-3] for row in contents[0]["loads"]].count("duplicate") == 1


def test_changed_content_at_one_path_keeps_both(home: Home, land_bytes: Landing) -> None:
    for value in (10, 20):
        land_bytes("x/a.csv", text(tweets(value)))
        load(home, Settings())
    assert sorted(row[4] for row in content(home)["file_totals"] if row[2] == "impressions") == [10, 20]


def test_a_file_that_is_taken_away_keeps_its_rows_and_asks_nothing_more(home: Home, land_bytes: Landing) -> None:
    land_bytes("x/a.csv", text(tweets(10)))
    land_bytes("x/rubbish.csv", "no,known\nheader,here\n")
    load(home, Settings())
    assert standing(home) == {("x/a.csv", "loaded", True), ("x/rubbish.csv", "refused", True)}
    (home.landing / "x/a.csv").unlink()
    (home.landing / "x/rubbish.csv").unlink()
    assert load(home, Settings()).rows["action_metrics"] == 1
    assert standing(home) == {("x/a.csv", "loaded", False)}


def test_a_mended_file_in_its_place_is_the_current_one(home: Home, land_bytes: Landing) -> None:
    land_bytes("x/a.csv", "no,known\nheader,here\n")
    load(home, Settings())
    land_bytes("x/a.csv", text(tweets(10)))
    load(home, Settings())
    land_bytes("x/a.csv", text(tweets(20)))
    load(home, Settings())
    assert sorted(standing(home)) == [("x/a.csv", "loaded", False), ("x/a.csv", "loaded", True)]


def standing(home: Home) -> set[tuple[str, str, bool]]:
    with open_warehouse(home) as connection:
        return set(connection.execute("select path, status, is_current from raw.loads").fetchall())


def test_touches_without_an_id_get_the_same_one_from_any_export(home: Home, land_bytes: Landing) -> None:
    twice = "c1,2026-03-01T10:00:00+00:00,email\n" * 2
    land_bytes("touchpoints/a.csv", f"customer_id,touched_at,channel\n{twice}c2,2026-03-02T10:00:00+00:00,email\n")
    land_bytes("touchpoints/b.csv", f"note,channel,touched_at,customer_id\n{reordered(twice)}")
    load(home, Settings())
    with open_warehouse(home) as connection:
        ids = connection.execute("select touch_id, count(*) from raw.touchpoints group by all").fetchall()
    assert sorted(count for _, count in ids) == [1, 2, 2], (
        "two touches of one second are two; the second export adds none"
    )
    assert all(identity for identity, _ in ids)


def reordered(rows: str) -> str:
    cells = (line.split(",") for line in rows.splitlines())
    return "".join(f"seen again,{channel},{at},{customer}\n" for customer, at, channel in cells)


def test_an_answer_turns_a_question_into_rows(home: Home, land_bytes: Landing) -> None:
    labels = ["December 31", "January 1"]
    assert land_bytes("tiktok/Overview.csv", by_day(labels)).status == "needs_answer"
    load(home, Settings())
    assert content(home)["account_metrics"] == []
    answered = Settings(answers=(Answer(files="tiktok/*", year=2026),))
    (receipt,) = land(home, answered)
    assert (receipt.status, receipt.period_start, receipt.period_end) == ("loaded", "2025-12-31", "2026-01-01")
    assert load(home, answered).rows["account_metrics"] == 2
    assert [row[-3] for row in content(home)["loads"]] == ["loaded"]


def test_a_mended_specification_reads_again_and_replaces(
    home: Home, land_bytes: Landing, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = land_bytes("x/a.csv", text(tweets("10")))
    load(home, Settings())
    monkeypatch.setattr(spec_module, "PARSER_VERSION", spec_module.PARSER_VERSION + 1)
    (new,) = land(home, Settings())
    assert new.reading_id != old.reading_id
    summary = load(home, Settings())
    assert (summary.files, summary.rows["action_metrics"]) == (1, 1)


@pytest.mark.parametrize("lost", ["rows", "receipt", "receipt damaged"])
def test_a_crash_between_two_writes_heals(home: Home, land_bytes: Landing, lost: str) -> None:
    receipt = land_bytes("x/a.csv", text(tweets("10")))
    rows, (written,) = readings_folder(home) / receipt.reading_id, receipts_folder(home).iterdir()
    if lost == "rows":
        shutil.rmtree(rows)
        with pytest.raises(SocialRoiError, match="missing from the lake"):
            load(home, Settings())
    elif lost == "receipt":
        written.unlink()
        assert load(home, Settings()).files == 0
    else:
        written.write_text(json.dumps({"unknown": 1}))
    assert land(home, Settings()) == [receipt]
    assert load(home, Settings()).rows["action_metrics"] == 1


def test_a_crash_while_writing_leaves_nothing_behind(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    path = home.landing / "x/a.csv"
    path.parent.mkdir(parents=True)
    path.write_text(text(tweets("10")))
    with monkeypatch.context() as broken:
        broken.setattr(reading_module, "write_rows", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            land(home, Settings())
    assert not list(readings_folder(home).iterdir())
    assert load(home, Settings()).files == 0
    land(home, Settings())
    assert load(home, Settings()).rows["action_metrics"] == 1


def _land_one(root: str) -> int:
    return len(land(Home(Path(root)), Settings()))


def test_two_landings_at_once(home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SOCIAL_ROI_KEY_FILE", str(tmp_path / "fresh.key"))
    for n in range(6):
        path = home.landing / f"x/{n}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text(tweets(n)))
    (home.landing / "t.csv").write_text(touches())
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        assert pool.map(_land_one, [str(home.root)] * 2) == [7, 7]
    assert load(home, Settings()).rows["action_metrics"] == 6
    assert not list(home.lake.rglob(".*"))


def test_files_from_elsewhere_are_copied_once(home: Home, tmp_path: Path) -> None:
    outside = tmp_path / "it's [here]" / "a.csv"
    outside.parent.mkdir()
    outside.write_text(text(tweets("10")))
    for _ in range(2):
        (receipt,) = land(home, Settings(), paths=[outside])
        assert receipt.path == "x/a.csv"
    outside.write_text(text(tweets("11")))
    assert land(home, Settings(), paths=[outside.parent])[0].path.startswith("x/a.")
    assert load(home, Settings()).files == 2


def test_a_home_with_a_quote_in_its_name(tmp_path: Path) -> None:
    home = Home(tmp_path / "o'brien")
    path = home.landing / "x/a.csv"
    path.parent.mkdir(parents=True)
    path.write_text(text(tweets("10")))
    land(home, Settings())
    assert load(home, Settings()).rows["action_metrics"] == 1


def test_half_downloaded_and_hidden_files_are_left(home: Home) -> None:
    home.landing.mkdir(parents=True)
    for name in ("a.csv.crdownload", ".b.csv", "~$c.xlsx"):
        (home.landing / name).write_text("half")
    assert land(home, Settings()) == []


def test_one_file_that_breaks_the_engine_does_not_stop_the_others(
    home: Home, land_bytes: Landing, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object, work: reading_module.Work, settled: object) -> None:
        raise duckdb.ConversionException("out of range\nhint")

    monkeypatch.setattr(reading_module, "convert", broken)
    receipt = land_bytes("x/a.csv", text(tweets("10")))
    assert (receipt.status, receipt.reason, receipt.rows_ignored) == ("refused", "out of range", 1)
    assert load(home, Settings()).rows["action_metrics"] == 0


def test_files_that_an_archive_holds_load_once(tmp_path: Path) -> None:
    home = Home(tmp_path)
    fixtures = Path(__file__).parents[1] / "fixtures" / "hootsuite"
    names = ["account_metrics.csv", "facebook_posts.csv"]
    folder = home.landing / "hootsuite"
    folder.mkdir(parents=True)

    def pack(name: str, members: list[str], day: int) -> None:
        with zipfile.ZipFile(folder / name, "w") as archive:
            for member in members:
                info = zipfile.ZipInfo(member, date_time=(2018, 7, day, 0, 0, 0))
                archive.writestr(info, (fixtures / member).read_bytes())

    def statuses() -> dict[str, str]:
        land(home, Settings())
        load(home, Settings())
        with duckdb.connect(str(home.warehouse), read_only=True) as connection:
            assert connection.execute("select count(*) from raw.action_metrics").fetchone() == (3,)
            assert connection.execute("select count(*) from raw.account_metrics").fetchone() == (3,)
            rows = connection.execute("select path, status from raw.loads").fetchall()
        return {str(path).removeprefix("hootsuite/"): status for path, status in rows}

    for name in names:
        (folder / name).write_bytes((fixtures / name).read_bytes())
    assert set(statuses().values()) == {"loaded"}
    pack("report.zip", names, 4)
    assert statuses() == dict.fromkeys(names, "duplicate") | {"report.zip": "loaded"}
    pack("again.zip", names, 5)
    pack("half.zip", names[:1], 6)
    assert [name for name, status in statuses().items() if status == "loaded"] == ["again.zip"]
    (folder / "again.zip").unlink()
    assert statuses()["again.zip"] == "loaded"


def test_a_table_of_an_older_version_gets_the_columns_that_it_lacks(home: Home) -> None:
    with open_warehouse(home) as connection:
        connection.execute("create schema loaded; create table loaded.marks (mark varchar, file_sha256 varchar)")
        connection.execute("insert into loaded.marks values ('JANE15', 'sha')")
        create_raw_schema(connection)
        assert connection.execute("select mark, network, row_number from raw.marks").fetchall() == [
            ("JANE15", None, None)
        ]
