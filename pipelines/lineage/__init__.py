"""Where published columns come from, told as OpenLineage events (version 2-0-2 of its specification).

A run is a job with a job for each stage below it, and below these one for each source that was loaded and each model
that was built. ``docs/lineage.md`` says what a consumer finds in them.
"""

from pipelines.lineage.columns import Lineage, NotReadableError, read_lineage
from pipelines.lineage.datasets import Work, built_work, computed_work, loaded_work, published_work
from pipelines.lineage.events import Job, event, run_uuid
from pipelines.lineage.transport import is_off, lineage_file, send

__all__ = [
    "Job",
    "Lineage",
    "NotReadableError",
    "Work",
    "built_work",
    "computed_work",
    "event",
    "is_off",
    "lineage_file",
    "loaded_work",
    "published_work",
    "read_lineage",
    "run_uuid",
    "send",
]
