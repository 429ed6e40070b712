"""A night runs again what dbt came to for the last one of its kind, without dbt; the result is that of a rebuild."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from dbt.adapters.cache import RelationsCache

from pipelines import incrementality, recorded
from pipelines.attribution import compute
from pipelines.built import Built
from pipelines.errors import SocialRoiError
from pipelines.recorded import Record
from pipelines.settings import Home, Settings
from pipelines.transform import attribute, present, transform
from pipelines.warehouse import create_raw_schema, open_memory, open_warehouse
from tests.dbt.given import Warehouse
from tests.dbt.test_whole import table_hashes

SETTINGS = Settings.model_validate({"models": ["linear", "markov_path"]})


def _arrives(home: Home, day: int) -> None:
    """A touch and an order of one person, each in a file of its own."""
    with open_warehouse(home) as connection:
        create_raw_schema(connection)
        connection.execute(
            "insert into loaded.touchpoints "
            "(file_sha256, row_number, source, layout, touch_id, customer_id, touched_at, channel) "
            f"values ('t{day}', 1, 'touchpoints', 'l', 't{day}', 'ada', '2026-03-{day:02} 09:00:00', 'email')"
        )
        connection.execute(
            "insert into loaded.orders (file_sha256, row_number, source, layout, order_id, customer_id, ordered_at, "
            f"revenue, currency) values ('o{day}', 1, 'orders', 'l', '{day}', 'ada', '2026-03-{day:02} 10:00:00', "
            f"{day}, 'EUR')"
        )


def _night(home: Home, *, settings: Settings = SETTINGS, full_refresh: bool = False) -> tuple[Built, ...]:
    built = transform(home, settings, full_refresh=full_refresh)
    compute(home, settings)
    built += attribute(home, settings, full_refresh=full_refresh)
    incrementality.compute(home, settings)
    return built + present(home, settings, full_refresh=full_refresh)


def _log(home: Home) -> str:
    return (home.state / "dbt" / "logs" / "dbt.log").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def two_nights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A build from nothing, a night that dbt added to it, and what comes the night after.

    dbt's cache of relations, which its threads share, is slow to fill, as on a busy machine: of two models that asked
    it whether a build is added to, the second found that none is, and would be kept as it is built from nothing.
    """
    home = Home(tmp_path_factory.mktemp("recorded"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RelationsCache, "add", _slowly(RelationsCache.add))
        for day in (1, 2):
            _arrives(home, day)
            _night(home)
    _arrives(home, 3)
    yield home


def _slowly(add: Callable[[RelationsCache, Any], None]) -> Callable[[RelationsCache, Any], None]:
    def slow(cache: RelationsCache, relation: Any) -> None:
        add(cache, relation)
        if relation.schema == "built":
            time.sleep(0.1)

    return slow


@pytest.fixture
def home(two_nights: Home, tmp_path: Path) -> Home:
    shutil.copytree(two_nights.root, tmp_path, dirs_exist_ok=True)
    return Home(tmp_path)


def test_the_next_night_does_without_dbt_and_ends_as_a_rebuild(home: Home) -> None:
    said = _log(home)
    built = _night(home)
    assert _log(home) == said
    assert {"int_touches_stale", "mart_attributed", "fct_incremental_revenue"} < {model.name for model in built}
    assert all(model.sql and model.began and model.ended and model.ended >= model.began for model in built)
    hashes = table_hashes(Warehouse(home))
    assert hashes["fct_touchpoints"][0] == hashes["fct_conversions"][0] == 3
    _night(home, full_refresh=True)
    assert _log(home) != said
    assert table_hashes(Warehouse(home)) == hashes


NIGHT = """
import sys
from pathlib import Path
from pipelines.attribution import compute
from pipelines.settings import Home, Settings
from pipelines.transform import attribute, transform

home, settings = Home(Path(sys.argv[1])), Settings.model_validate({"models": ["linear", "markov_path"]})
transform(home, settings), compute(home, settings), attribute(home, settings)
sys.exit(", ".join({"dbt", "pandas", "great_expectations"} & set(sys.modules)) or None)
"""


def test_it_imports_nothing_that_takes_as_long_as_what_it_has_to_do(home: Home) -> None:
    done = subprocess.run([sys.executable, "-c", NIGHT, home.root], capture_output=True, text=True)
    assert not done.returncode, done.stderr


@pytest.mark.parametrize(("rows", "few"), [(5, True), (6, False)])
def test_few_rows_are_one_threads_work(monkeypatch: pytest.MonkeyPatch, rows: int, few: bool) -> None:
    monkeypatch.setattr(recorded, "ROWS_OF_A_THREAD", 6)
    with open_memory() as connection:
        connection.execute(f"set threads = 4; create table large as from range({rows})")
        Record(Path("unused.json")).run(connection, ())
        assert connection.execute("select current_setting('threads')").fetchall() == [(1 if few else 2,)]


def test_other_settings_are_dbts_again_and_what_was_kept_under_the_old_ones_goes(home: Home) -> None:
    records, said = home.state / "dbt" / "recorded", _log(home)
    [before] = records.iterdir()
    others = SETTINGS.model_copy(update={"lookback_days": 3})
    _night(home, settings=others)
    assert _log(home) != said
    [after] = records.iterdir()
    assert after != before


def test_a_record_that_cannot_be_read_is_made_anew(home: Home) -> None:
    for record in (home.state / "dbt" / "recorded").rglob("*.json"):
        record.write_text("[{", encoding="utf-8")
    said = _log(home)
    _night(home)
    assert _log(home) != said
    assert Warehouse(home).rows("select count(*) from published.fct_touchpoints") == [(3,)]


def test_a_statement_that_fails_names_its_model_and_the_next_run_builds_from_nothing(home: Home) -> None:
    with open_warehouse(home) as connection:
        connection.execute("alter table marts.mart_touches rename column campaign to something")
    said = _log(home)
    with pytest.raises(SocialRoiError, match=r"dbt_project/models/.*model int_touches_replaced failed: .*campaign"):
        _night(home)
    assert _log(home) == said
    built = _night(home)
    assert "stg_raw__touchpoints" in {model.name for model in built}
    assert Warehouse(home).rows("select count(*) from published.fct_touchpoints") == [(3,)]
