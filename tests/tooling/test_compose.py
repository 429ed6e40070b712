"""docker-compose.yml obeys the compose specification, and our own rules of order, secrets and reach."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

ORDER = ("postgres", "api-server", "scheduler", "dag-processor")
SECRETS = {
    "POSTGRES_PASSWORD",
    "AIRFLOW_FERNET_KEY",
    "AIRFLOW_JWT_SECRET",
    "AIRFLOW_API_SECRET_KEY",
    "AIRFLOW_ADMIN_PASSWORD",
    "SOCIAL_ROI_IDENTIFIERS_KEY",
}
OPTIONAL = {"SOCIAL_ROI_WEBHOOK", "SOCIAL_ROI_SMTP"}
OF_WHAT_IS_ADDED = {"REDIS_PASSWORD"}
VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?P<rest>[^}]*)\}")


@pytest.fixture(scope="module")
def compose(root: Path) -> dict[str, Any]:
    return yaml.safe_load((root / "docker-compose.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def services(compose: dict[str, Any]) -> dict[str, Any]:
    return compose["services"]


def shipped_schema(name: str) -> dict[str, Any]:
    """A published schema, as check-jsonschema ships it."""
    source = files("check_jsonschema") / "builtin_schemas" / "vendor" / f"{name}.json"
    return json.loads(source.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def specification() -> dict[str, Any]:
    return shipped_schema("compose-spec")


def violations(document: Any, schema: dict[str, Any]) -> list[str]:
    checker = jsonschema.validators.validator_for(schema)(schema)
    return [f"{error.json_path}: {error.message}" for error in checker.iter_errors(document)]


def test_file_obeys_the_compose_specification(compose: dict[str, Any], specification: dict[str, Any]) -> None:
    assert violations(compose, specification) == []


@pytest.mark.parametrize(
    ("service", "key", "value"),
    [("scheduler", "depend_on", []), ("postgres", "image", 17), ("api-server", "healthcheck", {"test": 1})],
)
def test_specification_refuses_a_broken_file(
    compose: dict[str, Any], specification: dict[str, Any], service: str, key: str, value: object
) -> None:
    broken = json.loads(json.dumps(compose))
    broken["services"][service][key] = value
    assert violations(broken, specification)


def test_ci_workflow_obeys_its_schema_as_well(root: Path) -> None:
    text = (root / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    document = yaml.safe_load(text)
    document["on"] = document.pop(True)  # what YAML 1.1 takes the key "on" for
    assert violations(document, shipped_schema("github-workflows")) == []


def conditions_before(services: dict[str, Any], name: str) -> dict[str, str]:
    """Every service that has to come before ``name``, directly or not, with the condition it has to meet."""
    found: dict[str, str] = {}
    for earlier, how in services[name].get("depends_on", {}).items():
        found |= {earlier: how["condition"]} | conditions_before(services, earlier)
    return found


@pytest.mark.parametrize("position", range(1, len(ORDER)))
def test_each_service_waits_until_the_ones_before_are_healthy(services: dict[str, Any], position: int) -> None:
    before = conditions_before(services, ORDER[position])
    assert all(before[earlier] == "service_healthy" for earlier in ORDER[:position])
    assert before["migrate"] == "service_completed_successfully"


def test_every_lasting_service_has_a_health_check_and_restarts(services: dict[str, Any]) -> None:
    assert set(services) == {*ORDER, "migrate"}
    for name in ORDER:
        assert services[name]["healthcheck"]["test"][0] == "CMD", name
        assert services[name]["restart"] == "unless-stopped", name


def test_health_is_asked_of_postgres_and_of_the_api_server(services: dict[str, Any]) -> None:
    assert services["postgres"]["healthcheck"]["test"][1] == "pg_isready"
    asked = {name: services[name]["healthcheck"]["test"][3] for name in ORDER[1:]}
    assert asked == {"api-server": "metadatabase", "scheduler": "scheduler", "dag-processor": "dag_processor"}


def test_ports_are_open_to_this_machine_only(services: dict[str, Any]) -> None:
    ports = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert set(ports) == {"api-server"}
    assert all(port.startswith("127.0.0.1:") for published in ports.values() for port in published)
    assert not any(service.get("network_mode") for service in services.values())


def test_landing_folder_is_mounted_read_only_where_tasks_run(services: dict[str, Any]) -> None:
    binds = {volume["target"]: volume for volume in services["scheduler"]["volumes"] if isinstance(volume, dict)}
    assert binds["/data/landing"]["type"] == "bind"
    assert binds["/data/landing"]["read_only"] is True
    assert binds["/data"]["source"].startswith("${SOCIAL_ROI_HOME:-")


def test_images_are_pinned(services: dict[str, Any], root: Path) -> None:
    dockerfile = (root / "Dockerfile").read_text(encoding="utf-8")
    images = [service["image"] for service in services.values()] + re.findall(r"^FROM (\S+)", dockerfile, re.M)
    assert len(images) == len(services) + 2
    for image in images:
        assert re.search(r":\d+\.\d+", image), image


def test_secrets_come_from_the_environment_only(root: Path, compose: dict[str, Any]) -> None:
    text = (root / "docker-compose.yml").read_text(encoding="utf-8")
    used = {found["name"]: found["rest"] for found in VARIABLE.finditer(text)}
    named = set(used) | {secret["environment"] for secret in compose["secrets"].values()}
    assert named >= SECRETS
    # A secret has no default: without it nothing starts.
    assert all(used[name].startswith(":?") for name in SECRETS if name in used)
    for name, service in compose["services"].items():
        for key, value in service.get("environment", {}).items():
            if re.search(r"SECRET|PASSWORD$|FERNET|_KEY$", key):
                assert VARIABLE.fullmatch(value), f"{name}.{key} is written out"


def test_env_example_explains_every_variable_and_holds_no_secret(root: Path, compose: dict[str, Any]) -> None:
    lines = (root / ".env.example").read_text(encoding="utf-8").splitlines()
    given = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    assert {name for name, value in given.items() if not value} == SECRETS | OPTIONAL | OF_WHAT_IS_ADDED
    text = (root / "docker-compose.yml").read_text(encoding="utf-8")
    used = {found["name"] for found in VARIABLE.finditer(text)}
    used |= {secret["environment"] for secret in compose["secrets"].values()}
    used = {name for name in used if not name.startswith("STACK_")}  # where things are: `make up` knows
    assert set(given) == used | OF_WHAT_IS_ADDED | {"COMPOSE_FILE"}
    for name in SECRETS | OF_WHAT_IS_ADDED:
        assert lines[lines.index(f"{name}=") - 1].startswith("#   python3 -c "), f"{name}: how is it generated?"


def test_only_the_scheduler_holds_the_key_and_the_data(services: dict[str, Any]) -> None:
    assert [name for name, service in services.items() if service.get("secrets")] == ["scheduler"]
    assert services["scheduler"]["environment"]["SOCIAL_ROI_KEY_FILE"].endswith(":-/run/secrets/identifiers_key}")
    mounts = {name: str(service.get("volumes", [])) for name, service in services.items()}
    assert [name for name, volumes in mounts.items() if "'/data'" in volumes] == ["scheduler"]


def test_the_pool_that_tasks_wait_for_is_made_before_any_task_can_run(root: Path, services: dict[str, Any]) -> None:
    script = (root / "scripts" / "container" / "migrate.sh").read_text(encoding="utf-8")
    wanted = re.search(r'WRITER_POOL = "(\w+)"', (root / "dags" / "wiring.py").read_text(encoding="utf-8"))
    assert wanted is not None
    assert f"airflow pools set {wanted.group(1)} 1 " in script
    assert services["migrate"]["command"] == ["sh", "scripts/container/migrate.sh"]
