"""A DAG of the night's shape whose tasks do nothing: what Airflow itself takes for a night."""

from __future__ import annotations

from airflow.sdk import DAG, chain, task

from pipelines.run import STAGES
from pipelines.spec import load_specs


@task
def idle(source: str = "") -> None:
    """Do nothing."""


with DAG(dag_id="idle", schedule=None) as dag:
    chain(
        idle.override(task_id="ingest").expand(source=[*load_specs(), ""]),
        *(idle.override(task_id=stage.name)() for stage in STAGES if stage.name != "land"),
    )
