"""# Ingest one source

One DAG for each source specification, to land and load its new files on its own: trigger it after dropping
exports in the source's folder, or backfill it to take in those files whose content speaks of a range of days.
What is loaded becomes visible with the next night.

A source whose networks are all retired has no schedule: it waits to be triggered.
"""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pendulum
from airflow.sdk import DAG, CronDataIntervalTimetable, chain

from pipelines.spec import load_specs

sys.path.append(str(Path(__file__).parent))  # Airflow does so itself, a plain DagBag does not

from wiring import DEFAULTS, ingest, load_alone


def build(spec: Any) -> DAG:
    """The DAG of one source."""
    retired = bool(spec.networks) and all(network.status == "retired" for network in spec.networks.values())
    with DAG(
        dag_id=f"ingest__{spec.source}",
        dag_display_name=f"Ingest {spec.display_name}",
        description=f"Land and load the new files of {spec.display_name}",
        doc_md=__doc__,
        schedule=None if retired else CronDataIntervalTimetable("0 1 * * *", timezone="UTC"),
        start_date=pendulum.datetime(2026, 1, 1, tz="UTC"),
        catchup=False,
        max_active_runs=1,
        dagrun_timeout=timedelta(hours=4),
        default_args=DEFAULTS,
        tags=["social-roi", "ingest", spec.kind],
    ) as made:
        chain(ingest(spec.source), load_alone())
    return made


for _spec in load_specs().values():
    globals()[f"ingest__{_spec.source}"] = build(_spec)
