"""The cases under ``cases/``, and a warehouse in which all of them were built at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from pipelines.schema import MONEY
from pipelines.settings import Home, Settings
from pipelines.transform import attribute, transform
from pipelines.warehouse import create_raw_schema, open_warehouse, writer_lock

CASES = Path(__file__).with_name("cases")

REFERENCE: dict[str, list[dict[str, Any]]] = {
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
    given: dict[str, Rows] = {"action_metrics": [], "account_metrics": [], "touchpoints": [], "orders": [], "costs": []}
    for name in ("metrics", "money"):
        for case in read_cases(name):
            for table, rows in case["given"].items():
                given[table] += rows
    for number, case in enumerate(read_cases("journeys")):
        given["touchpoints"] += [
            {"touch_id": touch, "customer_id": f"person{number}", "touched_at": at, "channel": channel}
            for touch, (at, channel) in case["touches"].items()
        ]
        given["orders"] += [
            {"source": "orders", "order_id": order, "customer_id": f"person{number}", "ordered_at": at,
             "revenue": revenue, "currency": "EUR"}
            for order, (at, revenue) in case["orders"].items()
        ]  # fmt: skip
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


def build(home: Home, tables: dict[str, Rows], *, settings: Settings | None = None) -> Warehouse:
    """Write raw rows into a new warehouse and run both dbt stages."""
    settings = settings or Settings()
    with writer_lock(home, purpose="test"), open_warehouse(home) as connection:
        create_raw_schema(connection)
        for table, rows in {**REFERENCE, **tables}.items():
            for row in rows:
                names = ", ".join(row)
                marks = ", ".join("?" for _ in row)
                connection.execute(f"insert into raw.{table} ({names}) values ({marks})", list(row.values()))
    transform(home, settings, full_refresh=True)
    attribute(home, settings, full_refresh=True)
    return Warehouse(home)


def money(text: str | None) -> str:
    """An exact amount in SQL."""
    return "null" if text is None else f"cast('{text}' as {MONEY})"


def _numbered(rows: Iterable[dict[str, Any]]) -> Rows:
    """Rows with a file and a row number, as every raw row has."""
    return [
        {"file_sha256": "f1", "row_number": number, "layout": "test", "source": "test", **row}
        for number, row in enumerate(rows, start=1)
    ]
