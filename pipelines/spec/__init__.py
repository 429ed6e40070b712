"""The source specification: how a file is recognised and what its columns mean. Closed, typed data.

One YAML in ``pipelines/sources`` describes one network, shop, or template. Nothing else in the project knows how a
network writes its files. An unknown key, type, metric or column is refused with the file and the key.
"""

from pipelines.spec.base import Names
from pipelines.spec.catalogue import (
    SOURCES,
    all_specs_version,
    follows_specs,
    is_retired,
    kinds_of_sources,
    load_specs,
    metrics_offered,
    use_own_sources,
)
from pipelines.spec.fields import Extract, FieldSpec, FieldType
from pipelines.spec.layouts import Condition, FileName, IgnoredRows, LayoutSpec, RowTest, Target, Title, Unpivot
from pipelines.spec.sources import KINDS, PARSER_VERSION, Docs, NetworkSpec, SourceSpec, parse_spec

__all__ = [
    "KINDS",
    "PARSER_VERSION",
    "SOURCES",
    "Condition",
    "Docs",
    "Extract",
    "FieldSpec",
    "FieldType",
    "FileName",
    "IgnoredRows",
    "LayoutSpec",
    "Names",
    "NetworkSpec",
    "RowTest",
    "SourceSpec",
    "Target",
    "Title",
    "Unpivot",
    "all_specs_version",
    "follows_specs",
    "is_retired",
    "kinds_of_sources",
    "load_specs",
    "metrics_offered",
    "parse_spec",
    "use_own_sources",
]
