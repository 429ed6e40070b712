"""What a check is: one question about one table, how grave a "no" is, and what to do about it.

Checks are plain data: building them costs nothing and needs no Great Expectations, so that documentation and tests can
list them. `Check.expectation` turns one into the real thing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from textwrap import dedent
from typing import TYPE_CHECKING, Any, Literal

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
            description=f"{self.name}: {self.meaning}",
            notes=f"{self.severity}. {self.remedy}",
            meta={"check": self.name},
        )


def no_rows(name: str, table: str, severity: Severity, *, sql: str, meaning: str, remedy: str) -> Check:
    """A check that a query finds nothing. What it finds are the sample rows, so it selects what a reader needs.

    The query reads the table as ``this`` and may read any other; it ends in ``order by``, so that samples are stable.
    """
    body = _one_line(sql)
    rest = f", {body.removeprefix('with ')}" if body.startswith("with ") else f" {body}"
    query = f"with this as (select * from {{batch}}){rest}"
    return Check(name, table, severity, "UnexpectedRowsExpectation", {"unexpected_rows_query": query}, meaning, remedy)


def never_null(table: str, columns: Iterable[str], *, severity: Severity = "stop", remedy: str) -> list[Check]:
    """One check for each column that it always holds a value."""
    return [
        Check(
            f"{column}_present",
            table,
            severity,
            "ExpectColumnValuesToNotBeNull",
            {"column": column},
            f"every row of {table} has its {column}",
            remedy,
        )
        for column in columns
    ]


def unique_key(table: str, columns: Sequence[str], *, remedy: str) -> Check:
    """A stop check that no two rows share a key. NULL counts as a value: two rows without a campaign are equal."""
    key = ", ".join(f'"{column}"' for column in columns)
    return no_rows(
        "key_unique",
        table,
        "stop",
        sql=f"select {key}, count(*) as row_count from this group by {key} having count(*) > 1 order by {key}",
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
    return ", ".join("'" + value.replace("'", "''") + "'" for value in values)


def _one_line(sql: str) -> str:
    """Collapse the layout of a query; braces are doubled, as Great Expectations reads them as placeholders."""
    return " ".join(dedent(sql).split()).replace("{", "{{").replace("}", "}}")
