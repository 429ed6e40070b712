"""The drawings: well-formed, in proportion, and told in words."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from datetime import date
from decimal import Decimal

import pytest

from pipelines.report.attention import Counted, PostCounts
from pipelines.report.attention_view import seen_bars
from pipelines.report.charts import Canvas, Part, network_bars, part_bars, share_bar
from pipelines.report.health import Freshness
from pipelines.report.ranges import ModelRange, model_ranges
from pipelines.report.svg import hue, tag, ticks
from pipelines.report.timelines import Column, coverage, period_starts, post_columns, revenue_columns
from pipelines.report.values import NetworkRoi

HOSTILE = "</title><script>alert('x')</script> & \"quotes\""
WIDTHS = (980, 340)


def network(name: str, revenue: int | None, cost: int | None) -> NetworkRoi:
    roas = revenue / cost if revenue is not None and cost else None
    amounts = [Decimal(value) if value is not None else None for value in (cost, revenue)]
    return NetworkRoi(name, name, amounts[0], Decimal(1), amounts[1], roas, roas - 1 if roas is not None else None)


def bars(drawing: str, style: str) -> list[float]:
    found = ET.fromstring(drawing).iter("rect")
    return [float(rect.get("width", "0")) for rect in found if rect.get("class") == style]


@pytest.mark.parametrize("width", WIDTHS)
def test_bars_are_in_proportion_and_unknown_cost_has_none(width):
    rows = [network("a", 1000, 250), network("b", 500, None), network("c", 0, 500)]
    styles = {"a": "c0", "b": "c1", "c": "c2"}
    drawing = network_bars(rows, styles, Canvas(width, "k", "EUR"))
    (a,), (b,), (c,) = bars(drawing, "c0"), bars(drawing, "c1"), bars(drawing, "c2")
    assert a == pytest.approx(2 * b, abs=0.2)
    assert c == 0
    assert bars(drawing, "cost") == pytest.approx([a / 4, a / 2], abs=0.2)
    assert "no cost declared" in drawing
    assert "b: credited EUR 500.00, cost not declared, ROAS —" in drawing


@pytest.mark.parametrize("width", WIDTHS)
def test_earned_back_is_told_by_shape_and_not_by_colour_alone(width):
    rows = [network("a", 1000, 250), network("c", 100, 500)]
    root = ET.fromstring(network_bars(rows, {"a": "c0", "c": "c2"}, Canvas(width, "k", "EUR")))
    assert [item.tag for item in root.iter() if item.get("class") == "gain"] == ["circle"]
    assert [item.tag for item in root.iter() if item.get("class") == "loss"] == ["polygon"]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("rows", [(), (HOSTILE,)])
def test_every_drawing_is_well_formed_whatever_it_is_given(width, rows):
    canvas = Canvas(width, "k", "EUR")
    styles = dict.fromkeys(rows, "c0")
    parts = [Part(name, Decimal(5), "c0") for name in rows]
    fresh = [Freshness(name, name, "active", date(2026, 1, 1), date(2026, 2, 1), 30, None, None) for name in rows]
    drawings = [
        network_bars([network(name, 10, 5) for name in rows], styles, canvas),
        share_bar(parts, canvas),
        part_bars(parts, Decimal(5 * len(rows)), canvas),
        model_ranges([ModelRange(name, "c0", ((0, name, Decimal(5)),)) for name in rows], canvas),
        revenue_columns(
            [Column(date(2026, 1, 5), tuple(parts))] if rows else [], canvas, grain="week", title="t", height=200
        ),
        coverage(fresh, styles, canvas, through=None),
    ]
    for drawing in drawings:
        root = ET.fromstring(drawing)
        assert root.find("title").text
        assert root.find("desc") is not None
        assert not list(root.iter("script"))
        assert not re.search(r"nan|inf\b", drawing)


def test_dots_sit_where_the_models_say():
    row = ModelRange("a", "c0", ((0, "first", Decimal(100)), (1, "last", Decimal(200))))
    root = ET.fromstring(model_ranges([row], Canvas(980, "k", "EUR")))
    dots = [float(dot.get("cx")) for dot in root.iter("circle") if dot.get("class") == "dot c0"]
    rings = [float(dot.get("cx")) for dot in root.iter("circle") if dot.get("class", "").startswith("chosen")]
    assert dots == rings
    left = 166.0
    assert dots[1] - left == pytest.approx(2 * (dots[0] - left), abs=0.2)


def test_stacked_columns_add_up_to_the_total():
    parts = (Part("a", Decimal(30), "c0"), Part("b", Decimal(70), "c1"))
    columns = [Column(date(2026, 1, 5), parts), Column(date(2026, 1, 12), (Part("a", Decimal(50), "c0"),))]
    drawing = revenue_columns(columns, Canvas(980, "k", "EUR"), grain="week", title="t", height=280)
    heights = {}
    for rect in ET.fromstring(drawing).iter("rect"):
        heights.setdefault(rect.get("class"), []).append(float(rect.get("height")))
    assert heights["c0"][0] + heights["c1"][0] == pytest.approx(2 * heights["c0"][1], abs=0.2)
    assert "the highest is 5 Jan 2026 with EUR 100.00" in drawing


@pytest.mark.parametrize(("counts", "highest"), [((1,), "1"), ((2, 3), "3"), ((7,), "9")])
def test_posts_are_counted_in_whole_numbers(counts, highest):
    columns = [Column(date(2026, 1, 5), tuple(Part("a", Decimal(count), "c0") for count in counts[:1]))]
    columns += [Column(date(2026, 1, 12), tuple(Part("a", Decimal(count), "c0") for count in counts[1:]))]
    drawing = post_columns(columns, Canvas(980, "k", "EUR"), grain="week", title="t", height=170)
    ticks_shown = [item.text for item in ET.fromstring(drawing).iter("text") if item.get("text-anchor") == "end"]
    assert ticks_shown[0] == "0"
    assert ticks_shown[-1] == highest
    assert len(ticks_shown) == len(set(ticks_shown)), "no tick is said twice"
    assert "EUR" not in drawing


@pytest.mark.parametrize("width", WIDTHS)
def test_bars_of_what_was_seen_are_in_proportion(width):
    def seen(name: str, total: int, median: float) -> PostCounts:
        return PostCounts(name, name, False, 4, 4, {"impressions": Counted(total, 4)}, {"impressions": median})

    rows = [seen("a", 9000, 12.5), seen("b", 4500, 800), seen(HOSTILE, 0, 0)]
    styles = {"a": "c0", "b": "c1", HOSTILE: "c2"}
    drawing = seen_bars(rows, "impressions", styles, Canvas(width, "k", "EUR"))
    (a,), (b,), (none,) = bars(drawing, "c0"), bars(drawing, "c1"), bars(drawing, "c2")
    assert a == pytest.approx(2 * b, abs=0.2)
    assert none == 0
    assert "b: 4,500 impressions, median per post 800" in drawing
    assert not list(ET.fromstring(drawing).iter("script"))


def test_periods_have_no_gaps():
    assert period_starts(date(2026, 1, 1), date(2026, 1, 20), "week") == [
        date(2025, 12, 29), date(2026, 1, 5), date(2026, 1, 12), date(2026, 1, 19),
    ]  # fmt: skip
    assert period_starts(date(2025, 11, 15), date(2026, 1, 1), "month") == [
        date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1),
    ]  # fmt: skip
    assert period_starts(date(2025, 12, 31), date(2026, 4, 1), "quarter") == [
        date(2025, 10, 1), date(2026, 1, 1), date(2026, 4, 1),
    ]  # fmt: skip
    assert period_starts(date(2025, 12, 31), date(2026, 1, 1), "year") == [date(2025, 1, 1), date(2026, 1, 1)]


@pytest.mark.parametrize(("highest", "last"), [(0, 0), (0.7, 0.8), (97, 100), (101, 150), (83921, 100000)])
def test_axes_end_at_a_round_value_that_covers_the_highest(highest, last):
    assert ticks(highest)[-1] == pytest.approx(last)


def test_the_ninth_series_differs_from_the_first_by_its_stripes():
    assert len({hue(order) for order in range(16)}) == 16


def test_attributes_and_text_are_escaped():
    assert tag("text", "<b>\u202e", class_='"x"') == '<text class="&#34;x&#34;">&lt;b&gt;</text>'
