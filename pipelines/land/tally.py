"""The books of one reading: what became of each row, what the file leaves unsaid, what its owner should know."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from pipelines.lake import Part, QuarantinedRow
from pipelines.land.convert import Work, unlisted_columns
from pipelines.land.evidence import Evidence
from pipelines.land.readers import Row
from pipelines.land.recognise import Recognition
from pipelines.land.structure import PREAMBLE
from pipelines.spec import load_specs

if TYPE_CHECKING:
    import duckdb

NO_TABLE = "no source knows this table"


def rows_of(recognition: Recognition, works: Sequence[Work]) -> dict[tuple[str, int], int]:
    """Each physical row below a header, once, even where tables stand side by side."""
    rows: dict[tuple[str, int], int] = {}
    for work in works:
        numbers = [row.number for row in work.rows.data]
        numbers += [row.number for row, _ in (*work.rows.ignored, *work.rows.refused)]
        rows.update(dict.fromkeys(((work.table.sheet.name, number) for number in numbers), 1))
    for sheet, found in _strays(recognition).items():
        rows.update(dict.fromkeys(((sheet, row.number) for row in found), 1))
    return rows


def fates_of(
    connection: duckdb.DuckDBPyConnection, recognition: Recognition, works: Sequence[Work]
) -> dict[tuple[str, int], str]:
    """What became of each physical row: a row refused in one of two tables side by side counts as refused."""
    order = {"ignored": 0, "loaded": 1, "quarantined": 2}
    fates: dict[tuple[str, int], str] = {place: "ignored" for place in rows_of(recognition, []) if place}
    for work in works:
        sheet = work.table.sheet.name
        found = [(row.number, "ignored") for row, _ in work.rows.ignored]
        found += [(row.number, "quarantined") for row, _ in work.rows.refused]
        if work.table.match.layout.fills():
            found += connection.execute(
                f"select r, case when problem is null then 'loaded' else 'quarantined' end from {work.name}_done"
            ).fetchall()
        for number, fate in found:
            if order[fate] >= order[fates.get((sheet, number), "ignored")]:
                fates[(sheet, number)] = fate
    return fates


def _strays(recognition: Recognition) -> dict[str, list[Row]]:
    """The rows of each sheet that stand above its tables or that no table holds; lines of one cell are titles."""
    found: dict[str, list[Row]] = {}
    for sheet, row in recognition.strays:
        if len([cell for cell in row.cells if cell.strip()]) > 1:
            found.setdefault(sheet.name, []).append(row)
    return found


def parts_of(recognition: Recognition, works: Sequence[Work], quarantine: Sequence[QuarantinedRow]) -> tuple[Part, ...]:
    """The tables of a file with their rows, and the rows that belong to none."""
    known = {table.sheet.name for table in recognition.tables}
    strays = [
        _stray_part(sheet, len(rows), PREAMBLE if sheet in known else NO_TABLE)
        for sheet, rows in _strays(recognition).items()
    ]
    return (*(_part(work, quarantine) for work in works), *strays)


def _stray_part(sheet: str, count: int, reason: str) -> Part:
    return Part(
        name=f"{sheet or 'file'} ({reason})", layout="none", grain="none", rows_read=count, rows_loaded=0,
        rows_quarantined=0, rows_ignored=count, ignored_reasons={reason: count}, columns_unknown=(),
    )  # fmt: skip


def _part(work: Work, quarantine: Sequence[QuarantinedRow]) -> Part:
    layout = work.table.match.layout
    refused = sum(1 for row in quarantine if row.part == work.table.name)
    loaded = len(work.rows.data) + len(work.rows.refused) - refused if layout.fills() else 0
    ignored = len(work.rows.ignored)
    return Part(
        name=work.table.name,
        layout=layout.layout,
        grain=layout.grain,
        rows_read=loaded + refused + ignored,
        rows_loaded=loaded,
        rows_quarantined=refused,
        rows_ignored=ignored,
        ignored_reasons=work.rows.reasons(),
        columns_unknown=unlisted_columns(work),
    )


def unknowns(works: Sequence[Work], evidence: Evidence, start: date | None) -> tuple[str, ...]:
    """What the file does not say, without which it is read all the same."""
    found = []
    has_account = any("account" in work.columns or work.fields.get("account") for work in works)
    reports = any(set(work.table.match.layout.fills()) & {"account_metrics", "action_metrics"} for work in works)
    if reports and not has_account and not evidence.known_account:
        found.append("account: not stated; put the file in a folder of the account's name if there are several")
    zones = {spec.zone for work in works for spec in work.fields.values()}
    if "not stated" in zones and not evidence.answers.get("time_zone"):
        found.append("time zone: not stated; printed times are taken as UTC (answers: time_zone)")
    if any(work.table.match.layout.basis == "range" for work in works) and not all(evidence.period):
        found.append("period: the range that the figures cover is not stated (answers: period_start, period_end)")
    orders = [work for work in works if "orders" in work.table.match.layout.fills()]
    if any("revenue" not in work.columns for work in orders):
        found.append("revenue: no column says what an order came to; the orders are kept without revenue")
    if reports and start is None:
        found.append("dates: no row names a day")
    return tuple(found)


def warnings_of(recognition: Recognition, works: Sequence[Work], evidence: Evidence) -> tuple[str, ...]:
    """What does not keep a file from being loaded and its owner should know all the same."""
    found = list(recognition.warnings)
    known = {table.sheet.name for table in recognition.tables}
    for sheet, rows in _strays(recognition).items():
        if sheet not in known:
            found.append(f"{sheet}: {NO_TABLE}; its {len(rows)} rows are set aside")
    folder, spec = evidence.hints.source, recognition.tables[0].match.spec
    if folder and folder != spec.source and spec.kind != "template":
        owner = load_specs()[folder].display_name
        found.append(f"lies in a folder of {owner} ({folder}) and is an export of {spec.display_name}: content decides")
    used = [work for work in works if work.table.match.layout.fills() and not work.table.match.layout.collect_rest]
    unknown = sorted({name for work in used for name in unlisted_columns(work)})
    if unknown:
        named = ", ".join(map(repr, unknown[:8])) + (" ..." if len(unknown) > 8 else "")
        new = "1 column is" if len(unknown) == 1 else f"{len(unknown)} columns are"
        found.append(f"{new} new to the specification, kept in the lake and not used: {named}")
    return tuple(found)
