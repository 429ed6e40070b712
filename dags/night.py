"""# The night

Everything, once a night: the new files of every source are landed side by side, then one writer loads,
checks, transforms, attributes and publishes them, and the report is written.

* A task that finds the warehouse busy waits and tries again. A check that stops the run fails at once:
  readers keep the earlier publication, and the task's log says which check it was, which rows it found and
  what to do.
* Running a night again is safe: a file that is loaded already is known by its content.
* By hand: `airflow dags test night 2026-08-31`, or without Airflow `social-roi run`.
"""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

import pendulum
from airflow.sdk import DAG, CronDataIntervalTimetable, chain

from pipelines.spec import load_specs

sys.path.append(str(Path(__file__).parent))  # Airflow does so itself, a plain DagBag does not

from wiring import DEFAULTS, ingest, load, stage

with DAG(
    dag_id="night",
    description="Ingest, load, validate, transform, attribute, publish and report",
    doc_md=__doc__,
    schedule=CronDataIntervalTimetable("0 2 * * *", timezone="UTC"),
    start_date=pendulum.datetime(2026, 1, 1, tz="UTC"),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=8),
    default_args=DEFAULTS,
    tags=["social-roi", "night"],
) as dag:
    landed = ingest.expand(source=[*load_specs(), ""])
    run = load()
    chain(
        landed,
        run,
        stage("validate", run=run),
        stage("transform", run=run),
        stage("attribute", run=run),
        stage("publish", run=run),
        stage("report", run=run, writes=False),
    )
