"""SVG elements as escaped text: a drawing is a value, made by pure functions."""

from __future__ import annotations

import math

from markupsafe import Markup, escape

from pipelines.report.figures import clean

HUES = 8
EMPTY = Markup("")


def tag(name: str, *children: object, **attributes: object) -> Markup:
    """An element. Children that are not markup are escaped; ``class_`` is ``class``, ``stroke_width`` is
    ``stroke-width``; an attribute of ``None`` is left out."""
    given = EMPTY.join(
        Markup(' {}="{}"').format(key.rstrip("_").replace("_", "-"), _number(value))
        for key, value in attributes.items()
        if value is not None
    )
    return Markup("<{0}{1}>{2}</{0}>").format(name, given, EMPTY.join(_inert(child) for child in children))


def _inert(child: object) -> Markup:
    return child if isinstance(child, Markup) else escape(clean(child))


def _number(value: object) -> object:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else value


def drawing(*children: object, width: float, height: float, key: str, title: str, description: str) -> Markup:
    """An ``svg`` that scales with its box and says in words what it shows. ``key`` is unique in the page."""
    return tag(
        "svg",
        tag("title", title, id=f"{key}-t"),
        tag("desc", description, id=f"{key}-d"),
        *children,
        viewBox=f"0 0 {width:g} {height:g}",
        role="img",
        aria_labelledby=f"{key}-t {key}-d",
        class_="chart",
        preserveAspectRatio="xMinYMin meet",
    )


def label(text: object, x: float, y: float, *, anchor: str | None = None, class_: str | None = None) -> Markup:
    """A line of text; ``anchor`` is ``middle`` or ``end``."""
    return tag("text", text, x=x, y=y, text_anchor=anchor, class_=class_)


def bar(x: float, y: float, width: float, height: float, *, class_: str, hint: str | None = None) -> Markup:
    """A rectangle with an optional hint that browsers show on hover."""
    children = (tag("title", hint),) if hint else ()
    return tag("rect", *children, x=x, y=y, width=max(width, 0.0), height=max(height, 0.0), rx=1.5, class_=class_)


def line(x1: float, y1: float, x2: float, y2: float, *, class_: str) -> Markup:
    """A straight line."""
    return tag("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=class_)


def hue(order: int) -> str:
    """The class that colours series number ``order``: eight hues, then the same eight with stripes."""
    return f"c{order % HUES}" if order < HUES else f"c{order % HUES} striped s{order % HUES}"


def ticks(highest: float, *, count: int = 4) -> list[float]:
    """Round values from 0 to at least ``highest``, about ``count`` steps apart."""
    if highest <= 0:
        return [0.0]
    rough = highest / count
    magnitude = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * magnitude for factor in (1, 2, 2.5, 5, 10) if factor * magnitude >= rough * 0.999)
    return [step * index for index in range(math.ceil(highest / step - 1e-9) + 1)]


def scale(value: float, highest: float, length: float) -> float:
    """Where a value falls on an axis of ``length`` that ends at ``highest``."""
    return max(value, 0.0) / highest * length if highest > 0 else 0.0
