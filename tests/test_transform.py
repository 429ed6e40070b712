"""The dbt stages as calls: what they pass on, what they say when something breaks, what they leave behind."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb
import pytest

from pipelines.errors import BusyError, SocialRoiError
from pipelines.settings import Home, Settings
from pipelines.transform import PROJECT, attribute, dbt_vars, run_dbt, transform
from pipelines.warehouse import create_raw_schema, open_warehouse, writer_lock

ORDER = """insert into loaded.orders (file_sha256, row_number, source, layout, order_id, ordered_at, revenue, currency)
values ('f', 1, 'orders', 'l', '1', '2026-03-01 10:00:00', {revenue}, 'EUR')"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(tmp_path_factory.mktemp("home"))


def test_models_take_their_windows_from_the_settings() -> None:
    settings = Settings(models=("linear", "time_decay"), lookback_days=30, lookback_days_by_model={"time_decay": 90})
    assert [(m["model"], m["lookback_days"]) for m in dbt_vars(settings)["attribution_models"]] == [
        ("linear", 30),
        ("time_decay", 90),
    ]


def test_an_empty_warehouse_is_built_and_let_go(home: Home, capfd: pytest.CaptureFixture[str]) -> None:
    before = dict(os.environ)
    settings = Settings(models=("linear",))
    transform(home, settings)
    attribute(home, settings)
    with duckdb.connect(str(home.warehouse), read_only=True) as reader:
        assert reader.execute("select count(*) from published.fct_attributed_revenue").fetchone() == (0,)
    assert dict(os.environ) == before
    assert capfd.readouterr() == ("", ""), "standard output belongs to --json"
    assert (home.state / "dbt" / "logs" / "dbt.log").exists()


def test_dbt_leaves_nothing_in_the_project(home: Home) -> None:
    assert home.warehouse.exists()
    assert {path.name for path in PROJECT.iterdir()} == {
        "dbt_project.yml", "profiles.yml", "macros", "models", "seeds", "tests",
    }  # fmt: skip


def test_a_new_home_need_not_parse_what_another_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    settings = Settings(models=("linear",))
    parsed_anew = []
    for name in ("first", "second"):
        new = Home(tmp_path / name)
        transform(new, settings)
        parsed_anew.append("full parse" in (new.state / "dbt" / "logs" / "dbt.log").read_text(encoding="utf-8"))
    assert parsed_anew == [True, False]
    with duckdb.connect(str(new.warehouse), read_only=True) as reader:
        assert reader.execute("select count(*) from marts.mart_conversions").fetchone() == (0,)


def test_a_failed_test_names_itself_and_the_way_out(home: Home) -> None:
    with open_warehouse(home) as connection:
        create_raw_schema(connection)
        connection.execute(ORDER.format(revenue="null"))
    with pytest.raises(SocialRoiError, match=r"required_stg_raw__orders.*failed: Got 1 result.*dbt's log is"):
        transform(home, Settings(models=("linear",)), full_refresh=True)
    with open_warehouse(home) as connection:
        connection.execute("delete from loaded.orders")


def test_a_failed_model_names_itself_with_the_engines_message(home: Home) -> None:
    with open_warehouse(home) as connection:
        connection.execute("alter table loaded.costs rename column campaign to something")
    with pytest.raises(SocialRoiError, match=r"stg_raw__costs\.sql: model stg_raw__costs failed: .*campaign"):
        run_dbt(home, Settings(models=("linear",)), ["build", "--select", "stg_raw__costs"])
    with open_warehouse(home) as connection:
        connection.execute("alter table loaded.costs rename column something to campaign")


def test_a_run_that_is_writing_is_not_disturbed(home: Home) -> None:
    with writer_lock(home, purpose="load"), pytest.raises(BusyError, match="load"):
        transform(home, Settings(models=("linear",)))
