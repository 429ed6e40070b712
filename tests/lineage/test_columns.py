"""Lineage by column, worked out by hand for each thing that a model's SQL may say."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from pipelines import attribution, incrementality
from pipelines.land.natives import masked_fields, native_columns
from pipelines.lineage import NotReadableError, read_lineage
from pipelines.lineage.columns import Origin
from pipelines.warehouse import MARTS

ROOT = Path(__file__).parents[2]
TABLES = {
    "raw.orders": ("order_id", "customer_id", "revenue", "currency"),
    "raw.costs": ("network", "amount", "currency"),
    "raw.rates": ("currency", "rate"),
}

CASES = {
    "renamed": ("select revenue as money from raw.orders", {"money": {"raw.orders.revenue": "IDENTITY"}}),
    "a constant has no origin": (
        "select 1 as one, order_id from raw.orders", {"one": {}, "order_id": {"raw.orders.order_id": "IDENTITY"}}
    ),
    "worked out": (
        "select revenue * rate as euros from raw.orders as o join raw.rates as r on o.currency = r.currency",
        {"euros": {"raw.orders.revenue": "TRANSFORMATION", "raw.rates.rate": "TRANSFORMATION"}},
    ),
    "summed, through a CTE that takes all": (
        "with orders as (select * from raw.orders), summed as (select customer_id, sum(revenue) as revenue from orders"
        " group by customer_id) select summed.customer_id, cast(revenue as decimal(18, 2)) as spent from summed",
        {"customer_id": {"raw.orders.customer_id": "IDENTITY"}, "spent": {"raw.orders.revenue": "AGGREGATION"}},
    ),
    "a column of its own select": (
        "select amount + 1 as more, more * 2 as most from raw.costs",
        {"more": {"raw.costs.amount": "TRANSFORMATION"}, "most": {"raw.costs.amount": "TRANSFORMATION"}},
    ),
    "a table's column before one of its own select": (
        "select upper(network) as amount, amount as cost from raw.costs",
        {"amount": {"raw.costs.network": "TRANSFORMATION"}, "cost": {"raw.costs.amount": "IDENTITY"}},
    ),
    "by place in a union": (
        "select currency as a from raw.orders union all select network from raw.costs",
        {"a": {"raw.orders.currency": "IDENTITY", "raw.costs.network": "IDENTITY"}},
    ),
    "by name in a union": (
        "select currency, order_id from raw.orders union all by name select network, currency from raw.costs",
        {
            "currency": {"raw.orders.currency": "IDENTITY", "raw.costs.currency": "IDENTITY"},
            "order_id": {"raw.orders.order_id": "IDENTITY"},
            "network": {"raw.costs.network": "IDENTITY"},
        },
    ),
    "a shared column of a join has both": (
        "select currency from raw.orders join raw.rates using (currency)",
        {"currency": {"raw.orders.currency": "IDENTITY", "raw.rates.currency": "IDENTITY"}},
    ),
    "all of one relation, but some": (
        "select r.* exclude (rate), o.revenue from raw.orders as o, raw.rates as r",
        {"currency": {"raw.rates.currency": "IDENTITY"}, "revenue": {"raw.orders.revenue": "IDENTITY"}},
    ),
    "a window's value, not its order": (
        "select sum(revenue) over (partition by customer_id order by order_id) as so_far from raw.orders",
        {"so_far": {"raw.orders.revenue": "AGGREGATION"}},
    ),
    "a subquery that looks out": (
        "select (select max(rate) from raw.rates as r where r.currency = o.currency) as rate from raw.orders as o",
        {"rate": {"raw.rates.rate": "AGGREGATION"}},
    ),
    "a derived table": (
        "select t.x from (select order_id || currency as x from raw.orders) as t",
        {"x": {"raw.orders.order_id": "TRANSFORMATION", "raw.orders.currency": "TRANSFORMATION"}},
    ),
    "a case says what decides it": (
        "select case when currency = 'EUR' then revenue end as euros from raw.orders",
        {"euros": {"raw.orders.currency": "TRANSFORMATION", "raw.orders.revenue": "TRANSFORMATION"}},
    ),
}  # fmt: skip


def lineage(sql: str):
    with duckdb.connect() as connection:
        return read_lineage(connection, sql, lambda table: TABLES.get(table, ()))


@pytest.mark.parametrize("name", CASES)
def test_each_column_is_made_of(name: str) -> None:
    sql, expected = CASES[name]
    found = {
        column: {f"{origin.table}.{origin.column}": how.name for origin, how in made.items()}
        for column, made in lineage(sql).columns.items()
    }
    assert found == expected
    assert list(found) == list(expected), "in the order of the query"


def test_what_only_decides_which_rows_there_are_is_read_and_is_no_origin() -> None:
    found = lineage(
        "select order_id from raw.orders where currency in (select currency from raw.rates) group by order_id, revenue"
    )
    assert found.columns == {"order_id": {Origin("raw.orders", "order_id"): 0}}
    assert found.tables == ("raw.orders", "raw.rates")


@pytest.mark.parametrize(
    "sql",
    [
        "select nothing from raw.orders",
        "select * from raw.unknown",
        "drop table x",
        "select 1; select 2",
        "select from",
    ],
)
def test_what_cannot_be_told_is_said_to_be_so(sql: str) -> None:
    with pytest.raises(NotReadableError):
        lineage(sql)


def test_a_files_columns_are_found_in_any_language_and_spelling() -> None:
    header = ["Name", "Email", "created_at", "TOTAL", "Currency", "Id", "Something new", "Financial Status"]
    header += ["Lineitem quantity", "Lineitem price", "Phone"]
    orders = native_columns(["shopify_orders"], header)
    assert orders["customer_id"] == ("Email", "Phone"), "the phone stands in where there is no e-mail"
    assert orders["revenue"] == ("TOTAL",)
    assert orders["ordered_at"] == ("created_at",)
    assert "customer_id" in masked_fields(["shopify_orders"])
    assert "Something new" not in {name for made in orders.values() for name in made}
    assert native_columns(["shopify_orders"], ["nothing", "known"]) == {}


@pytest.mark.parametrize("module", [attribution, incrementality])
def test_steps_outside_sql_name_every_table_that_they_read(module) -> None:
    folder = Path(module.__file__).parent
    read = {
        f"{MARTS}.{name}"
        for path in folder.glob("*.py")
        for name in re.findall(r"\{MARTS\}\.(mart_[a-z_]+[a-z])", path.read_text(encoding="utf-8"))
        if path.name != "__init__.py" or module is attribution
    }
    assert {*module.READS} == read
