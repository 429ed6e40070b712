"""Rules that a specification sets for single rows: bounds, periods, values that others call for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.schema import literal

if TYPE_CHECKING:
    from pipelines.land.work import Work

Problem = tuple[str, str, str]
"""An SQL test, the field it is about, and the SQL of what is wrong."""


_ERRORS = r"#(REF!|VALUE!|N/A|NAME\?|DIV/0!|NULL!|NUM!)"
"""What a spreadsheet writes where a formula failed. Free text may be such a one after a post that begins with ``=``."""
_WORDS = ("text", "id", "network", "person")


def rule_problems(work: Work, have: set[str]) -> list[Problem]:
    """The problems that the fields' own rules name; ``have`` are the fields that have a value in this table."""
    found: list[Problem] = []
    for name, spec in work.fields.items():
        if name in work.columns and name in have and spec.type in _WORDS and not spec.excerpt:
            failed = f"(starts_with(t_{name}, '#') and regexp_full_match(t_{name}, {literal(_ERRORS)}))"
            found.append((failed, name, literal("is a spreadsheet's error: export it again")))
        if name in have and spec.at_least is not None:
            found.append((f"v_{name} < {spec.at_least}", name, literal(f"is below {spec.at_least}")))
        if name in have and spec.more_than is not None:
            found.append((f"v_{name} <= {spec.more_than}", name, literal(f"is not above {spec.more_than}")))
        if spec.not_before and {name, spec.not_before} <= have:
            start = spec.not_before
            before = literal(f"is before {work.native_name(start)!r} (")
            said = f"{before} || t_{start} || '): change one of them'"
            found.append((f"v_{name} < v_{start}", name, said))
        for other, values in spec.needed_when.items():
            found += _needed(work, have, name, other=other, values=values)
    return found


def _needed(work: Work, have: set[str], name: str, *, other: str, values: tuple[str, ...]) -> list[Problem]:
    absent = f"v_{name} is null" if name in have else "true"
    if name in work.given:
        return []
    found: list[Problem] = []
    for value in values:
        beside = f"where {work.native_name(other)!r} is {value}"
        if value == "missing":
            test = f"v_{other} is null" if other in have else "true"
        elif other not in have:
            continue
        elif value == "given":
            test = f"v_{other} is not null"
        else:
            test = f"v_{other} = {literal(value)}"
        found.append((f"{absent} and {test}", name, literal(f"is missing, {beside}")))
    return found
