"""What a check is: one question about one table, how grave a "no" is, and what to do about it.

Checks are plain data: building them costs nothing and needs no Great Expectations, so that documentation and
tests can list them. ``Check.expectation`` turns one into the real thing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from textwrap import dedent
from typing import TYPE_CHECKING, Any, Literal

from pipelines.schema import literal

if TYPE_CHECKING:
    from great_expectations.expectations.expectation import Expectation

Severity = Literal["stop", "warn"]

GX_SEVERITY = {"stop": "critical", "warn": "warning"}


@dataclass(frozen=True)
class Check:
    """One expectation on one table.

    Attributes:
        name: unique within its stage and table; what `meta_checks.expectation` says.
        table: schema-qualified name of the table it is about.
        severity: ``stop`` keeps the earlier publication in place, ``warn`` is recorded and shown.
        kind: class name of a Great Expectations expectation.
        arguments: its arguments.
        meaning: what is true when it passes, in one sentence.
        remedy: what to do when it fails, in one sentence.
    """

    name: str
    table: str
    severity: Severity
    kind: str
    arguments: Mapping[str, Any] = field(hash=False)
    meaning: str
    remedy: str

    def expectation(self) -> Expectation:
        """The Great Expectations object, with its severity and texts for Data Docs."""
        import great_expectations.expectations as gxe

        build: type[Expectation] = getattr(gxe, self.kind)
        return build(
            **self.arguments,
            severity=GX_SEVERITY[self.severity],
            description=f"{self.name} ({self.severity}): {self.meaning}. Where not: {self.remedy}",
            meta={"check": self.name},
        )


def no_rows(name: str, table: str, severity: Severity, *, sql: str, meaning: str, remedy: str) -> Check:
    """A check that a query finds nothing; the rows that it finds are the samples.

    The query reads the table as ``this`` and may read any other. It selects what a reader needs to find the
    trouble, and ends in ``order by``, so that the samples are always the same.
    """
    body = _one_line(sql)
    rest = f", {body.removeprefix('with ')}" if body.startswith("with ") else f" {body}"
    query = f"with this as (select * from {{batch}}){rest}"
    return Check(name, table, severity, "UnexpectedRowsExpectation", {"unexpected_rows_query": query}, meaning, remedy)


def never_null(table: str, columns: Iterable[str], *, show: Sequence[str], remedy: str) -> list[Check]:
    """One stop check for each column, that it always holds a value; ``show`` are columns that name a row."""
    return [
        no_rows(
            f"{column}_present",
            table,
            "stop",
            sql=f"""select {", ".join(dict.fromkeys([*show, column]))} from this
                where {column} is null order by all""",
            meaning=f"every row of {table} has its {column}",
            remedy=remedy,
        )
        for column in columns
    ]


def one_of(table: str, column: str, values: Iterable[str], *, show: Sequence[str], remedy: str) -> Check:
    """A stop check that a column holds nothing but these values, and is never absent."""
    known = tuple(values)
    return no_rows(
        f"{column}_known",
        table,
        "stop",
        sql=f"""select {", ".join(dict.fromkeys([*show, column]))} from this
            where {column} is null or {column} not in ({sql_list(known)}) order by all""",
        meaning=f"{column} is one of {', '.join(known)}",
        remedy=remedy,
    )


def unique_key(table: str, columns: Sequence[str], *, remedy: str) -> Check:
    """A stop check that no two rows share a key. NULL counts as a value here."""
    key = ", ".join(f'"{column}"' for column in columns)
    return no_rows(
        "key_unique",
        table,
        "stop",
        sql=f"""select {key}, count(*) as row_count from this
            group by {key} having count(*) > 1 order by {key}""",
        meaning=f"{table} has one row for each {', '.join(columns)}",
        remedy=remedy,
    )


def has_columns(table: str, columns: Iterable[str], *, remedy: str) -> Check:
    """A stop check that the table has at least these columns."""
    return Check(
        "columns_present",
        table,
        "stop",
        "ExpectTableColumnsToMatchSet",
        {"column_set": list(columns), "exact_match": False},
        f"{table} has every column that readers rely on",
        remedy,
    )


def sql_list(values: Iterable[str]) -> str:
    """``'a', 'b'``: literals for an ``in`` list."""
    return ", ".join(map(literal, values))


def _one_line(sql: str) -> str:
    """A query without its layout; braces are doubled, as single ones are placeholders."""
    return " ".join(dedent(sql).split()).replace("{", "{{").replace("}", "}}")
