"""The source specification: how a file is recognised and what its columns mean. Closed, typed data.

One YAML in ``pipelines/sources`` describes one network, shop, or template. Nothing else in the project knows how a
network writes its files. An unknown key, type, metric or column is refused with the file and the key.
"""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from pipelines.errors import SpecError
from pipelines.schema import metrics, raw_tables

SOURCES = Path(__file__).with_name("sources")
PARSER_VERSION = 3
"""Raised when the reading code changes what a file means: files read by an older version are read again."""

FieldType = Literal[
    "text", "id", "url", "count", "amount", "duration", "date", "timestamp", "yearless_date", "boolean",
    "currency", "person", "snowflake", "network", "content_id", "occurrence",
]  # fmt: skip


def _by_locale(value: object) -> object:
    """A bare list of names is English."""
    return {"en": value} if isinstance(value, list) else value


Names = Annotated[dict[str, tuple[str, ...]], BeforeValidator(_by_locale)]


def _compiles(pattern: str | None, key: str) -> None:
    """Refuse a pattern that is no regular expression."""
    try:
        re.compile(pattern or "")
    except re.error as error:
        raise ValueError(f"{key}: {pattern!r} is no regular expression: {error}") from error


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Extract(_Closed):
    """A value that stands inside another column: the first group of ``pattern``."""

    column: str
    pattern: str


class FieldSpec(_Closed):
    """One canonical field of a layout.

    Attributes:
        type: how its text becomes a value.
        names: the header names by locale; ``{currency}`` in a name stands for an ISO code and fills ``currency``.
        required: the header must be there for the layout to match.
        needed: the value must be there for the row to be loaded.
        const: the value is the same for every row.
        extract: the value is taken out of another field's text, before the field's own column is looked at.
        formats: strptime formats to try on the whole column; ``named`` reads month names in any known language.
        told_by: for a date: the id that tells it, and how many bits stand below its Unix milliseconds.
        zone: the time zone of a timestamp that carries no offset; ``not stated`` asks the settings.
        pattern: what a valid text looks like.
        printed_day: for a snowflake: the field whose printed day must agree with it.
        product: the value is the product of these fields.
        among: for an occurrence: it counts the rows that agree in these fields.
        fallback: the field whose value stands in where this one is blank.
        personal: ``hash`` keeps a keyed digest only.
        metric: its name in ``meta_file_totals`` where that is not the field's own name.
        default: the value where the file has none.
        repeated: ``first`` where the export is known to write the name twice and to mean the first.
        lower: fold to lower case.
        values: maps native texts to canonical ones; a text that is not listed is kept in snake case.
        excerpt: keep this many characters."""

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
    among: tuple[str, ...] = ()
    fallback: str | None = None
    personal: Literal["hash"] | None = None
    metric: str | None = None
    default: str | None = None
    repeated: Literal["first"] | None = None
    lower: bool = False
    values: dict[str, str] = Field(default_factory=dict)
    excerpt: int | None = None

    def refers_to(self) -> tuple[str, ...]:
        """The other fields of the layout that this one is made from."""
        single = (self.printed_day, self.extract.column if self.extract else None, self.fallback)
        return (*(name for name in single if name), *self.product, *self.among, *(self.told_by or ())[:1])


class Title(_Closed):
    """A line above a two-column table that names its metric, and sometimes its network."""

    names: Names
    metric: str
    network: str | None = None


class Target(_Closed):
    """A raw table that a layout fills. ``first_of``: only the first row of each value of that field."""

    fields: tuple[str, ...] = ()
    first_of: str | None = None


class Condition(_Closed):
    """Tells look-alikes apart: whether a column of one of these names holds a day in digits, or is ``present``."""

    column: Names
    digits: bool | None = None
    present: bool | None = None


class FileName(_Closed):
    """What a file's usual name says: groups ``account``, ``from``, ``to``, ``epoch``, ``exported``."""

    pattern: str
    end_exclusive: bool = False
    identifies: bool = False


