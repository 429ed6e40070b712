"""What the native stack takes from docker-compose.yml, and what it refuses."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts.stack.composition import CompositionError, Service, fill, merged, services
from scripts.stack.deployment import GENERATED, MARK, ROOT, Deployment
from scripts.stack.supervision import StackError, require_port, require_zone

EVERY = "docker-compose.yml:deploy/metrics.yml:deploy/celery.yml"
WAITING = ["postgres", "migrate", "api-server", "scheduler", "dag-processor"]


def told(files: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in files.split(":"):
        found = merged(found, yaml.safe_load((ROOT / name).read_text(encoding="utf-8")))
    return dict(found["services"])


@pytest.fixture
def stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Deployment:
    monkeypatch.setenv("SOCIAL_ROI_KEY_FILE", str(tmp_path / "key"))
    made = Deployment(tmp_path / "home")
    made.prepare()
    return made


@pytest.fixture(params=["docker-compose.yml", EVERY])
def composed(stack: Deployment, request: pytest.FixtureRequest) -> tuple[dict[str, Any], dict[str, Service]]:
    """The services as the compose files tell them, and as the stack takes them."""
    text = stack.environment_file.read_text(encoding="utf-8")
    chosen = text.replace("COMPOSE_FILE=docker-compose.yml", f"COMPOSE_FILE={request.param}")
    stack.environment_file.write_text(chosen, encoding="utf-8")
    return told(request.param), {service.name: service for service in stack.services()}


def test_services_commands_variables_and_health_checks_are_those_of_the_compose_files(
    composed: tuple[dict[str, Any], dict[str, Service]],
) -> None:
    files, found = composed
    assert set(found) == set(files)
    for name, service in found.items():
        assert len(service.command) == len(files[name].get("entrypoint", []) + files[name].get("command", []))
        assert set(service.environment) == set(files[name].get("environment", {}))
        assert set(service.after) == set(files[name].get("depends_on", {}))
        assert (service.health is not None) == ("healthcheck" in files[name])
        if service.health:
            assert service.health.command[0] == files[name]["healthcheck"]["test"][1]


def test_a_service_comes_after_those_it_waits_for(stack: Deployment) -> None:
    assert [service.name for service in stack.services()] == WAITING


def test_what_is_added_changes_services_and_adds_its_own(
    composed: tuple[dict[str, Any], dict[str, Service]], stack: Deployment
) -> None:
    _, found = composed
    added = set(found) - set(WAITING)
    assert added in (set(), {"redis", "worker", "prometheus"})
    executor = found["scheduler"].environment["AIRFLOW__CORE__EXECUTOR"]
    assert executor == ("CeleryExecutor" if added else "LocalExecutor")
    assert found["scheduler"].environment["SOCIAL_ROI_HOME"] == str(stack.home), "what is not added to stays"


def test_nothing_of_a_container_is_left_in_what_runs_here(
    composed: tuple[dict[str, Any], dict[str, Service]], stack: Deployment
) -> None:
    for service in composed[1].values():
        health = service.health.command if service.health else ()
        for text in (*service.command, *service.environment.values(), *health):
            for elsewhere in (
                "@postgres",
                "@redis",
                "//api-server",
                "//prometheus",
                "0.0.0.0",
                "/data",
                "/run/",
                "/etc/",
            ):
                assert elsewhere not in text.replace(str(stack.home), ""), f"{service.name}: {text}"


def test_every_process_is_marked_and_takes_no_other_airflow_setting(
    stack: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW__CORE__EXECUTOR", "SomethingElse")
    scheduler = next(service for service in stack.services() if service.name == "scheduler")
    environment = stack.environment(scheduler.environment)
    assert environment[MARK] == str(stack.home)
    assert environment["AIRFLOW__CORE__EXECUTOR"] == "LocalExecutor"
    assert environment["SOCIAL_ROI_HOME"] == str(stack.home)


def test_secrets_are_made_once(stack: Deployment) -> None:
    before = stack.variables()
    stack.prepare()
    after = stack.variables()
    assert {name: after[name] for name in GENERATED} == {name: before[name] for name in GENERATED}
    assert len({after[name] for name in GENERATED}) == len(GENERATED)


def test_a_missing_secret_is_named(stack: Deployment) -> None:
    text = stack.environment_file.read_text(encoding="utf-8")
    kept = [line for line in text.splitlines() if not line.startswith("AIRFLOW_FERNET_KEY=")]
    stack.environment_file.write_text("\n".join(kept), encoding="utf-8")
    with pytest.raises(CompositionError, match="AIRFLOW_FERNET_KEY is not given"):
        stack.services()


@pytest.mark.parametrize(
    ("text", "filled"),
    [("${A}", "1"), ("${B:-2}", "2"), ("${B:-}", ""), ("x${A:-2}y${A}", "x1y1"), ("$$HOME", "$HOME"), ("${B}", "")],
)
def test_variables_are_filled_in_as_compose_does(text: str, filled: str) -> None:
    assert fill(text, {"A": "1"}) == filled
    assert fill({"k": [text]}, {"A": "1"}) == {"k": [filled]}


def test_a_variable_that_has_to_be_given_is_asked_for() -> None:
    with pytest.raises(CompositionError, match="B is not given: say it"):
        fill("${B:?say it}", {})


def test_services_of_a_file_are_ordered_whatever_their_order_in_it(tmp_path: Path) -> None:
    path = tmp_path / "compose.yml"
    path.write_text("services: {b: {depends_on: {a: {}}}, c: {depends_on: [b]}, a: {}}", encoding="utf-8")
    assert [service.name for service in services([path], {})] == ["a", "b", "c"]


def test_a_taken_port_is_named_with_the_setting_that_moves_it(stack: Deployment) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", int(stack.variables()["STACK_POSTGRES_PORT"])))
        other.listen()
        postgres = stack.services()[0]
        with pytest.raises(StackError, match=r"port \d+ is in use by another program; give STACK_POSTGRES_PORT"):
            require_port(stack, postgres)


def test_a_wrong_time_zone_is_named_before_anything_starts(stack: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    require_zone(stack)
    monkeypatch.setenv("SOCIAL_ROI_SCHEDULE_ZONE", "Europe/Pariss")
    with pytest.raises(StackError, match="SOCIAL_ROI_SCHEDULE_ZONE: 'Europe/Pariss' is no IANA time zone name"):
        require_zone(stack)
