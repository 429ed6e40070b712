"""``social-roi new-source``: a draft that validates, reads its own fixture, copies no value, and loads nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from pipelines.cli import main
from pipelines.spec import load_specs, use_own_sources
from tests.conformance.cases import workbook

ROOT = Path(__file__).parents[2]
EXPORT = (ROOT / "docs/examples/clapboard/clapboard-stats.csv").read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def _apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SOCIAL_ROI_KEY_FILE", str(tmp_path / "identifiers.key"))
    yield
    use_own_sources(tmp_path / "nowhere")


def call(home: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments, "--home", str(home)])


def drafted(tmp_path: Path, content: str | bytes, *, name: str = "stats.csv") -> dict[str, Any]:
    """Draft a source ``mine`` from an export; its specification as plain values."""
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    result = call(tmp_path / "home", "new-source", str(path), "--name", "mine")
    assert result.exit_code == 0, result.stderr
    return yaml.safe_load((tmp_path / "home/sources/mine.yml").read_text(encoding="utf-8"))


def fields(spec: dict[str, Any]) -> dict[str, Any]:
    return spec["layouts"][0]["fields"]


def test_a_draft_knows_ids_days_figures_totals_and_persons(tmp_path: Path) -> None:
    spec = drafted(tmp_path, EXPORT)
    found = fields(spec)
    assert found["published_at"]["formats"] == ["%d/%m/%Y"]
    assert found["action_id"]["extract"]["column"] == "permalink"
    assert found["comments"]["names"] == {"en": ["Responses"]}
    assert found["ad_earnings"]["names"] == {"en": ["Earnings ({currency})"]}
    assert spec["layouts"][0]["columns_personal"] == {"en": ["Editor e-mail"]}
    assert "Read ratio" in spec["layouts"][0]["columns_ignored"]["en"]
    assert spec["networks"]["mine"]["hosts"] == ["clapboard.example"]


def test_a_large_export_is_drafted_from_its_first_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever stands further on is not read: here bytes that no text holds."""
    monkeypatch.setenv("SOCIAL_ROI_BULK_BYTES", "1")
    row = EXPORT.splitlines()[4]
    rows = "".join(f"{row.replace('9f31c2', f'{number:06x}')}\n" for number in range(6000))
    spec = drafted(tmp_path, f"{EXPORT}{rows}".encode() + b"\x00\xff\x00" * 9)
    assert fields(spec)["published_at"]["formats"] == ["%d/%m/%Y"]


def test_its_fixture_becomes_what_it_says_and_copies_no_value(tmp_path: Path) -> None:
    drafted(tmp_path, EXPORT)
    folder = tmp_path / "home/sources/fixtures/mine"
    made = (folder / "mine.csv").read_text(encoding="utf-8")
    copied = {cell for line in EXPORT.splitlines()[4:] for cell in line.replace('"', "").split(",") if len(cell) > 3}
    assert [cell for cell in copied if cell in made] == []
    (entry,) = yaml.safe_load((folder / "expected.yml").read_text(encoding="utf-8")).values()
    told = json.loads(call(tmp_path / "home", "inspect", str(folder / "mine.csv"), "--json").stdout)["files"][0]
    assert (told["status"], told["rows_loaded"]) == (entry["status"], entry["rows"]["loaded"])
    totals = {each["metric"]: each["total"] and float(each["total"]) for each in told["totals"]}
    assert totals == entry["totals"]


def test_a_draft_is_inspected_and_never_loaded_until_it_is_none(tmp_path: Path) -> None:
    drafted(tmp_path, EXPORT)
    home, export = tmp_path / "home", str(tmp_path / "stats.csv")
    assert "WILL BE LOADED" in call(home, "inspect", export).stdout
    held = call(home, "ingest", export, "--json")
    assert held.exit_code == 1
    (receipt,) = json.loads(held.stdout)["files"]
    assert (receipt["status"], receipt["totals"]) == ("needs_answer", [])
    assert "draft" in receipt["reason"]
    path = home / "sources/mine.yml"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(line for line in lines if not line.startswith("draft:")) + "\n", encoding="utf-8")
    done = json.loads(call(home, "ingest", "--json").stdout)
    assert [(each["status"], each["rows_loaded"]) for each in done["files"]] == [("loaded", 3)]
    assert done["loaded"]["rows"]["action_metrics"] == 3


