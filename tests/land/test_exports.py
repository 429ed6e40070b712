"""Every real export of the shared folder, held against the independent reading in its ``expected.json``."""

from __future__ import annotations

import json
import shutil
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.land import Receipt, inspect_file, land
from pipelines.load import load
from pipelines.schema import catalogue, raw_tables
from pipelines.settings import Home, Settings
from pipelines.spec import load_specs

EXPORTS = Path(__file__).parents[3] / "shared" / "exports"
STATUS = {"loaded": "load", "needs_answer": "ask", "ignored": "aux", "refused": "refuse"}
COLUMNS = {
    "refunded": "refunded_amount", "discount": "discount_amount", "line_items": "line_amount",
    "revenue_settled": "settled_amount", "fee": "fee_amount",
}  # fmt: skip
OWN_COLUMNS = {"opportunities": {"pipeline_amount": "amount", "revenue": "won_amount"}}
MONEY_METRICS = {"revenue": "orders", "subtotal": "orders", "refunded": "orders", "discount": "orders"}

if not (EXPORTS / "expected.json").exists():
    pytest.skip("the shared exports are not beside this repository", allow_module_level=True)

EXPECTED: dict[str, dict[str, Any]] = {
    name: known
    for name, known in json.loads((EXPORTS / "expected.json").read_text(encoding="utf-8")).items()
    if name.split("/")[0] in load_specs()
}
LOADED = [name for name, known in EXPECTED.items() if known["must"] == "load"]


@pytest.fixture(scope="module")
def receipts() -> dict[str, Receipt]:
    home = Home(EXPORTS / "nowhere")
    return {name: inspect_file(EXPORTS / name, home=home, settings=Settings()) for name in EXPECTED}


def _landed(home: Home, names: list[str]) -> duckdb.DuckDBPyConnection:
    for name in names:
        target = home.landing / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(EXPORTS / name, target)
        land(home, Settings(), paths=[target])
        if name is names[0]:
            load(home, Settings())
    load(home, Settings())
    return duckdb.connect(str(home.warehouse), read_only=True)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    return _landed(Home(tmp_path_factory.mktemp("forwards")), sorted(EXPECTED))


def test_the_shared_exports_are_all_of_them() -> None:
    assert len(EXPECTED) >= 40
    assert len(LOADED) >= 25


@pytest.mark.parametrize("name", EXPECTED)
def test_named_rightly(receipts: dict[str, Receipt], name: str) -> None:
    known, receipt = EXPECTED[name], receipts[name]
    status = STATUS[receipt.status]
    assert status == known["must"] or status in known.get("also_acceptable", []), receipt.reason
    assert receipt.format == known["layout"]
    assert receipt.source == name.split("/")[0]
    assert receipt.encoding == known["encoding"]
    if receipt.locale is not None:
        assert receipt.locale == known["locale"]
    if status == "load" and known["must"] == "load" and known.get("period"):
        assert [receipt.period_start, receipt.period_end] == known["period"]


@pytest.mark.parametrize("name", EXPECTED)
def test_every_row_ends_somewhere(receipts: dict[str, Receipt], name: str) -> None:
    known, receipt = EXPECTED[name], receipts[name]
    assert receipt.rows_read == receipt.rows_loaded + receipt.rows_quarantined + receipt.rows_ignored
    if "parts" in known or receipt.status != "loaded":
        return
    by_name = {test.because for layout in load_specs()[receipt.source].layouts for test in layout.ignore_rows}
    aside = sum(count for part in receipt.parts for why, count in part.ignored_reasons.items() if why in by_name)
    assert receipt.rows_loaded + receipt.rows_quarantined + aside == known["data_rows"]
    assert receipt.rows_ignored - aside == known["total_rows"] + known.get("description_rows", 0)


def _total_of(receipt: Receipt, expected: dict[str, Any], part: str | None) -> list[Any]:
    names = {expected["canonical"], *expected.get("also", [])}
    if expected["canonical"] == "level":
        names |= {name for name, metric in catalogue().items() if metric.kind == "level"}
    found = [t for t in receipt.totals if t.metric in names and (part is None or t.part.startswith(part))]
    native = [t for t in found if t.native_name.strip() == expected["native_name"].strip()]
    return native or found


def _hold(receipt: Receipt, expected: dict[str, Any], part: str | None) -> None:
    totals = _total_of(receipt, expected, part)
    assert totals, f"no total for {expected['native_name']}"
    for total in totals:
        assert total.rows_with_value == expected.get("rows_with_value", total.rows_with_value)
        if not expected.get("not_summable") and metrics_summable(total.metric):
            rightly = [expected.get("total") or 0, *expected.get("also_totals", [])]
            assert min(abs((total.total or 0) - Decimal(str(right))) for right in rightly) < Decimal("0.000001")


def place_of(part: dict[str, Any]) -> str:
    """The sheet of a workbook or the member of an archive that a part is."""
    return str(part.get("sheet") or part["member"])