class LayoutSpec(_Closed):
    """One kind of table that a source writes.

    Attributes:
        layout: its own name.
        format: the name of the whole file's format; several layouts of one workbook share it.
        grain: what one row is, in words.
        table: the raw table it fills; none for tables that are recognised and set aside, with ``ignored_because``.
        content_decides: whether the header alone is enough to know the source.
        when: what the rows must look like.
        sheets: the header is this layout's only on a sheet of one of these names.
        columns_ignored: native columns that are known and not used; a ``*`` matches any end, or any start.
        collect_rest: the field that takes every unlisted numeric column as JSON.
        carry_down: fields that later rows of the same ``first_of`` key leave blank.
        pairs: one row may also stand as two columns, label and value, on a sheet of its own."""

    layout: str
    format: str
    about: str
    grain: str
    table: str | None = None
    targets: dict[str, Target] = Field(default_factory=dict)
    basis: Literal["day", "lifetime", "range"] | None = None
    ignored_because: str | None = None
    content_decides: bool = True
    when: Condition | None = None
    sheets: Names = Field(default_factory=dict)
    file_names: tuple[FileName, ...] = ()
    titles: tuple[Title, ...] = ()
    fields: dict[str, FieldSpec] = Field(default_factory=dict)
    columns_ignored: Names = Field(default_factory=dict)
    columns_personal: Names = Field(default_factory=dict)
    preamble: Names = Field(default_factory=dict)
    collect_rest: str | None = None
    carry_down: tuple[str, ...] = ()
    pairs: bool = False

    def fills(self) -> dict[str, Target]:
        """The raw tables this layout fills."""
        if self.targets:
            return self.targets
        return {self.table: Target()} if self.table else {}

    @model_validator(mode="after")
    def _consistent(self) -> LayoutSpec:
        if not self.fills() and not self.ignored_because:
            raise ValueError("needs a table, or ignored_because")
        for table in self.fills():
            if table not in raw_tables():
                raise ValueError(f"table {table!r} is none of {', '.join(raw_tables())}")
        known = {name for table in self.fills() for name in raw_tables()[table].column_names}
        if self.fills():
            helpers = {name for field in self.fields.values() for name in (field.printed_day,) if name}
            for name in self.fields:
                if name not in known | helpers | {"value"}:
                    raise ValueError(f"fields.{name}: neither a metric nor a column of {', '.join(self.fills())}")
        for title in self.titles:
            if self.fills() and title.metric not in metrics():
                raise ValueError(f"titles: {title.metric!r} is no metric of metrics.yml")
        for name, field in self.fields.items():
            for other in field.refers_to():
                if other not in self.fields:
                    raise ValueError(f"fields.{name} refers to {other!r}, which is no field of this layout")
            _compiles(field.pattern, f"fields.{name}.pattern")
            _compiles(field.extract.pattern if field.extract else None, f"fields.{name}.extract.pattern")
        for file_name in self.file_names:
            _compiles(file_name.pattern, "file_names")
        return self


class NetworkSpec(_Closed):
    """A social network: how the outside world names it."""

    display_name: str
    status: Literal["active", "retired"] = "active"
    hosts: tuple[str, ...] = ()
    utm_sources: tuple[str, ...] = ()
    click_ids: tuple[str, ...] = ()


class Docs(_Closed):
    """For people."""

    export: str
    holds: str
    not_held: str | None = None


class SourceSpec(_Closed):
    """One source of files."""

    source: str = Field(pattern="^[a-z][a-z0-9_]*$")
    display_name: str
    kind: Literal["network", "shop", "template"]
    docs: Docs
    networks: dict[str, NetworkSpec] = Field(default_factory=dict)
    layouts: tuple[LayoutSpec, ...]

    @property
    def version(self) -> str:
        """Digest of all that decides how a file is read: changes exactly when the specification does."""
        content = json.dumps([PARSER_VERSION, self.model_dump(mode="json")], sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()[:12]

    def metrics_offered(self, network: str) -> tuple[str, ...]:
        """The metrics that some layout of this source gives for a network, in catalogue order."""
        offered: set[str] = set()
        for layout in self.layouts:
            const = layout.fields.get("network", FieldSpec()).const
            if const in (None, network):
                offered |= set(layout.fields) & set(metrics())
            offered |= {title.metric for title in layout.titles if title.network in (None, network)}
        return tuple(name for name in metrics() if name in offered)


def parse_spec(text: str, *, where: str) -> SourceSpec:
    """Read one specification.

    Raises:
        SpecError: the YAML is broken or does not follow the schema; names the file and the key.
    """
    try:
        data: Any = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe
    except yaml.YAMLError as error:
        raise SpecError(f"is no valid YAML: {error}", where=where) from error
    try:
        return SourceSpec.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "the top level"
        raise SpecError(f"{key}: {first['msg']}", where=where, remedy="See docs/adding-a-source.md") from error


@cache
def load_specs() -> dict[str, SourceSpec]:
    """Every specification by source name.

    Raises:
        SpecError: one does not follow the schema, is named unlike its file, or two claim one network.
    """
    specs, owners = {}, dict[str, str]()
    for path in sorted(SOURCES.glob("*.yml")):
        spec = parse_spec(path.read_text(encoding="utf-8"), where=path.name)
        if spec.source != path.stem:
            raise SpecError(f"source is {spec.source!r}, the file is named otherwise", where=path.name)
        for network in spec.networks:
            if network in owners:
                raise SpecError(f"networks.{network} is described in {owners[network]} too", where=path.name)
            owners[network] = path.name
        specs[spec.source] = spec
    return specs


def all_specs_version() -> str:
    """One digest over all specifications, written into each publication."""
    joined = " ".join(f"{name}={spec.version}" for name, spec in sorted(load_specs().items()))
    return hashlib.sha256(joined.encode()).hexdigest()[:12]
