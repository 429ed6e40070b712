"""The books of one reading: what became of each row, what the file leaves unsaid, what its owner should know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from pipelines.lake import Part, QuarantinedRow, Receipt
from pipelines.land.drift import renamed_note
from pipelines.land.evidence import Evidence
from pipelines.land.personal import dropped_columns
from pipelines.land.readers import Row, Sheet
from pipelines.land.recognise import Recognition, Table
from pipelines.land.structure import CAPPED_NOTE, PREAMBLE, SAME_ROW
from pipelines.land.work import Work, unlisted_columns
from pipelines.schema import metrics
from pipelines.spec import load_specs

if TYPE_CHECKING:
    import duckdb

NO_TABLE = "no source knows this table"
NAMED = 8
"""So many are named; the others are counted."""


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
        if work.aside:
            found += connection.execute(f"select r, 'ignored' from {work.name}_aside").fetchall()
        if work.table.match.layout.fills():
            found += connection.execute(
                f"select r, case when problem is null then 'loaded' else 'quarantined' end from {work.name}_done"
            ).fetchall()
        for number, fate in found:
            if order[fate] >= order[fates.get((sheet, number), "ignored")]:
                fates[(sheet, number)] = fate
    return fates


def counts_of(connection: duckdb.DuckDBPyConnection, recognition: Recognition, works: Sequence[Work]) -> dict[str, int]:
    """How many rows were loaded, quarantined and ignored; of a large table the engine counts them."""
    if not any(work.rows.elsewhere for work in works):
        return Counter(fates_of(connection, recognition, works).values())
    counts = Counter({"ignored": sum(map(len, _strays(recognition).values()))})
    for work in works:
        row = connection.execute(f"select count(*), count(problem) from {work.name}_done").fetchone() or (0, 0)
        counts["loaded"] += row[0] - row[1]
        counts["quarantined"] += row[1] + len(work.rows.refused)
        counts["ignored"] += len(work.rows.ignored) + sum(work.aside.values())
    return counts


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
    aside = sum(work.aside.values())
    loaded = work.rows.data_count - aside + len(work.rows.refused) - refused if layout.fills() else 0
    ignored = len(work.rows.ignored) + aside
    return Part(
        name=work.table.name,
        layout=layout.layout,
        grain=layout.grain,
        rows_read=loaded + refused + ignored,
        rows_loaded=loaded,
        rows_quarantined=refused,
        rows_ignored=ignored,
        ignored_reasons=work.rows.reasons() | work.aside,
        columns_unknown=unlisted_columns(work),
    )


def unknowns(
    connection: duckdb.DuckDBPyConnection, works: Sequence[Work], evidence: Evidence, start: date | None
) -> tuple[str, ...]:
    """What the file does not say, without which it is read all the same."""
    found = []
    has_account = any(
        "account" in work.columns or work.fields.get("account") or work.table.match.account for work in works
    )
    reports = any(set(work.table.match.layout.fills()) & {"account_metrics", "action_metrics"} for work in works)
    if reports and not has_account and not evidence.known_account:
        found.append("account: not stated; put the file in a folder of the account's name if there are several")
    zones = {spec.zone for work in works for spec in work.fields.values()}
    if "not stated" in zones and not evidence.answers.get("time_zone"):
        found.append("time zone: not stated; printed times are taken as UTC (answers: time_zone)")
    if any(work.table.match.layout.basis == "range" for work in works) and not all(evidence.period):
        found.append("period: the range that the figures cover is not stated (answers: period_start, period_end)")
    if any(_lacks_currency(connection, work) for work in works) and not evidence.answers.get("currency"):
        found.append("currency: not stated for every amount; those are kept without one (answers: currency)")
    orders = [work for work in works if "orders" in work.table.match.layout.fills()]
    if any("revenue" not in work.columns for work in orders):
        found.append("revenue: no column says what an order came to; the orders are kept without revenue")
    if reports and start is None:
        found.append("dates: no row names a day")
    return tuple(found)


def _lacks_currency(connection: duckdb.DuckDBPyConnection, work: Work) -> bool:
    """Whether some amount of money in a table stands without a currency, and may."""
    spec = work.fields.get("currency")
    amounts = [name for name in work.columns if work.fields[name].type == "amount" and name not in metrics()]
    if spec is None or not amounts or work.table.match.currency:
        return False
    named = "v_currency is null" if "currency" in work.columns or spec.extract else "true"
    filled = " or ".join(f"v_{name} is not null" for name in amounts)
    row = connection.execute(
        f"select count(*) from {work.name}_done where problem is null and {named} and ({filled})"
    ).fetchone()
    return bool(row and row[0])


def _new_columns(names: set[str], become: str) -> list[str]:
    """What the owner is told of columns that the specification does not know."""
    if not names:
        return []
    named = ", ".join(map(repr, sorted(names)[:8])) + (" ..." if len(names) > 8 else "")
    count = "1 column is" if len(names) == 1 else f"{len(names)} columns are"
    return [f"{count} {become}: {named}"]


def warnings_of(recognition: Recognition, works: Sequence[Work], evidence: Evidence) -> tuple[str, ...]:
    """What does not keep a file from being loaded and its owner should know all the same."""
    found = list(recognition.warnings)
    known = {table.sheet.name for table in recognition.tables}
    aside = {sheet: len(rows) for sheet, rows in _strays(recognition).items() if sheet not in known}
    found += [f"{sheet}: {NO_TABLE}; its {count} rows are set aside" for sheet, count in list(aside.items())[:NAMED]]
    if len(aside) > NAMED:
        rest = list(aside.values())[NAMED:]
        found.append(f"and {len(rest)} more such tables; their {sum(rest)} rows are set aside")
    folder, spec = evidence.hints.source, recognition.tables[0].match.spec
    if folder and folder != spec.source and evidence.hints.network not in spec.served and spec.kind != "template":
        owner = load_specs()[folder].display_name
        found.append(f"lies in a folder of {owner} ({folder}) and is an export of {spec.display_name}: content decides")
    used = [work for work in works if work.table.match.layout.fills() and not work.table.match.layout.collect_rest]
    unknown = {name for work in used for name in unlisted_columns(work)}
    dropped = {name for work in used for name in dropped_columns(work.table)}
    found += _new_columns(unknown - dropped, "new to the specification, kept in the lake and not used")
    found += _new_columns(dropped, "new to the specification and about people, so that nothing of them is kept")
    matches = {work.table.match.layout.layout: work.table.match for work in used}.values()
    notes = [
        renamed_note(match.layout, match.columns, [match.header.cells[p] for p in match.unknown]) for match in matches
    ]
    return (*found, *_rows_again(works), *filter(None, notes))


def _rows_again(works: Sequence[Work]) -> list[str]:
    """What the owner is told of rows that are added up and stand twice, cell by cell: two parts of a sum that happen to
    be equal look the same once the column that tells them apart is taken out."""
    count = sum(work.rows.reasons().get(SAME_ROW, 0) for work in works)
    if not count:
        return []
    stand = "1 row stands" if count == 1 else f"{count} rows stand"
    return [
        f"{stand} in the file twice, cell by cell, and counts once: if these are parts of a sum that happen to be "
        "equal, export them with the column that tells them apart"
    ]


def description_of(tables: Sequence[Table], sheets: Sequence[Sheet], evidence: Evidence) -> dict[str, Any]:
    filling = [table for table in tables if table.match.layout.fills()] or list(tables)
    locales: Counter[str] = sum((table.match.locales for table in tables), Counter())
    best = max(locales.values(), default=0)
    spoken = sorted(locale for locale, count in locales.items() if count == best)
    networks = {table.title.network for table in tables if table.title and table.title.network}
    networks |= {table.match.network for table in tables if table.match.network}
    networks |= {spec.const for table in tables if (spec := table.match.layout.fields.get("network")) and spec.const}
    formats = list(dict.fromkeys(table.match.layout.format for table in filling))
    archive = tables[0].match.spec.archive_format if len({table.sheet.name for table in filling}) > 1 else None
    return {
        "source": tables[0].match.spec.source,
        "format": archive or "+".join(formats),
        "networks": tuple(sorted(networks)),
        "account": evidence.known_account,
        "locale": ("en" if "en" in spoken else spoken[0]) if spoken else None,
        "encoding": sheets[0].encoding,
        "grain": " and ".join(dict.fromkeys(table.match.layout.grain for table in filling)),
    }


def verdict_of(receipt: Receipt, works: Sequence[Work]) -> dict[str, Any]:
    """The status of a file that could be read, and its reason where it is not simply loaded."""
    if receipt.status == "ignored":
        layout = works[0].table.match.layout
        return {"status": "refused" if layout.refused else "ignored", "reason": layout.ignored_because}
    data_rows = receipt.rows_loaded + receipt.rows_quarantined
    if data_rows == 0:
        if aside := [reason for work in works for reason in work.aside]:
            return {"status": "loaded", "reason": f"every row is set aside: {'; '.join(dict.fromkeys(aside))}"}
        return {"status": "loaded", "reason": "no data rows: a header and nothing below it"}
    if receipt.rows_loaded == 0:
        first = receipt.quarantine[0]
        return {
            "status": "refused",
            "reason": f"every row was refused; line {first.row_number}: {first.reason}",
        }
    capped = any(reason == CAPPED_NOTE for work in works for _, reason in work.rows.ignored)
    return {"status": "loaded", "reason": "capped: the network cut this export" if capped else None}


def _distinct(connection: duckdb.DuckDBPyConnection, works: Sequence[Work], name: str) -> list[str]:
    found: set[str] = set()
    for work in works:
        if name in work.fields and (name in work.columns or work.fields[name].extract):
            rows = connection.execute(
                f"select distinct v_{name} from {work.name}_done where problem is null and v_{name} is not null"
            ).fetchall()
            found |= {row[0] for row in rows}
    return sorted(found)


def only_account(connection: duckdb.DuckDBPyConnection, works: Sequence[Work]) -> str | None:
    accounts = {*_distinct(connection, works, "account")}
    accounts |= {work.table.match.account for work in works if work.table.match.account}
    return accounts.pop() if len(accounts) == 1 else None


def found_networks(connection: duckdb.DuckDBPyConnection, works: Sequence[Work], evidence: Evidence) -> tuple[str, ...]:
    networks = _distinct(connection, works, "network")
    network = evidence.network_for(works[0].table.match.spec) if works else None
    return tuple(networks) or ((network,) if network else ())
