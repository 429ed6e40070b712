"""What was said: the figures of every publication, kept beside those of the present one, with what changed and why.

A publication holds the whole history, and each one's own part also lies in ``state/history/<publication_id>``, never
changed once written. The two are brought together whenever a candidate is built, so that a rebuild from nothing, with
the warehouse or either of the two places gone, keeps what was said. A publication becomes part of the history by the
flip that shows it to readers, and by nothing else: its files are written before and get their name after it; where
that comes to nothing, the next publication takes it from the published file.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.publish.changes import COMPARED, find_changes
from pipelines.publish.content import digest, tables
from pipelines.publish.files import LINK, remove, sync, sync_tree
from pipelines.schema import literal
from pipelines.settings import Home, Settings
from pipelines.warehouse import PUBLISHED
from pipelines.yaml_text import read_yaml

if TYPE_CHECKING:
    import duckdb

HISTORY, CHANGES, LOG = "fct_reported_history", "fct_reported_changes", "meta_publication_log"
NO_FIGURES = {"answers", "keep_publications", "lineage"}
"""Settings that change no figure by themselves: what an answer changes is a file that reads otherwise."""

FIGURES = "model, network, month, conversions_credited, revenue_credited, net_revenue_credited"
"""What a publication says."""

FIGURES_OF_TOUCHES = """
    select
        model, network, cast(date_trunc('month', conversion_date) as date) as month,
        sum(credit) as conversions_credited, sum(revenue_credited) as revenue_credited,
        sum(net_revenue_credited) as net_revenue_credited
    from published.fct_attributed_revenue
    group by all
"""

FIGURES_OF_TOTALS = """
    select
        credits.model, networks.network, credits.period_start as month,
        sum(credits.conversions_credited) as conversions_credited, sum(credits.revenue_credited) as revenue_credited,
        sum(credits.net_revenue_credited) as net_revenue_credited
    from published.fct_channel_credit as credits
    left join published.dim_networks as networks on credits.channel in (networks.network, networks.network || '_paid')
    where
        credits.period_kind = 'month'
        and credits.model not in (select distinct model from published.fct_attributed_revenue)
    group by all
"""
"""Of models that credit the channels of a month and no touch: a network's are those that are named after it."""


@cache
def columns(table: str) -> dict[str, str]:
    """The columns of a table that is made here, and their types, as ``tables.yml`` has them."""
    described = read_yaml(Path(__file__).with_name("tables.yml").read_text(encoding="utf-8"))["models"]
    return {
        column["name"]: column["data_type"]
        for model in described
        if model["name"] == table
        for column in model["columns"]
    }


