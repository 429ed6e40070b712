"""A source of files as its YAML describes it: its networks, its layouts, its pages."""

from __future__ import annotations

import hashlib
import json
from functools import cached_property
from typing import Any, Literal

import yaml
from pydantic import Field, ValidationError, model_validator

from pipelines.errors import SpecError
from pipelines.schema import metrics
from pipelines.spec.base import Closed, compiles
from pipelines.spec.fields import FieldSpec
from pipelines.spec.layouts import LayoutSpec
from pipelines.yaml_text import read_yaml

PARSER_VERSION = 12
"""Raised when the reading code changes what a file means: files read by an older version are read again."""


class NetworkSpec(Closed):
    """A social network: how the outside world names it.

    Attributes:
        ad_click_ids: click ids that it sets on clicks of ads only.
        also_called: other names, as scheduling tools print them.
        action_ids: how its ids are written, bare, inside a longer one or inside a link: the first group of the first
            pattern that fits is the id. So one post has one id, whichever program reports it.
    """

    display_name: str
    status: Literal["active", "retired"] = "active"
    hosts: tuple[str, ...] = ()
    utm_sources: tuple[str, ...] = ()
    click_ids: tuple[str, ...] = ()
    ad_click_ids: tuple[str, ...] = ()
    also_called: tuple[str, ...] = ()
    action_ids: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _patterns_compile(self) -> NetworkSpec:
        for pattern in self.action_ids:
            compiles(pattern, "action_ids")
        return self


KINDS = {"tool": 1, "network": 2, "shop": 2, "payments": 2, "analytics": 2, "crm": 2, "rates": 2, "template": 2}
"""What a source is, and how far it is believed where two report the same: a network's own export above a program that
asked the network."""


class Docs(Closed):
    """For people."""

    export: str
    holds: str
    not_held: str | None = None
    not_comparable: str | None = None


class SourceSpec(Closed):
    """One source of files. ``networks`` are described here, ``serves`` names those that another source describes;
    ``archive_format`` is the format of an archive of several of its files. Of a ``draft`` files are inspected and never
    loaded."""

    source: str = Field(pattern="^[a-z][a-z0-9_]*$")
    display_name: str
    kind: Literal["network", "shop", "payments", "analytics", "crm", "rates", "template", "tool"]
    docs: Docs
    archive_format: str | None = None
    networks: dict[str, NetworkSpec] = Field(default_factory=dict)
    serves: tuple[str, ...] = ()
    draft: bool = False
    layouts: tuple[LayoutSpec, ...]

    @property
    def version(self) -> str:
        """Digest of all that decides how a file is read: changes exactly when the specification does."""
        return hashlib.sha256(f"[{PARSER_VERSION}, {self.content}]".encode()).hexdigest()[:12]

    @cached_property
    def content(self) -> str:
        """All of it as one text: written out once, for each file's reading asks for the version."""
        return json.dumps(self.model_dump(mode="json"), sort_keys=True)

    @property
    def served(self) -> tuple[str, ...]:
        """The networks of which this source may write."""
        return (*self.networks, *self.serves)

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
        data: Any = read_yaml(text)
    except yaml.YAMLError as error:
        raise SpecError(f"is no valid YAML: {error}", where=where) from error
    try:
        return SourceSpec.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "the top level"
        raise SpecError(f"{key}: {first['msg']}", where=where, remedy="See docs/adding-a-source.md") from error
