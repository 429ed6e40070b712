"""A warehouse that says what a case of ``cases/history.yml`` gives, and the files of those cases."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from pipelines.settings import Home
from pipelines.warehouse import open_warehouse

CASES: dict[str, Any] = yaml.load(
    (Path(__file__).with_name("cases") / "history.yml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader
)
MODELS = ("linear", "last_touch")
TABLES = {
    "fct_conversions": """conversion_id varchar, customer_id varchar, account_id varchar, converted_at timestamp,
        conversion_date date, revenue decimal(18,6), net_revenue decimal(18,6), original_amount decimal(18,6),
        original_currency varchar""",
    "fct_touchpoints": """touch_id varchar, customer_id varchar, touched_at timestamp, channel varchar,
        network varchar, campaign varchar, touch_type varchar""",
    "fct_attributed_revenue": """model varchar, conversion_id varchar, touch_id varchar, network varchar,
        conversion_date date, credit decimal(18,9), revenue_credited decimal(18,6),
        net_revenue_credited decimal(18,6)""",
}

Rows = list[tuple[Any, ...]]


def laid_over(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """What is given, table by table and id by id, with changes laid over it; ``null`` takes an id away."""
    merged = {name: {**below[name], **above.get(name, {})} for name in below}
    return {name: {key: row for key, row in rows.items() if row != "null"} for name, rows in merged.items()}


def say(home: Home, told: dict[str, Any], *, models: Sequence[str] = MODELS) -> None:
    """Fill the warehouse's published tables with what is told."""
    conversions: Rows = []
    credits: Rows = []
    for key, row in told["conversions"].items():
        customer, at, amount, currency, revenue, net = (None if cell == "null" else cell for cell in row)
        conversions.append((key, customer, None, at, at[:10], revenue, net, amount, currency))
        touches = told["journeys"][key]
        for model in models:
            for touch, shares in _divided(touches, [Decimal(1), *map(_known, (revenue, net))], model):
                network = told["touches"][touch][2] if touch else None
                credits.append((model, key, touch, network, at[:10], *shares))
    touched: Rows = [(key, who, at, net, net, None, "click") for key, (who, at, net) in told["touches"].items()]
    filled = {"fct_conversions": conversions, "fct_touchpoints": touched, "fct_attributed_revenue": credits}
    with open_warehouse(home) as connection:
        connection.execute("create schema if not exists published")
        for name, columns in TABLES.items():
            connection.execute(f"create or replace table published.{name} ({columns})")
            marks = ", ".join("?" for _ in columns.split(","))
            marks = ", ".join("?" for _ in filled[name][0]) if filled[name] else marks
            if filled[name]:
                connection.executemany(f"insert into published.{name} values ({marks})", filled[name])


def _known(amount: str | None) -> Decimal | None:
    return None if amount is None else Decimal(amount)


def _divided(touches: list[str], amounts: list[Decimal | None], model: str) -> Rows:
    """Each touch that gets credit with its parts of the amounts, by rounding the running total."""
    if not touches or model == "last_touch":
        return [(touches[-1] if touches else None, amounts)]
    parts = []
    for position, touch in enumerate(touches):
        parts.append(
            (
                touch,
                [
                    None if a is None else _upto(a, position + 1, len(touches)) - _upto(a, position, len(touches))
                    for a in amounts
                ],
            )
        )
    return parts


def _upto(amount: Decimal, position: int, of: int) -> Decimal:
    return (amount * position / of).quantize(Decimal("0.000000001") if amount == 1 else Decimal("0.000001"))
