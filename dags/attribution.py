"""# Attribution

Attribution alone, from what is loaded: whatever the ledger holds is transformed, attributed, checked, published and
reported. No file is read. Trigger it after a change of `roi.yml`, such as another model or window.

Every run brings all that is loaded up to date, so that a backfill over any intervals, in any order, ends in the tables
that a rebuild ends in; a run that finds nothing changed since the last publication does not publish again.
"""

from __future__ import annotations

import sys
from pathlib import Path

from airflow.sdk import DAG, Param

sys.path.append(str(Path(__file__).parent))  # Airflow does so itself, a plain DagBag does not

from wiring import on_schedule, stages

with DAG(
    dag_id="attribution",
    description="Transform, attribute, validate and publish what is loaded",
    doc_md=__doc__,
    params={
        "full_refresh": Param(False, type="boolean", title="From nothing", description="Build every model anew."),
    },
    is_paused_upon_creation=True,
    tags=["social-roi", "attribution"],
    **on_schedule("30 3 * * *"),
) as dag:
    stages()
