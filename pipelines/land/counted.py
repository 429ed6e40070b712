"""Days and weeks that a report counts or numbers, set within the period that it states."""

from __future__ import annotations

from datetime import date, timedelta

from pipelines.spec import FieldSpec

OF_YEAR = "a week of the year that falls into the report's period once: else export the report by Date, or by Nth week"


def counted_sql(text: str, field: FieldSpec, period: tuple[date | None, date | None]) -> str:
    """The first, or last, day of a day or week of the period; weeks are the calendar's, from Sunday.

    A week of the year begins and ends with the year, and has no day where the period holds two of its number.
    """
    start, end = period
    if start is None or (field.of_year and end is None):
        return "null"
    number, spans = f"try_cast({text} as integer)", [(start, start, end)]
    if field.of_year and end is not None:
        years = [(date(year, 1, 1), date(year, 12, 31)) for year in range(start.year, end.year + 1)]
        number, spans = f"{number} - 1", [(first, max(first, start), min(last, end)) for first, last in years]
    days = [_day(number, field, *span) for span in spans]
    once = " + ".join(f"cast({is_inside} as integer)" for is_inside, _ in days)
    cases = " ".join(f"when {is_inside} then {day}" for is_inside, day in days)
    return f"case when regexp_full_match({text}, '\\d{{1,4}}') and {once} = 1 then case {cases} end end"


def _day(number: str, field: FieldSpec, origin: date, start: date, end: date | None) -> tuple[str, str]:
    """Whether it falls between the two days, counted from the origin's week, and its first or last day there."""
    whole = f"date '{origin - timedelta(days=origin.isoweekday() % field.days)}' + ({number}) * {field.days}"
    first, last = f"greatest({whole}, date '{start}')", f"{whole} + {field.days - 1}"
    last = f"least({last}, date '{end}')" if end else last
    return f"({first} <= {last})", last if field.last else first
