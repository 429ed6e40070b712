"""Each fixture, through landing, raw and staging: it becomes what ``expected.yml`` says, and nothing else does."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pipelines.lake import Receipt
from pipelines.schema import raw_tables
from pipelines.settings import Home
from pipelines.spec import load_specs
from tests.conformance.cases import Case, cases
from tests.conformance.damage import damages
from tests.conformance.landed import Landed, layouts_of, places_of, put, total

every_case = pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
every_loaded_case = pytest.mark.parametrize(
    "case", [case for case in cases() if case.status == "loaded"], ids=lambda case: case.id
)


@every_case
def test_lands(landed: dict[str, Landed], case: Case) -> None:
    receipt, entry = landed[case.id].receipt, case.entry
    assert receipt.status == entry["status"], f"{receipt.status}: {receipt.reason} {receipt.quarantine[:3]}"
    for key in ("format", "locale", "account", "source"):
        if key in entry:
            assert getattr(receipt, key) == entry[key], key
    if "networks" in entry:
        assert set(receipt.networks) == set(entry["networks"])
    if "period" in entry:
        assert [receipt.period_start, receipt.period_end] == [
            None if day is None else str(day) for day in entry["period"]
        ]
    found = {"loaded": receipt.rows_loaded, "quarantined": receipt.rows_quarantined, "ignored": receipt.rows_ignored}
    assert found == found | entry.get("rows", {}), receipt.quarantine or receipt.parts
    assert receipt.rows_read == sum(found.values())
    assert str(entry.get("reason", "")).casefold() in (receipt.reason or "").casefold()
    assert str(entry.get("warning", "")).casefold() in " ".join(receipt.warnings).casefold()
    totals = totals_of(receipt)
    assert {name: totals.get(name) for name in entry.get("totals", {})} == {
        name: number(value) for name, value in entry.get("totals", {}).items()
    }


def totals_of(receipt: Receipt) -> dict[str, Decimal | None]:
    """The totals by metric over all parts; None for counts of people and levels."""
    found: dict[str, Decimal | None] = {}
    for each in receipt.totals:
        known = found.get(each.metric)
        found[each.metric] = each.total if known is None else known + (each.total or 0)
    return found


def number(value: Any) -> Any:
    return Decimal(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else value


@every_case
def test_loads(landed: dict[str, Landed], case: Case) -> None:
    """Each metric's total in the file is its total in the raw tables, and the rows that must be there are."""
    one = landed[case.id]
    counts = {table: len(one.raw(table)) for table in raw_tables()}
    assert {name: counts[name] for name in case.entry.get("raw", {})} == case.entry.get("raw", {})
    assert any(counts.values()) == (one.receipt.status == "loaded" and one.receipt.rows_loaded > 0)
    for (table, column), (layouts, wanted) in expected_sums(one.receipt).items():
        assert total(one.raw(table), column, layouts=layouts) == wanted, f"{table}.{column}"
    for value in case.entry.get("values", []):
        assert any(holds(row, value["row"]) for row in one.raw(value["table"])), f"{value}: {one.raw(value['table'])}"


def expected_sums(receipt: Receipt) -> dict[tuple[str, str], tuple[set[str], Decimal]]:
    """What each raw column must add up to, by the receipt's totals, and over the rows of which layouts."""
    parts = {part.name: part.layout for part in receipt.parts}
    layouts = {layout.layout: layout for layout in layouts_of(receipt)}
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    over: dict[tuple[str, str], set[str]] = defaultdict(set)
    for each in receipt.totals:
        layout = layouts[parts[each.part]]
        for place in places_of(layout, each.metric) if each.total is not None else ():
            sums[place] += each.total or 0
            over[place].add(layout.layout)
    return {place: (over[place], wanted) for place, wanted in sums.items()}


def holds(row: dict[str, Any], wanted: dict[str, Any]) -> bool:
    """Whether a row has these values; what YAML cannot say exactly is compared as text."""
    return all(
        number(row[name]) == number(value) or str(row[name]) == str(value) or (value is None and row[name] is None)
        for name, value in wanted.items()
    )


@every_loaded_case
def test_stages(landed: dict[str, Landed], case: Case) -> None:
    one = landed[case.id]
    for table in raw_tables():
        rows, staged = one.raw(table), one.staged(table)
        assert len(staged) == len(rows), table
        assert [{name: row[name] for name in row if name in staged[0]} for row in rows] == staged, table


@every_case
def test_reruns(landed: dict[str, Landed], case: Case) -> None:
    one = landed[case.id]
    assert one.again == one.receipt
    assert one.round.rerun_unchanged, "landing or loading again changed what is loaded"


@every_case
def test_mapped(landed: dict[str, Landed], case: Case) -> None:
    """Every column is read or ignored by name; those that the case names are new to the specification."""
    unknown = {name for part in landed[case.id].receipt.parts for name in part.columns_unknown}
    collected = any(layout.collect_rest for layout in layouts_of(landed[case.id].receipt))
    if not collected:
        assert unknown == set(case.entry.get("columns_unknown", []))


@every_loaded_case
def test_quarantines(landed: dict[str, Landed], case: Case, tmp_path: Path) -> None:
    """One typed cell is damaged: that row alone is refused and counted, and the others say what they said."""
    one = landed[case.id]
    if case.entry.get("unbroken"):
        pytest.skip(case.entry["unbroken"])
    outcomes = []
    for attempt, damage in enumerate(damages(one, most=3)):
        receipt = put(Home(tmp_path / str(attempt)), case, damage.content)
        outcomes.append(f"{receipt.status}: {damage}: {receipt.reason}")
        if receipt.status in ("needs_answer", "refused"):  # the cell was what the file was known by, or its only row
            assert receipt.reason
            assert not receipt.rows_loaded
            if one.receipt.rows_loaded == 1:
                return
            continue
        assert receipt.rows_quarantined == one.receipt.rows_quarantined + 1, damage
        assert receipt.rows_loaded == one.receipt.rows_loaded - 1, damage
        assert damage.row in {row.row_number for row in receipt.quarantine}, damage
        before, after = totals_of(one.receipt), totals_of(receipt)
        for (table, column), (layouts, wanted) in expected_sums(receipt).items():
            kept = [row for row in one.raw(table) if (row["layout"], row["row_number"]) != (damage.layout, damage.row)]
            if not damage.regroups:
                assert total(kept, column, layouts=layouts) == wanted, f"{damage}: {table}.{column} {before} {after}"
        return
    pytest.fail(f"no damaged cell was quarantined: {outcomes}")


PENDING = Path(__file__).with_name("pending.txt")
"""Layouts that have no fixture yet, one a line. It only shrinks."""


@pytest.mark.parametrize("source", sorted(load_specs()), ids=lambda source: f"{source}/layouts")
def test_exemplified(landed: dict[str, Landed], source: str) -> None:
    """Each layout has a fixture; meaningful only when all are landed."""
    if len(landed) < len(cases()):
        pytest.skip("only some fixtures were chosen")
    seen = {part.layout for one in landed.values() for part in one.receipt.parts}
    missing = {layout.layout for layout in load_specs()[source].layouts} - seen - set(PENDING.read_text().split())
    assert not missing, f"no fixture in tests/fixtures for {', '.join(sorted(missing))}"
