"""What is asked of the owner, because nothing in a file says it and a guess would be a wrong number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipelines.land.dates import Reading, date_text_sql, day_of_sql, near_day_sql, offset_minutes_sql
from pipelines.land.evidence import Evidence
from pipelines.land.fields import text_sql
from pipelines.land.outcome import NeedsAnswer
from pipelines.land.readings import DateColumn
from pipelines.land.work import Work

if TYPE_CHECKING:
    import duckdb

_STEPS = 3
"""So many steps of one length are no accident."""


def ask_for_zone(connection: duckdb.DuckDBPyConnection, works: Sequence[Work]) -> None:
    """Ask for the zone of a column of times that must have one and of which none carries an offset.

    Raises:
        NeedsAnswer: with the column and one of its texts.
    """
    for work in works:
        for name, spec in work.fields.items():
            if spec.zone != "required" or name not in work.columns:
                continue
            text = text_sql(f"c{work.columns[name]}", spec)
            row = connection.execute(
                f"select any_value({text}), count({offset_minutes_sql(text)}) from {work.name}"
            ).fetchone()
            if row and row[0] and not row[1]:
                raise NeedsAnswer(
                    f"time_zone: the times in {work.native_name(name)!r} ({row[0]!r}) carry no offset and nothing in "
                    "the file gives their zone"
                )


def ask_for_period(connection: duckdb.DuckDBPyConnection, works: Sequence[Work], evidence: Evidence) -> None:
    """Ask for the period of a table whose rows may say it and do not, or say only when it begins, where nothing else
    does.

    Raises:
        NeedsAnswer: the owner has not said it.
    """
    for work in works:
        if work.table.match.layout.basis != "span":
            continue
        if "metric_date" in work.columns:
            _ask_for_end(connection, work, evidence)
            continue
        if not all(evidence.period):
            raise NeedsAnswer(
                "period_start, period_end: no row says its day, and neither the file's name nor a line above the table "
                "says which days the figures cover"
            )
        work.given.add("metric_date")


def _ask_for_end(connection: duckdb.DuckDBPyConnection, work: Work, evidence: Evidence) -> None:
    end = work.fields.get("period_end")
    if end is None or "metric_date" not in end.needed_when or "period_end" in work.columns:
        return
    starts = f"select count(distinct c{work.columns['metric_date']}) from {work.name}"
    is_one = connection.execute(starts).fetchall() == [(1,)]
    if "rows_are" not in evidence.answers and not (all(evidence.period) and is_one):
        raise NeedsAnswer(
            f"period_start, period_end: {work.native_name('metric_date')!r} says when the days of a row begin and no "
            "column says when they end. Export that column too; where each row is one day, answer rows_are: days"
        )
    work.given.add("period_end")


def ask_for_currency(connection: duckdb.DuckDBPyConnection, works: Sequence[Work], evidence: Evidence) -> None:
    """Ask for the currency of a table of money that names it nowhere.

    Raises:
        NeedsAnswer: the owner has not said it.
    """
    for work in works:
        spec = work.fields.get("currency")
        if spec is None or "currency" in work.columns or spec.extract:
            continue
        beside = [work.columns[name] for name in spec.needed_when if name in work.columns]
        if not spec.needed and not any(_is_filled(connection, work, place) for place in beside):
            continue
        if not work.table.match.currency and not evidence.answers.get("currency"):
            raise NeedsAnswer("currency: the file has amounts and no column that says their currency")
        work.given.add("currency")


def _is_filled(connection: duckdb.DuckDBPyConnection, work: Work, place: int) -> bool:
    row = connection.execute(f"select count(*) from {work.name} where c{place} <> ''").fetchone()
    return bool(row and row[0])


def is_series(work: Work) -> bool:
    """Whether a network reports an account's numbers day after day."""
    layout = work.table.match.layout
    return layout.basis is None and layout.table == "account_metrics" and work.table.match.spec.kind != "template"


def ask_for_step(connection: duckdb.DuckDBPyConnection, work: Work, column: DateColumn, reading: Reading) -> None:
    """Ask what a row holds where the days of a series lie a week or a month apart: some networks' pages export the same
    columns by day, week or month, and a week's number is no day's.

    Raises:
        NeedsAnswer: with the first two days.
    """
    day = day_of_sql("t", reading, serial=column.serial, part="part")
    row = connection.execute(
        f"""with texts as (select distinct {column.text} as t from {column.table}),
        parts as (select t, {date_text_sql("t")} as part from texts),
        named as (select {day} as day from parts),
        days as (select distinct {near_day_sql("day")} as day from named),
        steps as (select day, lead(day) over (order by day) as next from days where day is not null)
        select min(day), min(next), count(next), min(next - day), max(next - day), count(distinct day(day))
        from steps"""
    ).fetchone()
    first, second, count, shortest, longest, numbers = row or (None, None, 0, 0, 0, 0)
    if count < _STEPS:
        return
    for name, least, most in (("week", 7, 7), ("month", 28, 31)):
        if least <= shortest <= longest <= most and (name == "week" or numbers == 1):
            raise NeedsAnswer(
                f"rows_are: the days in {work.native_name('metric_date')!r} lie a {name} apart ({first}, {second}), so "
                f"that each row may hold a whole {name}. Export it by day; where each row is one day after all, answer "
                "rows_are: days"
            )
