"""What the DAGs share: where the deployment is, how a task fails, and one task for each stage."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from airflow.sdk import get_current_context, task
from airflow.sdk.exceptions import AirflowFailException

WRITER_POOL = "warehouse_writer"
"""One slot: one task at a time writes to the warehouse. ``airflow pools set warehouse_writer 1 writer``"""

DEFAULTS: dict[str, Any] = {
    "owner": "social-roi",
    "retries": 3,
    "retry_delay": timedelta(seconds=20),
    "retry_exponential_backoff": 2.0,
    "max_retry_delay": timedelta(minutes=10),
    "execution_timeout": timedelta(hours=2),
}


@contextmanager
def deployment() -> Iterator[tuple[Any, Any]]:
    """The home and its settings. What a retry cannot mend (a refusal, a stopped check) fails at once."""
    from pipelines.errors import BusyError, SocialRoiError
    from pipelines.settings import Home, load_settings

    try:
        home = Home(Path(os.environ.get("SOCIAL_ROI_HOME", "var")).resolve())
        yield home, load_settings(home)
    except BusyError:
        raise
    except SocialRoiError as error:
        raise AirflowFailException(str(error)) from error


@task(task_id="ingest", map_index_template="{{ task.op_kwargs['source'] or '(no folder)' }}")
def ingest(source: str) -> dict[str, int]:
    """Land the new files of one source; a backfill lands those that speak of its data interval."""
    from pipelines.run import land_source

    context = get_current_context()
    days = {}
    if context["dag_run"].run_type == "backfill":
        first, end = context["data_interval_start"], context["data_interval_end"]
        days = {"date_from": first.date(), "date_to": (end - timedelta(microseconds=1)).date()}
    with deployment() as (home, settings):
        return land_source(home, settings, source=source, **days)


@task(task_id="load", pool=WRITER_POOL)
def load() -> str:
    """Load what the ledger lacks; begins the run and gives it its name."""
    from pipelines.run import Run, new_run_id, run_stage

    run_id = new_run_id()
    with deployment() as (home, settings):
        run_stage(Run(home, settings, run_id), "load")
    return run_id


@task(task_id="load", pool=WRITER_POOL)
def load_alone() -> dict[str, int]:
    """Load what the ledger lacks, outside a night."""
    from pipelines.run import load_landed

    with deployment() as (home, settings):
        return load_landed(home, settings).rows


def stage(name: str, *, run: Any, writes: bool = True) -> Any:
    """The task that runs one stage of a run and closes its gates. (Airflow keeps the name ``run_id`` for its own.)"""

    @task(task_id=name, pool=WRITER_POOL if writes else "default_pool")
    def act(run: str) -> None:
        from pipelines.run import Run, run_stage

        with deployment() as (home, settings):
            run_stage(Run(home, settings, run), name)

    return act(run)
