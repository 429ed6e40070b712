"""Airflow's public REST API, as a user's script would speak to it."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import httpx

ENDED = ("success", "failed")
WRITERS = ("load", "validate", "transform", "attribute", "incrementality", "publish")
"""Tasks that write to the warehouse or the publication."""


class Airflow:
    """One signed-in user of a running Airflow."""

    def __init__(self, address: str, *, user: str, password: str) -> None:
        self.client = httpx.Client(base_url=address, timeout=30)
        self.client.headers["Authorization"] = f"Bearer {self._token(user, password)}"

    def _token(self, user: str, password: str) -> str:
        answer = self.client.post("/auth/token", json={"username": user, "password": password})
        return str(self._checked(answer)["access_token"])

    def _checked(self, answer: httpx.Response) -> dict[str, Any]:
        assert answer.is_success, f"{answer.request.url}: {answer.status_code} {answer.text[:500]}"
        found: dict[str, Any] = answer.json()
        return found

    def get(self, path: str, **parameters: Any) -> dict[str, Any]:
        return self._checked(self.client.get(f"/api/v2{path}", params=parameters))

    def post(self, path: str, **content: Any) -> dict[str, Any]:
        return self._checked(self.client.post(f"/api/v2{path}", json=content))

    def unpause(self, dag: str) -> None:
        self._checked(self.client.patch(f"/api/v2/dags/{dag}", json={"is_paused": False}))

    def dags(self) -> dict[str, bool]:
        """Each DAG and whether it is paused."""
        return {told["dag_id"]: told["is_paused"] for told in self.get("/dags", limit=200)["dags"]}

    def trigger(self, dag: str, **conf: Any) -> str:
        now = datetime.now(UTC).isoformat()
        return str(self.post(f"/dags/{dag}/dagRuns", logical_date=now, conf=conf)["dag_run_id"])

    def backfill(self, dag: str, first: str, last: str) -> int:
        told = self.post(
            "/backfills", dag_id=dag, from_date=first, to_date=last, max_active_runs=1, reprocess_behavior="completed"
        )
        return int(told["id"])

    def runs(self, dag: str) -> list[dict[str, Any]]:
        return list(self.get(f"/dags/{dag}/dagRuns", limit=200)["dag_runs"])

    def tasks(self, dag: str) -> list[dict[str, Any]]:
        """The task instances of every run of a DAG."""
        return list(self.get(f"/dags/{dag}/dagRuns/~/taskInstances", limit=1000)["task_instances"])

    def await_runs(self, dag: str, kind: str, count: int, *, seconds: int) -> list[dict[str, Any]]:
        """Wait until a DAG has so many ended runs of a kind: backfill, manual or scheduled."""
        until = time.monotonic() + seconds
        while True:
            ended = [run for run in self.runs(dag) if run["run_type"] == kind and run["state"] in ENDED]
            if len(ended) >= count:
                return ended
            states = [(run["dag_run_id"], run["state"]) for run in self.runs(dag)]
            assert time.monotonic() < until, f"{dag}: {len(ended)} of {count} runs ended: {states}"
            time.sleep(1)


def writers(airflow: Airflow, *dags: str) -> list[dict[str, Any]]:
    """The task instances that wrote, of every run of these DAGs."""
    return [task for dag in dags for task in airflow.tasks(dag) if task["task_id"] in WRITERS]


def overlaps(tasks: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """The pairs of tasks that ran at the same time, by their records."""
    spans = sorted(
        (datetime.fromisoformat(task["start_date"]), datetime.fromisoformat(task["end_date"]), task["task_id"])
        for task in tasks
        if task["start_date"]
    )
    return [(a[2], b[2]) for a, b in pairwise(spans) if b[0] < a[1]]
