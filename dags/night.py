"""# The night

Everything, once a night: the new files of every source are landed side by side, then one writer loads,
checks, transforms, attributes and publishes them, and the report is written.

* When, and in which time zone a day is a day: `SOCIAL_ROI_NIGHT` (02:00) and `SOCIAL_ROI_SCHEDULE_ZONE` (UTC) in the
  environment of Airflow.
* A task that finds the warehouse busy waits and tries again. A check that stops the run fails at once:
  readers keep the earlier publication, and the task's log and the notice say which check it was, which rows it found
  and what to do.
* Running a night again is safe: a file that is loaded already is known by its content.
* By hand: `airflow dags test night 2026-08-31`, or without Airflow `social-roi run`.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from airflow.sdk import DAG, chain

from pipelines.spec import load_specs

sys.path.append(str(Path(__file__).parent))  # Airflow does so itself, a plain DagBag does not

from wiring import ingest, on_schedule, stages

with DAG(
    dag_id="night",
    description="Ingest, load, validate, transform, attribute, publish and report",
    doc_md=__doc__,
    is_paused_upon_creation=False,
    tags=["social-roi", "night"],
    **on_schedule(os.environ.get("SOCIAL_ROI_NIGHT") or "0 2 * * *"),
) as dag:
    chain(ingest.expand(source=[*load_specs(), ""]), stages())