def metrics_summable(metric: str) -> bool:
    return metric not in catalogue() or catalogue()[metric].is_summable


@pytest.mark.parametrize("name", LOADED)
def test_totals(receipts: dict[str, Receipt], name: str) -> None:
    known, receipt = EXPECTED[name], receipts[name]
    first = place_of(known["parts"][0]) if "parts" in known else None
    for expected in known["metrics"].values():
        if first is None:
            _hold(receipt, expected, None)
    for part in known.get("parts", []):
        if part["grain"] in ("range total", "audience share"):
            continue
        mine = [p for p in receipt.parts if p.name.startswith(place_of(part))]
        assert mine
        assert max(p.rows_read for p in mine) == part["data_rows"]
        for expected in part.get("metrics", {}).values():
            _hold(receipt, expected, place_of(part))


@pytest.mark.parametrize("name", [name for name in LOADED if "parts" in EXPECTED[name]])
def test_totals_over_all_parts(receipts: dict[str, Receipt], name: str) -> None:
    for expected in EXPECTED[name]["metrics"].values():
        if "total" not in expected:
            continue
        names = {expected["canonical"], *expected.get("also", [])}
        found = [t.rows_with_value for t in receipts[name].totals if t.metric in names and t.total == expected["total"]]
        assert found  # days and posts may come to the same total, each in as many rows as it has
        assert expected.get("rows_with_value") in (None, *found)


def _raw_total(warehouse: duckdb.DuckDBPyConnection, sha256: str, metric: str) -> set[Decimal]:
    """What the raw tables hold of a metric of a file: by layout, as a workbook may state it by day and by post."""
    found = set()
    for table in raw_tables().values():
        column = (COLUMNS | OWN_COLUMNS.get(table.name, {})).get(metric, metric)
        if column not in table.column_names:
            continue
        rows = warehouse.execute(
            f"select sum({column}) from raw.{table.name} where file_sha256 = ? group by layout", [sha256]
        ).fetchall()
        found |= {Decimal(row[0]) for row in rows if row[0] is not None}
    return found


@pytest.mark.parametrize("name", LOADED)
def test_receipt_ledger_and_raw_agree(
    receipts: dict[str, Receipt], warehouse: duckdb.DuckDBPyConnection, name: str
) -> None:
    receipt = receipts[name]
    ledger = warehouse.execute(
        "select part, metric, native_name, total_loaded, rows_with_value from raw.file_totals where file_sha256 = ?",
        [receipt.file_sha256],
    ).fetchall()
    (status,) = {row[0] for row in warehouse.execute(
        "select status from raw.loads where file_sha256 = ?", [receipt.file_sha256]
    ).fetchall()}  # fmt: skip
    if any("byte-identical to a member" in note for note in EXPECTED[name].get("damage", [])):
        assert (status, ledger) == ("duplicate", [])
        return
    said = {(t.part, t.metric, t.native_name, t.total, t.rows_with_value) for t in receipt.totals}
    assert said == set(ledger)
    by_metric = defaultdict(set)
    for total in receipt.totals:
        if total.total is not None:
            by_metric[total.metric].add(total.total)
    for metric, totals in by_metric.items():
        assert totals <= _raw_total(warehouse, receipt.file_sha256, metric), metric


def _raw_content(warehouse: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[Any, ...]]]:
    content = {
        name: warehouse.execute(f"select * from raw.{name} order by all").fetchall()
        for name in (*raw_tables(), "file_totals", "quarantine")
    }
    content["loads"] = warehouse.execute("select * exclude loaded_at from raw.loads order by all").fetchall()
    return content


def test_order_and_repetition_change_nothing(
    warehouse: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory
) -> None:
    home = Home(tmp_path_factory.mktemp("backwards"))
    backwards = _landed(home, sorted(EXPECTED, reverse=True))
    forwards = _raw_content(warehouse)
    assert any(forwards["action_metrics"])
    assert _raw_content(backwards) == forwards
    backwards.close()
    land(home, Settings())
    assert load(home, Settings()).unchanged
    again = duckdb.connect(str(home.warehouse), read_only=True)
    assert _raw_content(again) == forwards


def test_the_same_bytes_load_once(tmp_path: Path) -> None:
    home = Home(tmp_path)
    name = next(name for name in LOADED if name.startswith("x/"))
    for place in ("b/copy.csv", "x/a.csv", "x/z/again.csv"):
        target = home.landing / place
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(EXPORTS / name, target)
    land(home, Settings())
    load(home, Settings())
    connection = duckdb.connect(str(home.warehouse), read_only=True)
    assert connection.execute("select status, count(*) from raw.loads group by all order by all").fetchall() == [
        ("duplicate", 2),
        ("loaded", 1),
    ]
    rows = connection.execute(
        "select count(*) from raw.action_metrics union all select count(*) from raw.account_metrics"
    )
    assert sum(row[0] for row in rows.fetchall()) == EXPECTED[name]["data_rows"]
