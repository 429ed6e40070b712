"""# Ingest one source

One DAG for each source specification, to land and load its new files on its own. It is paused when Airflow first sees
it, since the night takes in every source: unpause it where a source comes more often, trigger it after dropping exports
in the source's folder, or backfill it to read again the files that landed in a range of days, or whose content speaks
of it. What is loaded becomes visible with the next night or run of `attribution`.

A source whose networks are all retired has no schedule: it waits to be triggered.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from airflow.sdk import DAG, chain

from pipelines.spec import is_retired, load_specs

sys.path.append(str(Path(__file__).parent))  # Airflow does so itself, a plain DagBag does not

from wiring import ingest, load_alone, on_schedule


def build(spec: Any) -> DAG:
    """The DAG of one source."""
    with DAG(
        dag_id=f"ingest__{spec.source}",
        dag_display_name=f"Ingest {spec.display_name}",
        description=f"Land and load the new files of {spec.display_name}",
        doc_md=__doc__,
        is_paused_upon_creation=True,
        tags=["social-roi", "ingest", spec.kind],
        **on_schedule(None if is_retired(spec) else "0 1 * * *"),
    ) as made:
        chain(ingest(source=spec.source), load_alone())
    return made


for _spec in load_specs().values():
    globals()[f"ingest__{_spec.source}"] = build(_spec)
