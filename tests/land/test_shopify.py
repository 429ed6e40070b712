"""Shopify orders as shops of several years export them, and as people save and sort them again."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import duckdb
import pytest

from pipelines.lake import Receipt
from pipelines.load import load
from pipelines.settings import Home, Settings
from tests.land.conftest import Landing
from tests.land.files import text, workbook

ORDER = (
    "Name", "Email", "Financial Status", "Paid at", "Fulfillment Status", "Fulfilled at", "Accepts Marketing",
    "Currency", "Subtotal", "Shipping", "Taxes", "Total", "Discount Code", "Discount Amount", "Shipping Method",
    "Created at", "Lineitem quantity", "Lineitem name", "Lineitem price", "Lineitem compare at price",
    "Lineitem sku", "Lineitem requires shipping", "Lineitem taxable", "Lineitem fulfillment status",
)  # fmt: skip
ADDRESSES = tuple(
    f"{kind} {part}"
    for kind in ("Billing", "Shipping")
    for part in ("Name", "Street", "Address1", "Address2", "Company", "City", "Zip", "Province", "Country", "Phone")
)
REST = (
    "Notes", "Note Attributes", "Cancelled at", "Payment Method", "Payment Reference", "Refunded Amount", "Vendor",
    "Id", "Tags", "Risk Level", "Source", "Lineitem discount",
    *(f"Tax {number} {part}" for number in range(1, 6) for part in ("Name", "Value")), "Phone", "Receipt Number",
)  # fmt: skip
ERAS = {
    34: (*ORDER, *REST[:6], "Vendor", "Outstanding Balance", "Location", "Tags"),
    71: (*ORDER, *ADDRESSES, *REST, "Duties", "Billing Province Name", "Shipping Province Name"),
    75: (*ORDER, *ADDRESSES, *REST, "Duties", "Outstanding Balance", "Employee", "Location", "Device ID",
         "Billing Province Name", "Shipping Province Name"),
    79: (*ORDER, *ADDRESSES, *REST, "Duties", "Outstanding Balance", "Employee", "Location", "Device ID",
         "Billing Province Name", "Shipping Province Name", "Payment ID", "Payment Terms Name",
         "Next Payment Due At", "Payment References"),
}  # fmt: skip

Line = dict[str, object]
CREATED = "2026-03-29 01:30:00 +0100"


def _order(name: str, **totals: object) -> Line:
    """The line of an order that carries its totals; keyword names have underscores for spaces."""
    given = {key.replace("_", " "): value for key, value in totals.items()}
    return {
        "Name": name, "Email": "ada@example.com", "Financial Status": "paid", "Currency": "EUR", "Subtotal": "30.00",
        "Shipping": "4.90", "Taxes": "4.79", "Total": "34.90", "Discount Code": "ADA10", "Discount Amount": "3.00",
        "Created at": CREATED, "Lineitem quantity": 2, "Lineitem name": "mug", "Lineitem price": "10.00",
        "Refunded Amount": "0.00", "Id": f"53470{name.strip('#')}000", "Source": "web", **given,
    }  # fmt: skip


def _more(name: str, quantity: object = 1, price: object = "10.00", created: str = CREATED) -> Line:
    """A further line of an order: no totals, no id."""
    return {
        "Name": name, "Email": "ada@example.com", "Created at": created, "Lineitem quantity": quantity,
        "Lineitem name": "bowl", "Lineitem price": price,
    }  # fmt: skip


def _csv(lines: Sequence[Line], columns: Sequence[str] = ERAS[79], **style: str) -> str:
    return text([list(columns), *([line.get(column, "") for column in columns] for line in lines)], **style)  # type: ignore[arg-type]


def _totals(receipt: Receipt) -> dict[str, Decimal | None]:
    return {total.metric: total.total for total in receipt.totals if total.metric not in ("quantity", "unit_price")}


THREE = [_order("#1001"), _more("#1001"), _order("#1002", Refunded_Amount="34.90", Financial_Status="refunded")]
SUMS = {"revenue": Decimal("69.80"), "subtotal": 60, "discount": 6, "refunded": Decimal("34.90"), "line_items": 50}


@pytest.mark.parametrize("era", ERAS)
def test_every_era(land_bytes: Landing, era: int) -> None:
    assert len(ERAS[era]) == era
    receipt = land_bytes("orders_export_1.csv", _csv(THREE, ERAS[era]))
    assert (receipt.status, receipt.source, receipt.format) == ("loaded", "shopify", "shopify_orders")
    assert (receipt.rows_read, receipt.rows_loaded, receipt.warnings, receipt.unknown) == (3, 3, (), ())
    assert _totals(receipt) == SUMS
    assert receipt.period_start == "2026-03-29"


@pytest.mark.parametrize("style", [{"delimiter": ";"}, {"delimiter": "\t"}, {"end": "\n"}, {"end": "\n\n"}])
def test_other_delimiters_and_blank_lines(land_bytes: Landing, style: dict[str, str]) -> None:
    assert _totals(land_bytes("shopify/orders.csv", _csv(THREE, **style))) == SUMS


def test_decimal_commas(land_bytes: Landing) -> None:
    lines = [{key: str(value).replace(".", ",") if key in MONEY else value for key, value in line.items()}
             for line in THREE]  # fmt: skip
    assert _totals(land_bytes("shopify/orders.csv", _csv(lines, delimiter=";"))) == SUMS


MONEY = ("Subtotal", "Total", "Discount Amount", "Refunded Amount", "Lineitem price")


def test_rows_in_another_order(land_bytes: Landing) -> None:
    assert _totals(land_bytes("shopify/orders.csv", _csv(THREE[::-1]))) == SUMS


def test_totals_filled_down_count_once(land_bytes: Landing) -> None:
    filled = [THREE[0], {**_order("#1001"), **_more("#1001")}, THREE[2]]
    assert _totals(land_bytes("shopify/orders.csv", _csv(filled))) == SUMS


def test_out_of_pandas(land_bytes: Landing) -> None:
    columns = ["", *ERAS[79]]
    lines = [
        {**line, "": index, "Id": f"{line['Id']}.0" if "Id" in line else "nan"} for index, line in enumerate(THREE)
    ]
    assert _totals(land_bytes("shopify/orders.csv", _csv(lines, columns))) == SUMS


def test_workbook(land_bytes: Landing) -> None:
    rows = [list(ERAS[79]), *([line.get(column) for column in ERAS[79]] for line in THREE)]
    assert _totals(land_bytes("shopify/orders.xlsx", workbook(orders_export=rows))) == SUMS


@pytest.mark.parametrize("status", ["paid", "pending", "voided", "refunded", "partially_refunded", "partially_paid"])
def test_every_status_is_in_the_total(land_bytes: Landing, status: str) -> None:
    receipt = land_bytes("shopify/orders.csv", _csv([_order("#1", Financial_Status=status), _order("#2")]))
    assert _totals(receipt)["revenue"] == Decimal("69.80")


def _orders(home: Home, columns: str) -> list[tuple[object, ...]]:
    load(home, Settings())
    connection = duckdb.connect(str(home.warehouse), read_only=True)
    return connection.execute(f"select {columns} from raw.orders order by order_id, revenue").fetchall()


def test_cancelled_whatever_was_paid(land_bytes: Landing, home: Home) -> None:
    cancelled = _order("#1002", Cancelled_at="2026-03-30 09:00:00 +0200")
    land_bytes("shopify/orders.csv", _csv([_order("#1001"), cancelled]))
    assert _orders(home, "order_name, is_cancelled, status") == [("#1001", None, "paid"), ("#1002", True, "paid")]


def test_a_telephone_number_that_a_spreadsheet_has_mangled_is_nobody(land_bytes: Landing, home: Home) -> None:
    phones = {"#1001": "9.23228E+11", "#1002": "9.23228E+11", "#1003": "+49 30 123456"}
    land_bytes("shopify/orders.csv", _csv([_order(name, Email="", Phone=phone) for name, phone in phones.items()]))
    first, second, third = _orders(home, "customer_id")
    assert (first, second) == ((None,), (None,))
    assert str(third[0]).startswith("p_")


def test_currencies_stand_beside_their_amounts(land_bytes: Landing, home: Home) -> None:
    land_bytes("shopify/orders.csv", _csv([_order("#1001"), _order("#1002", Currency="sek", Total="1,234.50")]))
    assert _orders(home, "currency, revenue") == [("EUR", Decimal("34.90")), ("SEK", Decimal("1234.50"))]


def test_two_shops_in_one_file_use_one_number(land_bytes: Landing, home: Home) -> None:
    lines = [_order("#1001"), _more("#1001"), _order("#1001", Id="99", Total="5.00"), _more("#1001", 3)]
    receipt = land_bytes("shopify/orders.csv", _csv(lines))
    assert _totals(receipt)["revenue"] == Decimal("39.90")
    assert _orders(home, "order_id, revenue") == [("534701001000", Decimal("34.90")), ("99", Decimal("5.00"))]
    connection = duckdb.connect(str(home.warehouse), read_only=True)
    lines_of = connection.execute("select order_id, sum(quantity) from raw.order_lines group by 1 order by 1")
    assert lines_of.fetchall() == [("534701001000", 3), ("99", 5)]


def test_ids_that_a_spreadsheet_rounded_give_way_to_the_name(land_bytes: Landing, home: Home) -> None:
    lines = [{**line, "Id": "5.34E+12" if "Id" in line else ""} for line in THREE]
    assert _totals(land_bytes("shopify/orders.csv", _csv(lines))) == SUMS
    assert _orders(home, "order_id") == [("#1001",), ("#1002",)]


def test_notes_of_many_lines_are_not_kept(land_bytes: Landing) -> None:
    note = _order("#1001", Notes='please, ring\n"twice",\n\n2,3,4,5,6\nthanks')
    receipt = land_bytes("shopify/orders.csv", _csv([note, _more("#1001"), THREE[2]]))
    assert _totals(receipt) == SUMS


@pytest.mark.parametrize("created", ["31/12/2023 22:36", "2023-12-31 22:36", "31.12.2023 22:36:10"])
def test_times_without_their_offset_need_a_zone(land_bytes: Landing, created: str) -> None:
    content = _csv([_order("#1001", Created_at=created), _more("#1001", created=created)])
    receipt = land_bytes("shopify/orders.csv", content)
    assert (receipt.status, receipt.format) == ("needs_answer", "shopify_orders")
    assert receipt.unknown[0].startswith("time_zone:")
    answered = land_bytes("shopify/orders.csv", content, time_zone="Europe/Paris")
    assert (answered.status, answered.period_start) == ("loaded", "2023-12-31")
    assert _totals(answered)["revenue"] == Decimal("34.90")


def test_a_few_times_without_offset_are_quarantined(land_bytes: Landing) -> None:
    lines = [_order("#1001"), _order("#1002", Created_at="2026-03-29 01:30:00")]
    receipt = land_bytes("shopify/orders.csv", _csv(lines))
    assert (receipt.rows_loaded, receipt.rows_quarantined) == (1, 1)
    assert "Created at" in receipt.quarantine[0].reason


def test_a_copy_without_currency_is_asked_for_it(land_bytes: Landing, home: Home) -> None:
    content = _csv(THREE, [column for column in ERAS[79] if column != "Currency"])
    receipt = land_bytes("shopify/orders.csv", content)
    assert (receipt.status, receipt.format) == ("needs_answer", "shopify_orders")
    assert receipt.unknown[0].startswith("currency:")
    assert _totals(land_bytes("shopify/orders.csv", content, currency="SEK")) == SUMS
    assert _orders(home, "currency") == [("SEK",), ("SEK",)]


def test_a_copy_without_total_has_no_revenue(land_bytes: Landing, home: Home) -> None:
    columns = [column for column in ERAS[79] if column != "Total"]
    receipt = land_bytes("shopify/orders.csv", _csv(THREE, columns))
    assert (receipt.status, receipt.format) == ("loaded", "shopify_orders")
    assert _totals(receipt) == {name: total for name, total in SUMS.items() if name != "revenue"}
    assert any(said.startswith("revenue:") for said in receipt.unknown)
    assert _orders(home, "subtotal, revenue") == [(Decimal(30), None), (Decimal(30), None)]


def test_an_order_that_lost_its_first_line_is_quarantined(land_bytes: Landing) -> None:
    receipt = land_bytes("shopify/orders.csv", _csv([_more("#1000"), *THREE]))
    assert (receipt.rows_loaded, receipt.rows_quarantined) == (3, 1)
    assert _totals(receipt) == SUMS


@pytest.mark.parametrize(
    ("layout", "header"),
    [
        ("customers", "First Name,Last Name,Email,Company,Address1,Address2,City,Province,Province Code,Country,"
         "Country Code,Zip,Phone,Accepts Marketing,Total Spent,Total Orders,Tags,Note,Tax Exempt"),
        ("customers", "Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address Company,"
         "Default Address Zip,Phone,Accepts SMS Marketing,Total Spent,Total Orders,Note,Tax Exempt,Tags"),
        ("products", "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,"
         "Variant Price,Variant Compare At Price,Image Src,Status"),
        ("payment_transactions", "Transaction Date,Type,Order,Card Brand,Card Source,Payout Status,Payout Date,"
         "Payout ID,Available On,Amount,Fee,Net,Checkout,Payment Method Name,Presentment Amount,"
         "Presentment Currency,Currency,VAT"),
        ("payouts", "Payout Date,Status,Charges,Refunds,Adjustments,Reserved Funds,Fees,Retried Amount,Total,Currency"),
    ],
)  # fmt: skip
def test_other_files_of_the_shop_are_no_orders(land_bytes: Landing, layout: str, header: str) -> None:
    row = ",".join("1" for _ in header.split(","))
    receipt = land_bytes("shopify/export.csv", f"{header}\n{row}\n")
    assert (receipt.status, receipt.format, receipt.rows_ignored) == ("ignored", f"shopify_{layout}", 1)
    assert "orders" in str(receipt.reason)
    assert receipt.totals == ()


def test_names_of_customers_do_not_reach_the_lake(land_bytes: Landing, home: Home) -> None:
    land_bytes("shopify/customers.csv", "First Name,Last Name,Email,Total Spent,Total Orders\nAda,Byron,a@b.co,1,1\n")
    files = list(home.root.rglob("*.parquet"))
    assert files
    kept = duckdb.sql(f"select * from read_parquet('{files[0]}')").fetchall()
    assert not {"Ada", "Byron", "a@b.co"} & {str(cell) for row in kept for cell in row}
