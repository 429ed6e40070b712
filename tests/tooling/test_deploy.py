"""What may be added to docker-compose.yml keeps its rules, and speaks of services, metrics and settings that exist."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.tooling.test_compose import shipped_schema, violations

ADDED = {"deploy/metrics.yml": {"prometheus"}, "deploy/celery.yml": {"redis", "worker"}}


@pytest.fixture(scope="module")
def base(root: Path) -> dict[str, Any]:
    return yaml.safe_load((root / "docker-compose.yml").read_text(encoding="utf-8"))


@pytest.fixture(params=ADDED)
def overlay(root: Path, request: pytest.FixtureRequest) -> tuple[str, dict[str, Any]]:
    return request.param, yaml.safe_load((root / request.param).read_text(encoding="utf-8"))


def test_it_obeys_the_compose_specification(overlay) -> None:
    assert violations(overlay[1], shipped_schema("compose-spec")) == []
    broken = json.loads(json.dumps(overlay[1]))
    broken["services"]["scheduler"]["depend_on"] = []
    assert violations(broken, shipped_schema("compose-spec"))


def test_it_changes_services_that_there_are_and_adds_those_that_it_names(base, overlay) -> None:
    name, told = overlay
    assert set(told["services"]) - set(base["services"]) == ADDED[name]
    known = {*base["services"], *told["services"]}
    for service in told["services"].values():
        assert set(service.get("depends_on", {})) <= known


def test_what_it_adds_keeps_the_rules(overlay) -> None:
    name, told = overlay
    for added in ADDED[name]:
        service = told["services"][added]
        assert re.search(r":v?\d+\.\d+", service["image"]), "pinned"
        assert service["healthcheck"]["test"][0] == "CMD"
        assert service["restart"] == "unless-stopped"
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))
    for text in re.findall(r"\$\{(?!STACK_)(\w*(?:PASSWORD|SECRET|KEY)\w*)(:?.)", json.dumps(told)):
        assert text[1] == ":?", f"{text[0]} has no default"


def test_the_worker_of_celery_has_what_the_scheduler_has(base, root: Path) -> None:
    told = yaml.safe_load((root / "deploy" / "celery.yml").read_text(encoding="utf-8"))
    worker, scheduler = told["services"]["worker"], base["services"]["scheduler"]
    needed = {
        name
        for name in scheduler["environment"]
        if not name.startswith(("OTEL_", "AIRFLOW__API__", "AIRFLOW__METRICS", "AIRFLOW__SCHEDULER__"))
    }
    assert needed - {"AIRFLOW__CORE__PARALLELISM", "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION"} <= set(
        worker["environment"]
    )
    assert worker["volumes"] == scheduler["volumes"]
    assert worker["secrets"] == scheduler["secrets"]
    for key in ("security_opt", "cap_drop", "init", "user"):
        assert worker[key] == scheduler[key]


def test_files_that_are_mounted_are_there_and_yaml(root: Path) -> None:
    told = yaml.safe_load((root / "deploy" / "metrics.yml").read_text(encoding="utf-8"))
    for config in told["configs"].values():
        assert yaml.safe_load((root / config["file"]).read_text(encoding="utf-8"))


def test_alerts_ask_for_metrics_that_airflow_sends(root: Path) -> None:
    package = find_spec("airflow")
    assert package is not None
    assert package.origin is not None
    listed = next(Path(package.origin).parent.rglob("metrics_template.yaml"))
    known = {
        f"airflow_{metric['name'].replace('.', '_')}" + ("_total" if metric["type"] == "counter" else "")
        for metric in yaml.safe_load(listed.read_text(encoding="utf-8"))["metrics"]
    }
    rules = yaml.safe_load((root / "deploy" / "alerts.yml").read_text(encoding="utf-8"))["groups"][0]["rules"]
    asked = {name for rule in rules for name in re.findall(r"airflow_\w+", rule["expr"])}
    assert len(asked) == 3
    assert asked <= known


def test_alerts_go_off_when_they_should_and_not_before(root: Path, tmp_path: Path) -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool, which comes with Prometheus, is not installed")
    for name in ("deploy/prometheus.yml", "deploy/alerts.yml", "tests/tooling/alerts_test.yml"):
        shutil.copy(root / name, tmp_path)
    told = subprocess.run([promtool, "--version"], capture_output=True, text=True, check=True)
    questions = [["test", "rules", "alerts_test.yml"]]
    if "version 2." not in told.stdout + told.stderr:  # which knows no OTLP
        questions.append(["check", "config", "prometheus.yml"])
    for question in questions:
        done = subprocess.run([promtool, *question], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
