"""One canonical field of a layout: which column it is, and how its text becomes a value."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field

from pipelines.spec.base import Closed, Names

FieldType = Literal[
    "text", "id", "url", "count", "amount", "duration", "date", "timestamp", "yearless_date", "boolean",
    "currency", "person", "snowflake", "network", "content_id", "occurrence", "nth",
]  # fmt: skip


class Extract(Closed):
    """A value that stands inside another column: the first group of ``pattern``."""

    column: str
    pattern: str


class FieldSpec(Closed):
    """One canonical field of a layout.

    Attributes:
        type: how its text becomes a value.
        names: the header names by locale; ``{currency}`` in a name stands for an ISO code and fills ``currency``,
            ``{network}`` and ``{account}`` for what the column is of: then each is a table of its own.
        required: the header must be there for the layout to match.
        needed: the value must be there for the row to be loaded.
        const: the value is the same for every row.
        extract: the value is taken out of another field's text, before the field's own column is looked at.
        formats: strptime formats to try on the whole column; ``named`` reads month names in any known language,
            ``epoch`` Unix times.
        told_by: for a date: the id that tells it, and how many bits stand below its Unix milliseconds.
        zone: the time zone of a timestamp that carries no offset; ``not stated`` asks the settings.
        pattern: what a valid text looks like.
        printed_day: for a snowflake: the field whose printed day must agree with it.
        product: the value is the product of these fields; where one is a truth that does not hold, there is none.
        total_of: the value is the sum of these fields, where the file has no column for it; one that ends in ``?`` may
            be missing from the file, the others must all be there.
        joined: where the file has no such id, or a row none, it is made of the texts of these fields.
        not_zero_beside: where one of these is above 0 somewhere, 0 in every row is no measurement: not reported.
        described: what the row of descriptions under the header must say of its column, where the file has one.
        days: for an nth: how many days it counts in, 7 for weeks that begin on Sunday; ``last`` makes it the last of
            them, not the first.
        of_year: for an nth of weeks: its number is the week's in the year, week 1 holding January 1.
        among: for an occurrence: it counts the rows that agree in these fields; a content_id is made of these alone.
        fallback: the field whose value stands in where this one is blank.
        mangled: for an id: its fallback also stands in where a spreadsheet has mangled it, for both name one thing.
        exclusive_midnight: a date that is printed as the midnight after its day, as the ends of ranges may be.
        other_of: of the two people in these fields, the one who is not the file's owner (who is in all its rows).
        personal: ``hash`` keeps a keyed digest only, ``extracts`` what other fields extract from the text.
        metric: its name in ``meta_file_totals`` where that is not the field's own name.
        default: the value where the file has none.
        repeated: ``first`` where the export is known to write the name twice and to mean the first.
        lower: fold to lower case.
        values: maps native texts to canonical ones; a text that is not listed is kept in snake case.
        excerpt: keep this many characters.
        at_least: the smallest number that is not refused.
        more_than: the number that every value exceeds.
        not_before: the date field that this date may not precede.
        needed_when: the value must be there in rows where one of these fields holds one of these values; ``given``
            stands for any value, ``missing`` for none.
        ahead: the date may lie after the day of the export, which then says nothing about its reading.
        meaning: what the column holds, for the page of a template; decides nothing."""

    type: FieldType = "text"
    names: Names = Field(default_factory=dict)
    required: bool = False
    needed: bool = False
    const: str | None = None
    extract: Extract | None = None
    formats: tuple[str, ...] = ()
    told_by: tuple[str, int] | None = None
    zone: str | None = None
    pattern: str | None = None
    printed_day: str | None = None
    product: tuple[str, ...] = ()
    total_of: tuple[str, ...] = ()
    joined: tuple[str, ...] = ()
    not_zero_beside: tuple[str, ...] = ()
    described: Names = Field(default_factory=dict)
    among: tuple[str, ...] = ()
    days: int = 1
    last: bool = False
    of_year: bool = False
    fallback: str | None = None
    mangled: Literal["fallback"] | None = None
    exclusive_midnight: bool = False
    other_of: tuple[str, str] | None = None
    personal: Literal["hash", "extracts"] | None = None
    metric: str | None = None
    default: str | None = None
    repeated: Literal["first"] | None = None
    lower: bool = False
    values: dict[str, str] = Field(default_factory=dict)
    excerpt: int | None = None
    at_least: Decimal | None = None
    more_than: Decimal | None = None
    not_before: str | None = None
    needed_when: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    ahead: bool = False
    meaning: str | None = Field(default=None, exclude=True)

    def refers_to(self) -> tuple[str, ...]:
        """The other fields of the layout that this one is made from or held against."""
        single = (self.printed_day, self.extract.column if self.extract else None, self.fallback, self.not_before)
        parts = (part.removesuffix("?") for part in self.total_of)
        several = (*self.product, *parts, *self.among, *self.needed_when, *(self.told_by or ())[:1])
        several = (*several, *(self.other_of or ()), *self.joined, *self.not_zero_beside)
        return (*(name for name in single if name), *several)
