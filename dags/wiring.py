"""What the DAGs share: when they run, where the deployment is, how a task fails, and one task for each stage."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

import pendulum
from airflow.sdk import (
    CronDataIntervalTimetable,
    DeadlineAlert,
    DeadlineReference,
    SyncCallback,
    chain,
    get_current_context,
    task,
)
from airflow.sdk.exceptions import AirflowFailException

WRITER_POOL = "warehouse_writer"
"""One slot: one task at a time writes to the warehouse. ``airflow pools set warehouse_writer 1 writer``"""


def told_of_failure(context: Any) -> None:
    """Send a notice once a task has failed for good; its log says who could not be reached."""
    from pipelines.notify import Notice, notice_of, send
    from pipelines.run import last_runs

    with deployment() as (home, settings):
        task_id, dag_id = context["ti"].task_id, context["ti"].dag_id
        newest = next(iter(last_runs(home, most=1)), {})
        if newest.get("status") in ("stopped", "failed") and newest.get("stage") == task_id:
            notice = notice_of(newest)
        else:
            notice = Notice(f"social-roi: {dag_id}.{task_id} failed", stage=task_id, what=str(context.get("exception")))
        for fault in send(notice, settings):
            context["ti"].log.warning(fault)


WRITERS = ("validate", "transform", "attribute", "incrementality", "publish")
"""The stages after loading that write, in order."""

DEFAULTS: dict[str, Any] = {
    "owner": "social-roi",
    "retries": 3,
    "retry_delay": timedelta(seconds=20),
    "retry_exponential_backoff": 2.0,
    "max_retry_delay": timedelta(minutes=10),
    "execution_timeout": timedelta(hours=2),
    "on_failure_callback": told_of_failure,
}


def zone() -> str:
    """The time zone whose days are the data intervals (``SOCIAL_ROI_SCHEDULE_ZONE``, UTC).

    Raises:
        ValueError: there is no such zone.
    """
    name = os.environ.get("SOCIAL_ROI_SCHEDULE_ZONE") or "UTC"
    if name not in available_timezones():
        raise ValueError(f"SOCIAL_ROI_SCHEDULE_ZONE: {name!r} is no IANA time zone name, such as Europe/Paris")
    return name


def late_after(hours: int) -> DeadlineAlert:
    """A notice when a run has not ended this long after it was queued. Airflow's ``dags test`` cannot end a run that
    has one (3.3.2), so a night that somebody watches (``SOCIAL_ROI_WATCHED``) has none."""
    return DeadlineAlert(
        reference=DeadlineReference.DAGRUN_QUEUED_AT,
        interval=timedelta(hours=hours),
        callback=SyncCallback("pipelines.notify.late", kwargs={"hours": hours}),
    )


COMMON: dict[str, Any] = {
    "catchup": False,
    "max_active_runs": 1,
    "dagrun_timeout": timedelta(hours=8),
    "default_args": DEFAULTS,
    "start_date": pendulum.datetime(2026, 1, 1, tz=zone()),
    "deadline": None if os.environ.get("SOCIAL_ROI_WATCHED") else late_after(4),
}


def on_schedule(cron: str | None) -> dict[str, Any]:
    """What a DAG that runs once a day says; None: it waits to be triggered."""
    return COMMON | {"schedule": CronDataIntervalTimetable(cron, timezone=zone()) if cron else None}


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
    """Land the new files of one source (``"*"``: of all); of a range of days where the run has one."""
    from pipelines.run import land_source

    with deployment() as (home, settings):
        days = _days(get_current_context())
        return land_source(home, settings, source=None if source == "*" else source, or_landed=True, **days)


def _days(context: Any) -> dict[str, date]:
    """The range that the form of ``backfill`` gives, or the interval that Airflow's own backfill is at."""
    asked = {name: date.fromisoformat(day) for name in ("date_from", "date_to") if (day := context["params"].get(name))}
    if asked or context["dag_run"].run_type != "backfill":
        return asked
    first, end = (context[name].in_timezone(zone()) for name in ("data_interval_start", "data_interval_end"))
    return {"date_from": first.date(), "date_to": (end - timedelta(microseconds=1)).date()}


@task(task_id="load", pool=WRITER_POOL)
def load(*, afresh: bool = False) -> str:
    """Load what the ledger lacks; begins the run and gives it its name."""
    from pipelines.run import Run, new_run_id, run_stage

    run_id = new_run_id()
    with deployment() as (home, settings):
        run_stage(Run(home, settings, run_id, from_lake=afresh), "load")
    return run_id


@task(task_id="load", pool=WRITER_POOL)
def load_alone() -> dict[str, int]:
    """Load what the ledger lacks, outside a night."""
    from pipelines.run import load_landed

    with deployment() as (home, settings):
        return load_landed(home, settings).rows


def stages(*, afresh: bool = False) -> Any:
    """Everything after landing, in order; the first task of it.

    Args:
        afresh: begin with an empty warehouse, and build every model from nothing.
    """
    first = load(afresh=afresh)
    chain(
        first,
        *(_stage(name, run=first, afresh=afresh) for name in WRITERS),
        _stage("report", run=first, writes=False),
    )
    return first


def _stage(name: str, *, run: Any, writes: bool = True, afresh: bool = False) -> Any:
    """The task that runs one stage of a run and closes its gates. (Airflow keeps the name ``run_id`` for its own.)"""

    @task(task_id=name, pool=WRITER_POOL if writes else "default_pool")
    def act(run: str) -> None:
        from pipelines.run import Run, run_stage

        full = afresh or bool(get_current_context()["params"].get("full_refresh"))
        with deployment() as (home, settings):
            run_stage(Run(home, settings, run, full_refresh=full), name)

    return act(run)
