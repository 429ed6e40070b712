"""All chosen fixtures landed, loaded and staged once, so that each check only looks."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from pipelines.lake import Receipt
from pipelines.land import land
from pipelines.land.readers.members import member_digests
from pipelines.load import load
from pipelines.schema import metrics, raw_tables
from pipelines.settings import Home, Settings
from pipelines.spec import LayoutSpec, load_specs
from pipelines.transform import PROJECT
from pipelines.warehouse import open_warehouse
from tests.conformance.cases import Case

Rows = list[dict[str, Any]]


@dataclass
class Round:
    """A home in which no path and no content occurs twice, alone or in an archive: cases may share a file."""

    home: Home
    taken: set[str] = field(default_factory=set, repr=False)
    raw: dict[tuple[str, str], Rows] = field(default_factory=dict, repr=False)
    staged: dict[tuple[str, str], Rows] = field(default_factory=dict, repr=False)
    rerun_unchanged: bool = False


@dataclass(frozen=True)
class Landed:
    """A case, its receipt, and where its rows are."""

    case: Case
    receipt: Receipt
    again: Receipt
    round: Round

    def raw(self, table: str) -> Rows:
        return self.round.raw.get((table, self.receipt.file_sha256), [])

    def staged(self, table: str) -> Rows:
        return self.round.staged.get((table, self.receipt.file_sha256), [])


def put(home: Home, case: Case, content: bytes) -> Receipt:
    """Land one file at a case's place, with its answers."""
    path = home.landing / case.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    (receipt,) = land(home, case.settings, paths=[path])
    return receipt


def land_all(chosen: Iterable[Case], folder: Path) -> dict[str, Landed]:
    """Land every case, load, build the staging models, and land and load again."""
    rounds: list[Round] = []
    placed: list[tuple[Case, Round, Receipt, bytes]] = []
    for case in chosen:
        content = case.content()
        marks = {case.path, hashlib.sha256(content).hexdigest(), *member_digests(content)}
        found = next((each for each in rounds if not marks & each.taken), None)
        if found is None:
            found = Round(Home(folder / str(len(rounds))))
            rounds.append(found)
        found.taken |= marks
        placed.append((case, found, put(found.home, case, content), content))
    for each in rounds:
        load(each.home, Settings())
        _stage(each)
    again = {case.id: put(each.home, case, content) for case, each, _, content in placed}
    for each in rounds:
        each.rerun_unchanged = load(each.home, Settings()).unchanged
    return {case.id: Landed(case, receipt, again[case.id], each) for case, each, receipt, _ in placed}


def _stage(each: Round) -> None:
    """Read the raw tables and what the staging models make of them."""
    with open_warehouse(each.home) as connection:
        for table in raw_tables():
            for rows, query in ((each.raw, f"raw.{table}"), (each.staged, staging_sql(table))):
                result = connection.execute(f"select * from {query} order by all")
                names = [column[0] for column in result.description]
                for values in result.fetchall():
                    row = dict(zip(names, values, strict=True))
                    rows.setdefault((table, row["file_sha256"]), []).append(row)


@cache
def staging_sql(table: str) -> str:
    """The staging model of a raw table, rendered without dbt, whose start alone costs more than all else here."""
    model = PROJECT / "models" / "staging" / f"stg_raw__{table}.sql"
    if not model.exists():
        return f"(select * from raw.{table} where false)"
    text = jinja2.Environment(autoescape=False, undefined=jinja2.StrictUndefined).from_string(model.read_text())
    rendered = text.render(source=lambda schema, name: f"{schema}.{name}", metric_names=lambda: list(metrics()))
    return f"({rendered})"


def layouts_of(receipt: Receipt) -> list[LayoutSpec]:
    """The layouts of a file's parts, each once."""
    if receipt.source is None:
        return []
    wanted = {part.layout for part in receipt.parts}
    return [layout for layout in load_specs()[receipt.source].layouts if layout.layout in wanted]


def places_of(layout: LayoutSpec, metric: str) -> list[tuple[str, str]]:
    """The raw tables and columns that a total's metric of a layout goes to."""
    fields = [name for name, spec in layout.fields.items() if (spec.metric or name) == metric]
    if any(title.metric == metric for title in layout.titles):
        fields.append(metric)
    return [
        (table, name)
        for table, target in layout.fills().items()
        for name in fields
        if name in raw_tables()[table].column_names and (not target.fields or name in target.fields)
    ]


def total(rows: Rows, column: str, *, layouts: set[str]) -> Decimal:
    """The sum of a column over a file's rows of these layouts; missing values count for nothing."""
    return sum(
        (Decimal(row[column]) for row in rows if row["layout"] in layouts and row[column] is not None), Decimal()
    )
