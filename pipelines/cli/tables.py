"""What verbs print for people, and the plain values that ``--json`` prints of the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipelines.report import NetworkRoi
    from pipelines.run import Ingested
    from pipelines.validate import CheckVerdict

UNKNOWN = "-"
"""Where a value is not known: never 0."""

COLOURS = {
    "loaded": "green",
    "done": "green",
    "duplicate": "dim",
    "ignored": "dim",
    "needs_answer": "yellow",
    "running": "yellow",
    "refused": "red",
    "stopped": "red",
    "failed": "red",
}


def ingested(console: Any, done: Ingested) -> None:
    """A line for each file, then what the warehouse took in."""
    table = _table(["file", "source", "read", "loaded", "refused", "ignored", "status", "reason"], right=range(2, 6))
    for receipt in done.receipts:
        table.add_row(
            _escape(receipt.path),
            _escape(receipt.source or UNKNOWN),
            f"{receipt.rows_read}",
            f"{receipt.rows_loaded}",
            f"{receipt.rows_quarantined}",
            f"{receipt.rows_ignored}",
            _status(receipt.status),
            _escape(receipt.reason or ""),
        )
    if done.receipts:
        console.print(table)
    for news in done.new_columns:
        console.print(_escape(news), style="yellow", soft_wrap=True)
    if done.summary.unchanged:
        console.print("Nothing new: the warehouse is unchanged.")
        return
    rows = ", ".join(f"{count} {name}" for name, count in done.summary.rows.items() if count)
    console.print(f"Loaded {done.summary.files} files: {rows or 'no rows'}.")


def verdict(item: CheckVerdict) -> dict[str, Any]:
    """One verdict as plain values."""
    return asdict(item)


def checked(console: Any, verdicts: Sequence[CheckVerdict]) -> None:
    """How many checks passed, and each that did not."""
    failed = [item for item in verdicts if not item.success]
    console.print(f"{len(verdicts) - len(failed)} of {len(verdicts)} checks passed.")
    for item in failed:
        told = f"expected that {item.expected}; found {item.observed}. {item.remedy}"
        where = _escape(f"{item.suite} {item.expectation}")
        console.print(f"[yellow]{item.severity}[/] {where}: {_escape(told)}", soft_wrap=True)


def network_roi(row: NetworkRoi) -> dict[str, Any]:
    """One line of the ROI table as plain values; money stays exact, as text."""
    values = asdict(row).items()
    return {name: value if value is None or isinstance(value, float) else str(value) for name, value in values}


def closing(console: Any, told: dict[str, Any]) -> None:
    """Cost, credited revenue, ROAS and ROI of each network, what was turned away, and where the report is."""
    currency = told["currency"]
    table = _table(
        ["network", f"cost {currency}", "conversions", f"revenue {currency}", "ROAS", "ROI"],
        right=range(1, 6),
    )
    table.title = f"What each network earned (model {told['model']}, data through {told['data_through'] or UNKNOWN})"
    for row in told["networks"]:
        table.add_row(
            _escape(row["display_name"]),
            _number(row["cost"], ",.2f"),
            _number(row["conversions_credited"], ",.1f"),
            _number(row["revenue_credited"], ",.2f"),
            _number(row["roas"], ".2f"),
            _number(row["roi"], "+.0%"),
        )
    console.print(table)
    if all(row["cost"] is None and not float(row["conversions_credited"]) for row in told["networks"]):
        console.print(
            "No cost and no touch of a network is known yet: "
            "add `costs` and `touchpoints` exports to the landing folder."
        )
    elif all(row["revenue_credited"] is None for row in told["networks"]):
        console.print(
            "No sale is known yet, so nothing is credited: add `orders` or `opportunities` to the landing folder."
        )
    away = {status: count for status, count in told["files"].items() if status in ("refused", "needs_answer")}
    if away:
        named = " and ".join(f"{count} {status.replace('_', ' ')}" for status, count in away.items())
        console.print(f"[yellow]Files not taken in: {named}. `social-roi status` says which and why.[/]")
    console.print(f"Published {told['publication_id']}: {_escape(told['published'])}", soft_wrap=True)
    console.print(f"Report: {_escape(told['report'])}", soft_wrap=True)


def standing(console: Any, found: dict[str, Any]) -> None:
    """The last runs, freshness, files that wait, and rows in quarantine."""
    console.print(f"Published: {found['publication_id'] or 'nothing yet'}")
    _listing(console, "Last runs", ["run_id", "status", "stage", "seconds", "message"], found["runs"])
    _listing(
        console,
        "Freshness",
        ["network", "data_through", "days_behind", "usual_gap_days", "is_late"],
        found["freshness"],
    )
    _listing(console, "Files not taken in", ["path", "status", "reason"], found["turned_away"])
    _listing(
        console,
        "Rows in quarantine",
        ["path", "reason", "column_name", "rows", "example"],
        found["quarantine"],
    )
    _listing(
        console,
        "Checks that did not hold",
        ["suite", "expectation", "severity", "observed"],
        found["failed_checks"],
    )


def _listing(console: Any, title: str, names: list[str], rows: Iterable[dict[str, Any]]) -> None:
    table = _table([name.replace("_", " ") for name in names])
    for row in rows:
        values = [UNKNOWN if row.get(name) is None else str(row[name]) for name in names]
        table.add_row(*(_status(value) if value in COLOURS else _escape(value) for value in values))
    console.print(f"\n[bold]{title}[/]" + ("" if table.row_count else ": none"))
    if table.row_count:
        console.print(table)


def _table(names: Sequence[str], *, right: Iterable[int] = ()) -> Any:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False, title_justify="left", title_style="bold")
    numeric = set(right)
    for place, name in enumerate(names):
        table.add_column(name, justify="right" if place in numeric else "left", overflow="fold")
    return table


def _status(value: str) -> str:
    return f"[{COLOURS.get(value, 'default')}]{value}[/]"


def _period(start: str | None, end: str | None) -> str:
    if start is None and end is None:
        return UNKNOWN
    return f"{start or UNKNOWN} to {end or UNKNOWN}"


def _number(value: Any, shape: str) -> str:
    return UNKNOWN if value is None else format(float(value), shape)


def _escape(text: Any) -> str:
    from rich.markup import escape

    return escape(str(text))