def create_table(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """An empty table of the publication that is open as ``target``."""
    body = ", ".join(f"{name} {sql_type}" for name, sql_type in columns(table).items())
    connection.execute(f"create or replace table {PUBLISHED}.{table} ({body})")


def record(connection: duckdb.DuckDBPyConnection, home: Home, settings: Settings) -> None:
    """Write into the candidate that is open as ``target`` what was said before, what it says, and what changed."""
    for table in (HISTORY, CHANGES, LOG):
        create_table(connection, table)
    link = home.published / LINK
    if link.exists():
        connection.execute(f"attach {literal(str(link.resolve()))} as earlier (read_only)")
    _bring_back(connection, home)
    _say(connection, settings)
    if link.exists():
        connection.execute("detach earlier")


def stage(connection: duckdb.DuckDBPyConnection, home: Home) -> list[Path]:
    """Write what ``state/history`` lacks of the candidate's history, under names that nothing reads yet."""
    store = home.state / "history"
    kept = {path.name for path in _kept(home)}
    staged = []
    for (publication_id,) in connection.execute(
        f"select publication_id from {PUBLISHED}.{LOG} order by all"
    ).fetchall():
        if publication_id in kept:
            continue
        folder = store / f".{publication_id}.new"
        remove(folder)
        folder.mkdir(parents=True)
        for table in (HISTORY, CHANGES, LOG):
            stored = ", ".join(_stored(table))
            rows = f"select {stored} from {PUBLISHED}.{table} where publication_id = '{publication_id}' order by all"
            connection.execute(f"copy ({rows}) to {literal(f'{folder / table}.parquet')} (format parquet)")
        sync_tree(folder)
        staged.append(folder)
    return staged


def settle(staged: list[Path]) -> None:
    """Give what was staged its name, now that readers see the publication."""
    for folder in staged:
        folder.rename(folder.with_name(folder.name.removeprefix(".").removesuffix(".new")))
        sync(folder.parent)


def _kept(home: Home) -> list[Path]:
    return sorted(path for path in (home.state / "history").glob("*") if not path.name.startswith("."))


def _stored(table: str) -> list[str]:
    """The columns that never change: what is said now is not part of what was said then."""
    return [name for name in columns(table) if not name.endswith("_now")]


def _bring_back(connection: duckdb.DuckDBPyConnection, home: Home) -> None:
    """Fill the candidate's tables from the earlier publication and from what else ``state/history`` holds."""
    earlier = tables(connection, "earlier")
    if {HISTORY, CHANGES, LOG} <= set(earlier):
        for table in (HISTORY, CHANGES, LOG):
            shared = ", ".join(name for name in _stored(table) if name in earlier[table])
            connection.execute(
                f"insert into {PUBLISHED}.{table} by name select {shared} from earlier.{PUBLISHED}.{table}"
            )
    known = {row[0] for row in connection.execute(f"select publication_id from {PUBLISHED}.{LOG}").fetchall()}
    missing = [path for path in _kept(home) if path.name not in known]
    for table in (HISTORY, CHANGES, LOG) if missing else ():
        files = [str(folder / f"{table}.parquet") for folder in missing]
        connection.execute(
            f"insert into {PUBLISHED}.{table} by name select * from read_parquet(?, union_by_name = true)", [files]
        )


def _say(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Add what the candidate says, if it is new, and put what is said now beside all that was said."""
    connection.execute(f"create or replace temp table figures as {_figures(connection)}")
    connection.execute(f"""
        create or replace temp table previous as
        select * from {PUBLISHED}.{LOG} order by published_at desc, publication_id desc limit 1
    """)
    connection.execute(f"""
        create or replace temp table figures_then as
        select {FIGURES} from {PUBLISHED}.{HISTORY} where publication_id = (select said_in from previous)
    """)
    (is_new,) = connection.execute(f"""
        select not exists (from previous) or exists (
            (select {FIGURES} from figures except select {FIGURES} from figures_then)
            union all (select {FIGURES} from figures_then except select {FIGURES} from figures)
        )
    """).fetchone() or (True,)
    _log(connection, settings, is_new=is_new)
    if is_new:
        connection.execute(f"""
            insert into {PUBLISHED}.{HISTORY} by name
            select publication_id, published_at, currency, {FIGURES} from {PUBLISHED}.meta_publication, figures
        """)
        if connection.execute("from previous").fetchone():
            find_changes(connection, is_comparable=_is_comparable(connection))
    _set_beside(connection)


def _figures(connection: duckdb.DuckDBPyConnection) -> str:
    """The query for what the candidate says, by what it holds."""
    held = tables(connection, "target")
    if "fct_attributed_revenue" not in held:
        return f"select {FIGURES} from {PUBLISHED}.{HISTORY} where false"
    if {"fct_channel_credit", "dim_networks"} <= set(held):
        return f"{FIGURES_OF_TOUCHES} union all {FIGURES_OF_TOTALS}"
    return FIGURES_OF_TOUCHES


def _log(connection: duckdb.DuckDBPyConnection, settings: Settings, *, is_new: bool) -> None:
    decided = settings.model_dump_json(exclude=NO_FIGURES)
    connection.execute(
        f"""
        insert into {PUBLISHED}.{LOG} by name
        select *, ? as settings_digest,
            case when ? then publication_id else (select said_in from previous) end as said_in
        from {PUBLISHED}.meta_publication
        """,
        [digest([decided])[:16], is_new],
    )


def _is_comparable(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the earlier file is the publication that spoke last, and both hold what reasons are read off."""
    for catalog in ("earlier", "target"):
        held = tables(connection, catalog)
        if not all(needed <= set(held.get(table, ())) for table, needed in COMPARED.items()):
            return False
    ids = "select publication_id from earlier.published.meta_publication"
    return connection.execute(f"from previous where publication_id in ({ids})").fetchone() is not None


def _set_beside(connection: duckdb.DuckDBPyConnection) -> None:
    """Put what is said now beside what was said, and the rows in order."""
    stored = ", ".join(f"said.{name}" for name in _stored(HISTORY))
    now = ", ".join(
        f"case when said.model in (select model from figures) then coalesce(figures.{name}, 0) end as {name}_now"
        for name in ("conversions_credited", "revenue_credited", "net_revenue_credited")
    )
    connection.execute(f"create or replace temp table said as from {PUBLISHED}.{HISTORY}")
    create_table(connection, HISTORY)
    connection.execute(f"""
        insert into {PUBLISHED}.{HISTORY} by name
        select {stored}, {now} from said left join figures
            on said.model = figures.model and said.network is not distinct from figures.network
            and said.month = figures.month
        order by all
    """)
