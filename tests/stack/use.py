"""Bring a stack up and down as a user does, and sign in to it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Set
from pathlib import Path

from scripts.stack.deployment import Deployment
from tests.stack.api import Airflow

ROOT = Path(__file__).parents[2]
LONGEST_WAIT = 120
"""Seconds until every DAG is known."""


def stack(home: Path, verb: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """What ``make up`` and ``make down`` run."""
    command = [sys.executable, "-m", "scripts.stack", "--home", str(home), verb]
    return subprocess.run(command, cwd=ROOT, env=os.environ | variables, capture_output=True, text=True, check=False)


def signed_in(home: Path, *, port: str, wanted: Set[str]) -> Airflow:
    """The administrator of a stack that is up, once its DAGs are there."""
    password = Deployment(home).variables()["AIRFLOW_ADMIN_PASSWORD"]
    user = Airflow(f"http://127.0.0.1:{port}", user="admin", password=password)
    until = time.monotonic() + LONGEST_WAIT
    while missing := wanted - set(user.dags()):
        assert time.monotonic() < until, f"DAGs that do not appear: {sorted(missing)}"
        time.sleep(1)
    return user
