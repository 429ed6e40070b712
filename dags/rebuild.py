"""# Rebuild

Everything from the lake, on demand: the warehouse is emptied, what has landed is loaded again, every model is built
from nothing, checked and published. No file of the landing folder is read. Readers keep the earlier publication until
the new one has passed its checks; a rebuild that dies is taken up by the next night, which loads what is missing.
"""

from __future__ import annotations

import sys
from pathlib import Path

from airflow.sdk import DAG

sys.path.append(str(Path(__file__).parent))  # Airflow does so itself, a plain DagBag does not

from wiring import on_schedule, stages

with DAG(
    dag_id="rebuild",
    description="Load, build, check and publish everything anew from the lake",
    doc_md=__doc__,
    is_paused_upon_creation=False,
    tags=["social-roi", "rebuild"],
    **on_schedule(None),
) as dag:
    stages(afresh=True)
