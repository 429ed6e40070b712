"""What version 2-0-2 of OpenLineage asks of a run event, and of the facets that are sent, as JSON schema of our own."""

from __future__ import annotations

from typing import Any

TEXT = {"type": "string", "minLength": 1}
URI = {"type": "string", "pattern": r"^(https?://\S+|urn:\S+)$"}
UUID = {"type": "string", "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"}


def closed(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def facet(kind: str, version: str, **properties: Any) -> dict[str, Any]:
    url = f"https://openlineage.io/spec/facets/{version}/{kind}.json#/$defs/{kind}"
    return closed(_producer=URI, _schemaURL={"const": url}, **properties)


def facets(**known: Any) -> dict[str, Any]:
    return {"type": "object", "properties": known, "additionalProperties": False}


JOB = {"namespace": TEXT, "name": TEXT}
HOW = closed(
    type={"const": "DIRECT"},
    subtype={"enum": ["IDENTITY", "TRANSFORMATION", "AGGREGATION"]},
    description={"type": "string"},
    masking={"type": "boolean"},
)
INPUT_FIELD = closed(**JOB, field=TEXT, transformations={"type": "array", "items": HOW, "minItems": 1})
COLUMN = {
    "type": "object",
    "properties": {"name": TEXT, "type": TEXT, "description": TEXT},
    "required": ["name"],
    "additionalProperties": False,
}
DATASET = closed(
    **JOB,
    facets=facets(
        documentation=facet("DocumentationDatasetFacet", "1-0-0", description=TEXT),
        schema=facet("SchemaDatasetFacet", "1-1-1", fields={"type": "array", "items": COLUMN, "minItems": 1}),
        columnLineage=facet(
            "ColumnLineageDatasetFacet",
            "1-2-0",
            fields={
                "type": "object",
                "minProperties": 1,
                "additionalProperties": closed(inputFields={"type": "array", "items": INPUT_FIELD, "minItems": 1}),
            },
        ),
    ),
)
EVENT = closed(
    eventType={"enum": ["START", "RUNNING", "COMPLETE", "ABORT", "FAIL", "OTHER"]},
    eventTime={"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"},
    run=closed(
        runId=UUID,
        facets=facets(
            parent=facet("ParentRunFacet", "1-0-1", run=closed(runId=UUID), job=closed(**JOB)),
            errorMessage=facet(
                "ErrorMessageRunFacet", "1-0-0", message={"type": "string"}, programmingLanguage={"const": "Python"}
            ),
        ),
    ),
    job=closed(
        **JOB,
        facets=facets(
            jobType=facet("JobTypeJobFacet", "2-0-3", processingType={"const": "BATCH"}, integration=TEXT, jobType=TEXT)
        ),
    ),
    inputs={"type": "array", "items": DATASET},
    outputs={"type": "array", "items": DATASET},
    producer=URI,
    schemaURL={"const": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent"},
)
