"""# Backfill

A range of days of one source or of all, in one run: the files that landed in the range, or whose content speaks of it,
are read again where the specification that read them has changed since; then everything is brought up to date and
published once. Dates are days in the time zone of the schedule, both ends included.

Beside it, `airflow backfill create` works for each DAG of this project, with one run for each interval.
"""

from __future__ import annotations

import sys
from pathlib import Path

from airflow.sdk import DAG, Param, chain

from pipelines.spec import load_specs

sys.path.append(str(Path(__file__).parent))  # Airflow does so itself, a plain DagBag does not

from wiring import ingest, on_schedule, stages

with DAG(
    dag_id="backfill",
    description="Read a range of days again, of one source or all, and publish once",
    doc_md=__doc__,
    params={
        "source": Param("all", enum=["all", *load_specs()], title="Source", description="Whose files to read again."),
        "date_from": Param(None, type=["null", "string"], format="date", title="From", description="The first day."),
        "date_to": Param(None, type=["null", "string"], format="date", title="To", description="The last day."),
        "full_refresh": Param(False, type="boolean", title="From nothing", description="Build every model anew."),
    },
    is_paused_upon_creation=False,
    tags=["social-roi", "backfill"],
    **on_schedule(None),
) as dag:
    chain(ingest(source="{{ '*' if params.source == 'all' else params.source }}"), stages())
