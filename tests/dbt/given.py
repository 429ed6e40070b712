"""The cases under ``cases/``, and a warehouse in which all of them were built at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from pipelines import incrementality
from pipelines.attribution import compute
from pipelines.schema import MONEY, raw_tables
from pipelines.settings import Home, Settings
from pipelines.transform import attribute, present, transform
from pipelines.warehouse import LOADED, RAW, create_raw_schema, open_warehouse, writer_lock

CASES = Path(__file__).with_name("cases")
GIVEN = ("metrics", "money", "currencies", "opportunities", "identity", "returns", "sources", "marks", "allocation")
"""Files of cases that give raw rows and expect published ones."""

REFERENCE: dict[str, list[dict[str, Any]]] = {
    "sources": [
        {"source": "own", "kind": "network", "rank": 2, "display_name": "Own"},
        {"source": "planner", "kind": "tool", "rank": 1, "display_name": "Planner"},
        {"source": "crm_b", "kind": "crm", "rank": 2, "display_name": "CRM B"},
    ],
    "networks": [
        {"network": "x", "display_name": "Ex", "status": "active", "metrics_offered": "impressions"},
        {"network": "y", "display_name": "Why", "status": "retired", "metrics_offered": None},
    ],
    "network_aliases": [
        {"network": "x", "kind": "host", "value": "x.example"},
        {"network": "x", "kind": "host", "value": "t.example"},
        {"network": "x", "kind": "utm_source", "value": "x"},
        {"network": "x", "kind": "utm_source", "value": "Ex"},
        {"network": "x", "kind": "click_id", "value": "xclid"},
        {"network": "x", "kind": "click_id", "value": "bothclid"},
        {"network": "y", "kind": "click_id", "value": "bothclid"},
        {"network": "x", "kind": "ad_click_id", "value": "xAd"},
        {"network": "y", "kind": "host", "value": "y.example"},
        {"network": "x", "kind": "paid_medium", "value": "boost-x"},
    ],
}

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Warehouse:
    """A built warehouse; opened anew for each question, so that nothing is left open."""

    home: Home

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with open_warehouse(self.home, read_only=True) as connection:
            return connection.execute(query).fetchall()


def read_cases(name: str) -> Any:
    """A file of cases, with times as text so that DuckDB reads them."""
    loader = type("Loader", (yaml.SafeLoader,), {})
    loader.yaml_implicit_resolvers = {
        letter: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    return yaml.load((CASES / f"{name}.yml").read_text(encoding="utf-8"), Loader=loader)


def given_rows() -> dict[str, Rows]:
    """Every raw row that the cases give, by table."""
    given: dict[str, Rows] = {name: [] for name in raw_tables()}
    for name in GIVEN:
        for case in read_cases(name):
            for table, rows in case["given"].items():
                given[table] += rows
    for case in read_cases("bad_input"):
        for table, rows in case.get("given", {}).items():
            given[table] += rows
    for number, case in enumerate(read_cases("journeys")):
        for table, rows in journey_rows(case, person=f"person{number}").items():
            given[table] += rows
    touches = read_cases("touches")
    given["action_metrics"] += touches["given_actions"]
    given["touchpoints"] += [
        {
            "touch_id": case["name"],
            "customer_id": f"visitor{number}",
            "touched_at": "2024-01-01 10:00:00",
            **case["touch"],
        }
        for number, case in enumerate(touches["cases"])
    ]
    return {table: _numbered(rows) for table, rows in given.items()}


def journey_rows(case: Any, *, person: str) -> dict[str, Rows]:
    """The raw rows of one hand-worked journey: those of its person, and those that it gives as they are."""
    touches = [
        {"touch_id": touch, "customer_id": person, "touched_at": at, "channel": channel}
        for touch, (at, channel) in case.get("touches", {}).items()
    ]
    orders = [
        {"source": "orders", "order_id": order, "customer_id": person, "ordered_at": at, "revenue": revenue,
         "currency": "EUR", **(rest[0] if rest else {})}
        for said in ("before", "orders") for order, (at, revenue, *rest) in case.get(said, {}).items()
    ]  # fmt: skip
    given = case.get("given", {})
    return {**given, "touchpoints": touches + given.get("touchpoints", []), "orders": orders + given.get("orders", [])}


def build(home: Home, tables: dict[str, Rows], *, settings: Settings | None = None) -> Warehouse:
    """Write raw rows into a new warehouse and run both dbt stages."""
    settings = settings or Settings()
    with writer_lock(home, purpose="test"), open_warehouse(home) as connection:
        create_raw_schema(connection)
        for table, rows in {**REFERENCE, **tables}.items():
            schema = LOADED if table in raw_tables() else RAW
            for row in rows:
                names = ", ".join(row)
                marks = ", ".join("?" for _ in row)
                connection.execute(f"insert into {schema}.{table} ({names}) values ({marks})", list(row.values()))
    transform(home, settings, full_refresh=True)
    compute(home, settings)
    attribute(home, settings, full_refresh=True)
    incrementality.compute(home, settings)
    present(home, settings, full_refresh=True)
    return Warehouse(home)


def published_rows(warehouse: Warehouse, expected: dict[str, Any]) -> Rows:
    """The rows of the expected table, with the expected columns, as cases write their values."""
    columns = list(expected["rows"][0])
    found = warehouse.rows(
        f"select {', '.join(columns)} from published.{expected['table']} where {expected['where']} order by all"
    )
    return [dict(zip(columns, map(as_written, row), strict=True)) for row in found]


def as_written(value: Any) -> Any:
    """A published value as cases write it."""
    if isinstance(value, date):
        return value.isoformat()
    return str(value.normalize().__format__("f")) if isinstance(value, Decimal) else value


def money(text: str | None) -> str:
    """An exact amount in SQL."""
    return "null" if text is None else f"cast('{text}' as {MONEY})"


def _numbered(rows: Iterable[dict[str, Any]]) -> Rows:
    """Rows with a file and a row number, as every raw row has."""
    return [
        {"file_sha256": "f1", "row_number": number, "layout": "test", "source": "test", **row}
        for number, row in enumerate(rows, start=1)
    ]
