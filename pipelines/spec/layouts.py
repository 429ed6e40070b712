"""One kind of table that a source writes: how it is recognised, what its rows are, which raw tables they fill."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from pipelines.schema import metrics, raw_tables
from pipelines.spec.base import Closed, Names, compiles
from pipelines.spec.fields import FieldSpec


class Unpivot(Closed):
    """Columns that become rows: each column that no field lists and whose name matches ``pattern`` gives, for every
    row in which it holds something, its name to the field ``name`` and its cell to the field ``value``. The layout
    needs the columns named in ``required``, at least one such as ``example``."""

    pattern: str
    name: str
    value: str
    example: str
    required: tuple[str, ...] = ()


class Title(Closed):
    """A line above a two-column table that names its metric, and sometimes its network."""

    names: Names
    metric: str
    network: str | None = None


class RowTest(Closed):
    """Tells rows apart by the text of one field, in whatever case: ``in`` these, or ``not_in`` them."""

    field: str
    is_in: tuple[str, ...] = Field(default=(), alias="in")
    not_in: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _one_list(self) -> RowTest:
        if bool(self.is_in) is bool(self.not_in):
            raise ValueError("says either in or not_in")
        return self


class IgnoredRows(RowTest):
    """Rows that are known to be no facts, and why; of a column that is ``often_missing`` the owner is not told so."""

    because: str
    often_missing: bool = False


class Target(Closed):
    """A raw table that a layout fills.

    ``first_of``: only the first row of each value of that field. ``where``: only the rows that pass. ``needs``: only
    the rows that have these, such as a touch that is somebody's."""

    fields: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    first_of: str | None = None
    where: RowTest | None = None

    @property
    def is_selective(self) -> bool:
        """Whether it takes some rows only."""
        return bool(self.first_of or self.where or self.needs)


class Condition(Closed):
    """Tells look-alikes apart: whether a column of one of these names holds a day in digits, or is ``present``;
    ``also`` is a condition that must hold too."""

    column: Names
    digits: bool | None = None
    present: bool | None = None
    also: Condition | None = None


class FileName(Closed):
    """What a file's usual name, or the lines above a table, say: groups ``account``, ``network``, ``from``, ``to``,
    ``epoch``, ``exported``. ``day_order``: how its days in digits are written."""

    pattern: str
    day_order: Literal["mdy", "dmy"] | None = None
    end_exclusive: bool = False
    identifies: bool = False


