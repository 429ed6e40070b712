"""Which mark stands before the decimals of a file's numbers: only the whole file can tell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipelines.land.evidence import Evidence
from pipelines.land.fields import bare_text_sql
from pipelines.land.numbers import DecimalMark, bare_sql, number_sql
from pipelines.land.outcome import NeedsAnswer, Unusable
from pipelines.land.work import Work
from pipelines.schema import literal

if TYPE_CHECKING:
    import duckdb


def settle_mark(
    connection: duckdb.DuckDBPyConnection, works: Sequence[Work], evidence: Evidence, *, is_template: bool
) -> DecimalMark:
    """The decimal mark of a file. A template writes a point; a comma in one means that a program saved it again.

    Raises:
        NeedsAnswer: its numbers read both ways and nothing settles it.
        Unusable: a spreadsheet has taken the point out of some.
    """
    answered = evidence.answers.get("decimal_mark")
    if answered:
        return "," if answered == "," else "."
    if all(map(_has_points_alone, works)):
        if not is_template:
            _refuse_lost_points(connection, works)
        return "."
    texts = [
        f"""select {bare_text_sql(f"c{place}", name, work.fields)} as t, n,
                   {work.fields[name].type == "count"} as whole
            from (select c{place}, count(*) as n from {work.name}
                  where translate(c{place}, '0123456789', '') <> '' group by c{place})"""
        for work in works
        for name, place in work.columns.items()
        if name in work.fields and work.fields[name].type in ("count", "amount")
    ]
    if not texts:
        return "."
    row = connection.execute(
        f"""
        with texts as ({" union all ".join(texts)}),
        bare as (select {bare_sql("t")} as b, n, whole from texts),
        numbers as (select b, n, whole, {number_sql("b", ".")} as p, {number_sql("b", ",")} as c
                    from bare where translate(b, '0123456789-', '') <> ''),
        judged as (select b, n, case when not whole or p = floor(p) then p end as p,
                          case when not whole or c = floor(c) then c end as c from numbers)
        select coalesce(sum(n) filter (where p is null), 0), coalesce(sum(n) filter (where c is null), 0),
               count(*) filter (where p <> c), any_value(b) filter (where p <> c),
               count(*) filter (where contains(b, ',')) from judged
        """
    ).fetchone()
    bad_point, bad_comma, differing, example, with_comma = row or (0, 0, 0, None, 0)
    if is_template and not with_comma:
        return "."
    mark: DecimalMark | None = "," if bad_comma < bad_point else "."
    if differing and bad_point == bad_comma:
        mark = _mark_of_others(connection, works)
    if mark is None:
        raise NeedsAnswer(f"decimal_mark: {example!r} reads two ways and nothing in the file settles it")
    if mark == ",":
        return ","
    _refuse_lost_points(connection, works)
    return "."


def _mark_of_others(connection: duckdb.DuckDBPyConnection, works: Sequence[Work]) -> DecimalMark | None:
    """The mark that the columns settle which are not read, such as rates, where they are numbers and all agree."""
    marks: set[DecimalMark] = set()
    for work in works:
        named = [column[0] for column in connection.execute(f"select * from {work.name} limit 0").description]
        for cell in (c for c in named if c != "r" and c not in {f"c{place}" for place in work.columns.values()}):
            points, commas, others = connection.execute(
                f"""select count_if(regexp_full_match({cell}, '-?\\d+\\.\\d{{1,2}} ?%?')),
                           count_if(regexp_full_match({cell}, '-?\\d+,\\d{{1,2}} ?%?')),
                           count_if(not regexp_full_match({cell}, '-?[\\d.,]* ?%?|—')) from {work.name}"""
            ).fetchone() or (0, 0, 1)
            if points and not others:
                marks.add(".")
            if commas and not others:
                marks.add(",")
    return marks.pop() if len(marks) == 1 else None


def _has_points_alone(work: Work) -> bool:
    """Whether every number of a table is digits with at most one point, and none reads as thousands too."""
    numeric = {name for name in work.columns if name in work.fields and work.fields[name].type in ("count", "amount")}
    taken = {spec.extract.column for spec in work.fields.values() if spec.extract}
    places = {work.columns[name] for name in numeric}
    return not numeric & taken and places <= work.digits - work.grouped


_MISREAD = {
    "amount": (r"-?\d+\.\d{4,}", r"-?\d*[1-9]\d*"),
    "count": (r"-?[1-9]\d{0,2}(,\d{3})+", r"-?[1-9]\d{0,2}"),
}
"""In numbers with a point for decimals: what a spreadsheet that has a comma there leaves as it was, and what it may
have made of others like it: 94872 of 94.872, 1 of 1,000."""


def _refuse_lost_points(connection: duckdb.DuckDBPyConnection, works: Sequence[Work]) -> None:
    """Refuse a copy from a country that writes ``1.234,5`` of an export that writes ``1,234.5``: the spreadsheet took
    the marks of some numbers for its own, and which ones is lost.

    Raises:
        Unusable: with the column and one text of each sort.
    """
    for work in works:
        for name, place in work.columns.items():
            patterns = _MISREAD.get(work.fields[name].type) if name in work.fields else None
            if work.table.sheet.delimiter != ";" or not patterns:
                continue
            left, made = map(literal, patterns)
            row = connection.execute(
                f"""select min(t) filter (where regexp_full_match(t, {left})),
                           min(t) filter (where regexp_full_match(t, {made}))
                    from (select trim(c{place}) as t from {work.name})"""
            ).fetchone() or (None, None)
            shown = row[0] or (work.fields[name].type == "count" and _grouped(connection, work, place))
            if shown and row[1]:
                raise Unusable(
                    f"its numbers are in two styles ({shown!r} and {row[1]!r}, column {work.native_name(name)!r}): a "
                    "spreadsheet has taken the marks of some for its own. Export it again, and do not open it before"
                )


def _grouped(connection: duckdb.DuckDBPyConnection, work: Work, counts: int) -> str | None:
    """A number of a table with both marks, ``1,010.50``: then ``1,000`` in the column ``counts`` had one too, unless a
    number there shows that its thousands are not marked."""
    tests = [
        f"min(c{place}) filter (regexp_matches(c{place}, '\\d,\\d{{3}}\\.\\d'))"
        for name, place in work.columns.items()
        if name in work.fields and work.fields[name].type == "amount"
    ]
    plain = f"count(*) filter (regexp_full_match(c{counts}, '\\d{{4,}}'))"
    found = connection.execute(f"select {', '.join([plain, *tests])} from {work.name}").fetchone() or (1,)
    return None if found[0] else next((str(text) for text in found[1:] if text), None)
