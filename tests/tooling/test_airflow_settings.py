"""Every Airflow setting in the compose file and the image is one that the locked Airflow knows."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml


@pytest.fixture(scope="module")
def known() -> set[tuple[str, str]]:
    """Section and option of every setting, read from Airflow's own list without importing Airflow."""
    package = find_spec("airflow")
    assert package is not None
    assert package.origin is not None
    listed = yaml.safe_load(
        (Path(package.origin).parent / "config_templates" / "config.yml").read_text(encoding="utf-8")
    )
    return {(section, option) for section, content in listed.items() for option in content["options"]}


OF_CELERY = {("celery", option) for option in ("broker_url", "result_backend", "worker_concurrency")}
"""Settings of the provider that only deploy/celery.Dockerfile installs (3.26.0)."""


@pytest.mark.parametrize("name", ["docker-compose.yml", "Dockerfile", "deploy/celery.yml", "deploy/metrics.yml"])
def test_settings_exist(root: Path, known: set[tuple[str, str]], name: str) -> None:
    used = set(re.findall(r"AIRFLOW__([A-Z_]+?)__([A-Z_]+)\b", (root / name).read_text(encoding="utf-8")))
    assert used
    assert {(section.lower(), option.lower()) for section, option in used} - known - OF_CELERY == set()