@pytest.mark.parametrize(
    ("content", "grain", "field", "formats"),
    [
        ("Day,Impressions,Likes\n2026-03-01,5,1\n2026-03-02,6,2\n", "account-day", "metric_date", ["%Y-%m-%d"]),
        ("Post id;Day;Likes\n9000001;01.03.2026;1\n9000001;02.03.2026;2\n", "post-day", "metric_date", ["%d.%m.%Y"]),
        ("Post id\tDate\tLikes\n9000001\t03/04/2026\t1\n9000002\t05/06/2026\t2\n", "lifetime post", "published_at",
         ["%d/%m/%Y", "%m/%d/%Y"]),
        ('Post id,Date,Likes\n9000001,"Mar 4, 2026",1\n9000002,"May 6, 2026",2\n', "lifetime post", "published_at",
         ["named"]),
    ],
)  # fmt: skip
def test_the_grain_and_the_style_of_days(
    tmp_path: Path, content: str, grain: str, field: str, formats: list[str]
) -> None:
    spec = drafted(tmp_path, content)
    assert spec["layouts"][0]["grain"] == grain
    assert fields(spec)[field]["formats"] == formats
    assert fields(spec)["reactions"]["names"] == {"en": ["Likes"]}


def test_a_day_that_reads_two_ways_is_marked(tmp_path: Path) -> None:
    drafted(tmp_path, "Post id,Date,Likes\n900000001,03/04/2026,1\n900000002,05/06/2026,2\n")
    text = (tmp_path / "home/sources/mine.yml").read_text(encoding="utf-8")
    (line,) = (line for line in text.splitlines() if "published_at" in line)
    assert "# ?" in line
    assert "reads as %d/%m/%Y and as %m/%d/%Y" in line


def test_a_workbook_of_two_tables_becomes_two_layouts(tmp_path: Path) -> None:
    days = [["Day", "Impressions"], ["2026-03-01", 5], ["2026-03-02", 6]]
    posts = [["Post id", "Published", "Likes"], ["p-1 x", "2026-03-01", 4], ["p-2 x", "2026-03-02", 9]]
    posts = [[str(row[0]).replace("p-1 x", "900000001").replace("p-2 x", "900000002"), *row[1:]] for row in posts]
    spec = drafted(tmp_path, workbook({"Days": days, "Posts": posts}), name="book.xlsx")
    assert [layout["grain"] for layout in spec["layouts"]] == ["account-day", "lifetime post"]
    told = json.loads(call(tmp_path / "home", "inspect", str(tmp_path / "book.xlsx"), "--json").stdout)["files"][0]
    assert [part["rows_loaded"] for part in told["parts"]] == [2, 2]


def test_what_is_known_already_or_holds_no_table_is_refused(tmp_path: Path) -> None:
    known = ROOT / "tests/fixtures/x/x_posts.csv"
    result = call(tmp_path / "home", "new-source", str(known), "--name", "mine")
    assert (result.exit_code, "known already" in result.stderr) == (2, True)
    (tmp_path / "prose.txt").write_text("Dear all,\nno table here.\n", encoding="utf-8")
    assert call(tmp_path / "home", "new-source", str(tmp_path / "prose.txt")).exit_code == 2
    result = call(tmp_path / "home", "new-source", str(tmp_path / "prose.txt"), "--name", "x")
    assert "another name" in result.stderr
    assert not list((tmp_path / "home").rglob("*.yml"))


def test_a_broken_or_taken_specification_of_ones_own_is_named(tmp_path: Path) -> None:
    own = tmp_path / "home/sources"
    own.mkdir(parents=True)
    (own / "x.yml").write_text((ROOT / "pipelines/sources/x.yml").read_text(encoding="utf-8"), encoding="utf-8")
    result = call(tmp_path / "home", "inspect", str(ROOT / "tests/fixtures/x/x_posts.csv"))
    assert result.exit_code == 1
    assert "built in" in result.stderr
    (own / "x.yml").unlink()
    (own / "mine.yml").write_text("source: mine\ncolour: red\n", encoding="utf-8")
    result = call(tmp_path / "home", "inspect", str(ROOT / "tests/fixtures/x/x_posts.csv"))
    assert str(own / "mine.yml") in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_one_home_does_not_see_the_sources_of_another(tmp_path: Path) -> None:
    drafted(tmp_path, EXPORT)
    call(tmp_path / "home", "status")
    assert "mine" in load_specs()
    call(tmp_path / "other", "status")
    assert "mine" not in load_specs()
