"""OpenLineage run events as plain dictionaries, version 2-0-2 of the specification (https://openlineage.io/spec)."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Literal
from uuid import UUID, uuid5

SPEC = "https://openlineage.io/spec"
EVENT_SCHEMA = f"{SPEC}/2-0-2/OpenLineage.json#/$defs/RunEvent"
FACETS = {
    "parent": "1-0-1/ParentRunFacet",
    "errorMessage": "1-0-0/ErrorMessageRunFacet",
    "jobType": "2-0-3/JobTypeJobFacet",
    "documentation": "1-0-0/DocumentationDatasetFacet",
    "schema": "1-1-1/SchemaDatasetFacet",
    "columnLineage": "1-2-0/ColumnLineageDatasetFacet",
}
"""The facets that are sent, by their place in an event, with the version that each obeys."""

RUNS = UUID("6f1d6c8e-3c1f-5f43-9d0a-7a3b6a1f2c55")
"""The name space in which the ids of runs are made, so that a task that is tried again goes on with the same run."""

Kind = Literal["START", "COMPLETE", "FAIL"]


@dataclass(frozen=True)
class Job:
    """Something that runs: a run as a whole, a stage, a load of one source, a model. ``kind`` is RUN, STAGE, SOURCE,
    MODEL or COMPUTATION."""

    name: str
    kind: str
    integration: str = "SOCIAL_ROI"

    @property
    def reference(self) -> dict[str, str]:
        return {"namespace": os.environ.get("OPENLINEAGE_NAMESPACE") or "social-roi", "name": self.name}


@dataclass(frozen=True)
class Source:
    """A column of another dataset that a column is made of. ``how`` is IDENTITY, TRANSFORMATION or AGGREGATION;
    ``is_masked``: a keyed digest is all that comes through."""

    namespace: str
    name: str
    field: str
    how: str
    is_masked: bool = False


@dataclass(frozen=True)
class Dataset:
    """A file or a table. ``columns`` are (name, type, description), ``origins`` by column."""

    namespace: str
    name: str
    columns: tuple[tuple[str, str | None, str | None], ...] = ()
    description: str | None = None
    origins: Mapping[str, Iterable[Source]] = field(default_factory=dict)

    @property
    def reference(self) -> dict[str, Any]:
        """The dataset as an event names it, with its facets."""
        facets: dict[str, Any] = {}
        if self.description:
            facets["documentation"] = _facet("documentation", description=self.description)
        if self.columns:
            facets["schema"] = _facet("schema", fields=[_column(*column) for column in self.columns])
        if self.origins:
            fields = {name: {"inputFields": [_input(one) for one in made]} for name, made in self.origins.items()}
            facets["columnLineage"] = _facet("columnLineage", fields=fields)
        return {"namespace": self.namespace, "name": self.name, "facets": facets}


def event(
    kind: Kind,
    job: Job,
    *,
    run_id: str,
    at: datetime,
    parent: Job | None = None,
    inputs: Iterable[Dataset] = (),
    outputs: Iterable[Dataset] = (),
    error: str | None = None,
) -> dict[str, Any]:
    """One event of the run of a job.

    Args:
        kind: what happened to it.
        job: what runs.
        run_id: of the night that it belongs to.
        at: when, in UTC.
        parent: the job that started it, in the same night.
        inputs: what it reads.
        outputs: what it writes, with what each column is made of.
        error: why it failed.
    """
    run_facets: dict[str, Any] = {}
    if parent is not None:
        above = {"run": {"runId": run_uuid(run_id, parent)}, "job": parent.reference}
        run_facets["parent"] = _facet("parent", **above)
    if error is not None:
        run_facets["errorMessage"] = _facet("errorMessage", message=error, programmingLanguage="Python")
    kinds = {"processingType": "BATCH", "integration": job.integration, "jobType": job.kind}
    return {
        "eventType": kind,
        "eventTime": at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "run": {"runId": run_uuid(run_id, job), "facets": run_facets},
        "job": {**job.reference, "facets": {"jobType": _facet("jobType", **kinds)}},
        "inputs": [dataset.reference for dataset in inputs],
        "outputs": [dataset.reference for dataset in outputs],
        "producer": producer(),
        "schemaURL": EVENT_SCHEMA,
    }


def run_uuid(run_id: str, job: Job) -> str:
    """The id of one job's run in a night: the same whenever it is asked for."""
    return str(uuid5(RUNS, f"{run_id}/{job.name}"))


def producer() -> str:
    """Who made the events."""
    try:
        return f"urn:social-roi:{version('social-roi')}"
    except PackageNotFoundError:
        return "urn:social-roi:unknown"


def _facet(name: str, **content: Any) -> dict[str, Any]:
    path, kind = FACETS[name].split("/")
    schema = f"{SPEC}/facets/{path}/{kind}.json#/$defs/{kind}"
    return {"_producer": producer(), "_schemaURL": schema, **content}


def _column(name: str, kind: str | None, description: str | None) -> dict[str, str]:
    given = {"name": name, "type": kind, "description": description}
    return {key: value for key, value in given.items() if value}


def _input(source: Source) -> dict[str, Any]:
    how = {"type": "DIRECT", "subtype": source.how, "description": "", "masking": source.is_masked}
    named = {"namespace": source.namespace, "name": source.name, "field": source.field}
    return {**named, "transformations": [how]}
