"""`make` alone lists every target, and each target runs what it says."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest


def make(root: Path, *arguments: str) -> str:
    command = ["make", "--no-print-directory", *arguments]
    return subprocess.run(command, cwd=root, check=True, capture_output=True, text=True, timeout=60).stdout


@pytest.fixture(scope="module")
def phony(root: Path) -> list[str]:
    text = (root / "Makefile").read_text(encoding="utf-8")
    return [name for line in re.findall(r"^\.PHONY: (.+)$", text, re.M) for name in line.split()]


def test_make_alone_lists_every_target_with_what_it_does(root: Path, phony: list[str]) -> None:
    listed = dict(re.findall(r"^  ([a-z][a-z0-9-]*) +(\S.*)$", make(root), re.M))
    assert sorted(listed) == sorted(phony)
    assert all(len(description) > 10 for description in listed.values())


def test_no_target_is_missing_from_phony(root: Path, phony: list[str]) -> None:
    text = (root / "Makefile").read_text(encoding="utf-8")
    assert set(re.findall(r"^([a-z][a-z0-9-]*):", text, re.M)) == set(phony)


def test_demo_runs_airflow_on_the_sample_or_on_ones_own_exports(root: Path) -> None:
    assert ".venv/bin/social-roi demo --airflow \n" in make(root, "-n", "demo") + "\n"
    assert '.venv/bin/social-roi demo --airflow --landing "my exports"' in make(
        root, "-n", "demo", "LANDING=my exports"
    )


@pytest.mark.parametrize("target", ["demo", "test", "lint", "format"])
def test_targets_do_their_own_set_up(root: Path, target: str) -> None:
    assert make(root, "-n", target).splitlines()[0].endswith("sh scripts/setup.sh")


def test_every_tool_comes_from_the_locked_environment(root: Path) -> None:
    lines = [line for target in ("demo", "test", "lint", "format") for line in make(root, "-n", target).splitlines()]
    assert all(line.startswith(".venv/bin/") for line in lines if "setup.sh" not in line)


def test_ci_runs_lint_then_test(root: Path) -> None:
    script = (root / ".ci" / "run").read_text(encoding="utf-8")
    assert script.index("\nmake lint\n") < script.index("\nmake test ")
    workflow = (root / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    assert workflow.index("run: make lint") < workflow.index("run: make test")
    assert '["3.11", "3.13"]' in workflow
