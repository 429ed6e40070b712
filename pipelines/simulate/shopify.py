"""Shopify: the orders export, one row a line item, the order's totals on its first row only."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from pipelines.simulate.demand import Order
from pipelines.simulate.files import Cell, Row, csv_text, put
from pipelines.simulate.plan import COMPANY, HANDLE, PRODUCTS, SHOP_ZONE
from pipelines.simulate.world import World

_ADDRESS = (
    "Name",
    "Street",
    "Address1",
    "Address2",
    "Company",
    "City",
    "Zip",
    "Province",
    "Country",
    "Phone",
)

ORDERS_HEADER = (
    "Name", "Email", "Financial Status", "Paid at", "Fulfillment Status", "Fulfilled at", "Accepts Marketing",
    "Currency", "Subtotal", "Shipping", "Taxes", "Total", "Discount Code", "Discount Amount",
    "Shipping Method", "Created at", "Lineitem quantity", "Lineitem name", "Lineitem price",
    "Lineitem compare at price", "Lineitem sku", "Lineitem requires shipping", "Lineitem taxable",
    "Lineitem fulfillment status", *(f"Billing {part}" for part in _ADDRESS),
    *(f"Shipping {part}" for part in _ADDRESS), "Notes", "Note Attributes", "Cancelled at", "Payment Method",
    "Payment Reference", "Refunded Amount", "Vendor", "Outstanding Balance", "Employee", "Location",
    "Device ID", "Id", "Tags", "Risk Level", "Source", "Lineitem discount", "Tax 1 Name", "Tax 1 Value",
    "Tax 2 Name", "Tax 2 Value", "Tax 3 Name", "Tax 3 Value", "Tax 4 Name", "Tax 4 Value", "Tax 5 Name",
    "Tax 5 Value", "Phone", "Receipt Number", "Duties", "Billing Province Name", "Shipping Province Name",
)  # fmt: skip

_FIRST_ID = 6104400000000
_TO_SHIP = timedelta(hours=19)
_COUNTRIES = ("NL", "NL", "NL", "BE", "DE")


def write_shopify(world: World, out: Path) -> list[Path]:
    """``orders_export.csv``, the newest order first. Names and streets stay empty: nobody is described."""
    zone = ZoneInfo(SHOP_ZONE)
    rows = [row for order in reversed(world.orders) for row in _order_rows(order, zone, now=world.exported_at)]
    return [put(out / "shopify" / HANDLE / "orders_export.csv", csv_text(ORDERS_HEADER, rows))]


def _order_rows(order: Order, zone: ZoneInfo, *, now: datetime) -> list[Row]:
    is_shipped = order.status != "voided" and order.ordered_at + _TO_SHIP <= now
    rows: list[Row] = []
    for index, (product, quantity) in enumerate(order.lines):
        sku, name, price = PRODUCTS[product]
        cells: dict[str, Cell] = {
            "Name": f"#{order.number}",
            "Email": order.customer_id,
            "Created at": _stamp(order.ordered_at, zone),
            "Lineitem quantity": quantity,
            "Lineitem name": name,
            "Lineitem price": _euro(price),
            "Lineitem sku": sku,
            "Lineitem requires shipping": "true",
            "Lineitem taxable": "true",
            "Lineitem fulfillment status": "fulfilled" if is_shipped else "pending",
            "Vendor": COMPANY,
            "Lineitem discount": _euro(0),
        }
        if index == 0:
            cells |= _totals(order, zone, is_shipped=is_shipped)
        rows.append([cells.get(column, "") for column in ORDERS_HEADER])
    return rows


def _totals(order: Order, zone: ZoneInfo, *, is_shipped: bool) -> dict[str, Cell]:
    """What stands on an order's first row only."""
    is_voided = order.status == "voided"
    country = _COUNTRIES[order.number % len(_COUNTRIES)]
    taxes = _euro(round(order.total * 21 / 121))
    return {
        "Financial Status": order.status,
        "Paid at": "" if is_voided else _stamp(order.ordered_at + timedelta(seconds=2), zone),
        "Fulfillment Status": "fulfilled" if is_shipped else "unfulfilled",
        "Fulfilled at": _stamp(order.ordered_at + _TO_SHIP, zone) if is_shipped else "",
        "Accepts Marketing": "yes" if order.number % 3 else "no",
        "Currency": "EUR",
        "Subtotal": _euro(order.subtotal),
        "Shipping": _euro(order.shipping),
        "Taxes": taxes,
        "Total": _euro(order.total),
        "Discount Code": order.discount_code,
        "Discount Amount": _euro(order.discount),
        "Shipping Method": "Standard",
        "Billing Country": country,
        "Shipping Country": country,
        "Cancelled at": _stamp(order.ordered_at + timedelta(hours=3), zone) if is_voided else "",
        "Payment Method": "Shopify Payments",
        "Refunded Amount": _euro(order.refunded),
        "Outstanding Balance": _euro(order.total if is_voided else 0),
        "Id": _FIRST_ID + order.number * 1024,
        "Risk Level": "Low",
        "Source": "web",
        "Tax 1 Name": "VAT 21%",
        "Tax 1 Value": taxes,
    }


def _stamp(moment: datetime, zone: ZoneInfo) -> str:
    """The shop's wall clock with its offset, which changes with daylight saving."""
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S %z")


def _euro(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"
