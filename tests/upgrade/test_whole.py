"""A deployment of the first release goes on under this version: nothing that its owner or its readers have is lost."""

from __future__ import annotations

import hashlib
from pathlib import Path

import duckdb
import pytest

from pipelines.publish import latest, table_hashes
from pipelines.report import write_report
from pipelines.run import last_runs, run_all
from pipelines.settings import Home, load_settings
from tests.land.files import text, tweets
from tests.upgrade.conftest import make_first_warehouse, tables

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

ORDERS = "order_id,customer_id,ordered_at,revenue,currency\n" + "".join(
    f"o{n},c{n},2026-0{1 + n % 3}-1{n % 9}T10:00:00+00:00,{100 + n},EUR\n" for n in range(12)
)
TOUCHES = "touch_id,customer_id,touched_at,network,touch_type\n" + "".join(
    f"t{n},c{n},2026-0{1 + n % 3}-0{1 + n % 9}T09:00:00+00:00,x,click\n" for n in range(12)
)
TOLD_AT_THE_FLIP = ("meta_publication", "fct_reported_history", "fct_reported_changes", "meta_publication_log")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home that one run has published."""
    home = Home(tmp_path_factory.mktemp("upgrade") / "home")
    for path, content in {
        "x/acme/a.csv": text(tweets(10, 20)), "orders/orders.csv": ORDERS, "touchpoints/touches.csv": TOUCHES
    }.items():  # fmt: skip
        target = home.landing / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, encoding="utf-8")
    home.settings_file.write_text("models: [linear, last_touch, markov]\nkeep_publications: 4\n", encoding="utf-8")
    run_all(home, load_settings(home))
    return home


def age(home: Home) -> Path:
    """Give a home the warehouse and the publication of an earlier version; the publication's file.

    The warehouse has the first release's tables. The publication has the first release's columns, without a table and a
    column that a later one has: what an even earlier one looked like.
    """
    home.warehouse.unlink()
    make_first_warehouse(home.warehouse)
    published = latest(home)
    assert published is not None
    aside = published.with_suffix(".later")
    published.rename(aside)
    with duckdb.connect(str(published)) as connection:
        connection.execute(f"attach '{aside}' as later (read_only)")
        connection.execute("create schema published")
        for table, columns in tables("published.txt").items():
            connection.execute(f"create table {table} ({columns})")
            held = {
                name for (name,) in connection.execute(
                    "select column_name from duckdb_columns() where database_name = 'later' and schema_name || '.' || "
                    "table_name = ?", [table]
                ).fetchall()
            }  # fmt: skip
            names = [
                name for (name,) in connection.execute(f"select column_name from (describe {table})").fetchall()
                if name in held
            ]  # fmt: skip
            if names:
                connection.execute(f"insert into {table} by name select {', '.join(names)} from later.{table}")
        connection.execute("drop table published.meta_reconciliation")
        connection.execute("alter table published.meta_loads drop column networks")
    aside.unlink()
    return published


def everything_in(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_next_run_publishes_the_same_figures_and_keeps_all_that_was_there(home: Home) -> None:
    before = table_hashes(str(latest(home)))
    old = age(home)
    said = everything_in(home.state / "history")
    lake, settings, old_bytes = everything_in(home.lake), home.settings_file.read_bytes(), old.read_bytes()
    assert said
    with duckdb.connect(str(home.published / "roi.duckdb"), read_only=True) as reader:
        held = reader.execute("select count(*) from published.fct_attributed_revenue").fetchone()
        outcome = run_all(home, load_settings(home))
        assert reader.execute("select count(*) from published.fct_attributed_revenue").fetchone() == held
    assert outcome.record["upgrade"]
    after = table_hashes(str(latest(home)))
    differing = {table for table in before if before[table] != after.get(table)}
    assert differing <= {*TOLD_AT_THE_FLIP}
    assert old.read_bytes() == old_bytes, "the earlier publication is as it was, beside the new one"
    assert latest(home) != old
    now = everything_in(home.state / "history")
    assert said.items() <= now.items(), "what was said stays said"
    assert everything_in(home.lake) == lake
    assert home.settings_file.read_bytes() == settings
    with duckdb.connect(str(latest(home)), read_only=True) as reader:
        log = reader.execute("select publication_id from published.meta_publication_log order by 1").fetchall()
        assert len(log) == 2, "the earlier publication is in the book"
        verdicts = reader.execute("select count(*) from published.meta_checks where expectation = 'an old check'")
        assert verdicts.fetchone() == (1,)
    assert len(last_runs(home, most=9)) == 2
    assert write_report(home).exists()