class LayoutSpec(Closed):
    """One kind of table that a source writes.

    Attributes:
        layout: its own name.
        format: the name of the whole file's format; several layouts of one workbook share it.
        grain: what one row is, in words.
        table: the raw table it fills; none for tables that are recognised and set aside, with ``ignored_because``.
        content_decides: whether the header alone is enough to know the source.
        basis: day, lifetime or range; ``span`` where each row says its first day (``metric_date``) and its last
            (``period_end``): one day is a day, more are a range, and a file without days is asked for its period.
        summed_by: rows that agree in these fields (and their days) are parts of one action, by country or device, and
            are added up; ``*`` stands for the whole key of the raw table.
        exported_day: the field that says the month and day of the export on each row.
        when: what the rows must look like.
        sheets: the header is this layout's only on a sheet of one of these names.
        repeated_on: sheets that hold the rows of another sheet once more, laid out to be looked at.
        of_people: its rows are people, so that what a column holds that the layout does not know never reaches the
            lake.
        columns_ignored: native columns that are known and not used; a ``*`` matches any end, any start, or both.
        collect_rest: the field that takes every unlisted numeric column as JSON.
        unpivot: columns that become rows.
        carry_down: fields that later rows of the same ``first_of`` key leave blank.
        comments: how lines begin that stand between tables and speak about them.
        lines_above: what those lines, or else all lines above the table, say: as file names do.
        needs_lines_above: the header is this layout's only below such lines.
        takes_rest: a table whose header no layout knows, below the comments of the same source's tables, is this one.
        closed: the header is this layout's only if it knows every column.
        refused: a file that is set aside is refused, with the reason as the way out.
        ignore_rows: rows that are set aside, and counted, because they are no facts: by the first test that fits.
        pairs: one row may also stand as two columns, label and value, on a sheet of its own.
        drift: what becomes of a file with columns that the layout does not know, or with a measure that holds no number
            any more: ``evolve`` reads the rest and says so, ``freeze`` refuses it, ``quarantine`` holds rows back."""

    layout: str
    format: str
    about: str
    grain: str
    table: str | None = None
    targets: dict[str, Target] = Field(default_factory=dict)
    basis: Literal["day", "lifetime", "range", "span"] | None = None
    summed_by: tuple[str, ...] = ()
    exported_day: str | None = None
    ignored_because: str | None = None
    content_decides: bool = True
    when: Condition | None = None
    sheets: Names = Field(default_factory=dict)
    repeated_on: tuple[str, ...] = ()
    file_names: tuple[FileName, ...] = ()
    titles: tuple[Title, ...] = ()
    fields: dict[str, FieldSpec] = Field(default_factory=dict)
    of_people: bool = False
    columns_ignored: Names = Field(default_factory=dict)
    columns_personal: Names = Field(default_factory=dict)
    comments: str | None = None
    lines_above: tuple[FileName, ...] = ()
    needs_lines_above: bool = False
    takes_rest: bool = False
    closed: bool = False
    refused: bool = False
    collect_rest: str | None = None
    carry_down: tuple[str, ...] = ()
    ignore_rows: tuple[IgnoredRows, ...] = ()
    unpivot: Unpivot | None = None
    pairs: bool = False
    drift: Literal["evolve", "freeze", "quarantine"] = "evolve"

    def fills(self) -> dict[str, Target]:
        """The raw tables this layout fills."""
        if self.targets:
            return self.targets
        return {self.table: Target()} if self.table else {}

    def _row_tests(self) -> tuple[RowTest, ...]:
        return (*self.ignore_rows, *(target.where for target in self.fills().values() if target.where))

    @model_validator(mode="after")
    def _consistent(self) -> LayoutSpec:
        if not self.fills() and not self.ignored_because:
            raise ValueError("needs a table, or ignored_because")
        for table in self.fills():
            if table not in raw_tables():
                raise ValueError(f"table {table!r} is none of {', '.join(raw_tables())}")
        known = {name for table in self.fills() for name in raw_tables()[table].column_names}
        if self.fills():
            helpers = {name for field in self.fields.values() for name in field.refers_to()}
            helpers |= {test.field for test in self._row_tests()} | {self.exported_day or ""}
            for name in self.fields:
                if name not in known | helpers | {"value"}:
                    raise ValueError(f"fields.{name}: neither a metric nor a column of {', '.join(self.fills())}")
        for key, names in (("summed_by", {*self.summed_by} - {"*"}), ("exported_day", {self.exported_day})):
            for name in filter(None, names):
                if name not in self.fields:
                    raise ValueError(f"{key}: {name!r} is no field of this layout")
        for title in self.titles:
            if self.fills() and title.metric not in metrics():
                raise ValueError(f"titles: {title.metric!r} is no metric of metrics.yml")
        for test in self._row_tests():
            if test.field not in self.fields:
                raise ValueError(f"a test of rows refers to {test.field!r}, which is no field of this layout")
        for name, field in self.fields.items():
            for other in field.refers_to():
                if other not in self.fields:
                    raise ValueError(f"fields.{name} refers to {other!r}, which is no field of this layout")
            compiles(field.pattern, f"fields.{name}.pattern")
            compiles(field.extract.pattern if field.extract else None, f"fields.{name}.extract.pattern")
        if self.unpivot:
            compiles(self.unpivot.pattern, "unpivot.pattern")
            for other in (self.unpivot.name, self.unpivot.value):
                if other not in self.fields:
                    raise ValueError(f"unpivot refers to {other!r}, which is no field of this layout")
        for file_name in (*self.file_names, *self.lines_above):
            compiles(file_name.pattern, "file_names, lines_above")
        return self
