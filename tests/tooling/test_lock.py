"""requirements.lock pins and hashes everything pyproject.toml asks for, and holds no address."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

NOT_LOCKED = {"nuts"}
"""Extras that `make setup` leaves out, since the environment must stay small."""


@pytest.fixture(scope="module")
def entries(root: Path) -> list[str]:
    """One text per pinned package: its line with the hashes that continue it."""
    lines = (root / "requirements.lock").read_text(encoding="utf-8").splitlines()
    code = "\n".join(line for line in lines if not line.lstrip().startswith("#"))
    return code.replace("\\\n", " ").splitlines()


@pytest.fixture(scope="module")
def pinned(entries: list[str]) -> dict[str, set[Version]]:
    found: dict[str, set[Version]] = {}
    for entry in entries:
        requirement = Requirement(entry.split(" --hash")[0].strip())
        versions = {Version(specifier.version) for specifier in requirement.specifier if specifier.operator == "=="}
        found.setdefault(canonicalize_name(requirement.name), set()).update(versions)
    return found


def test_every_entry_is_one_exact_version_with_hashes(entries: list[str], pinned: dict[str, set[Version]]) -> None:
    assert len(entries) > 100
    for entry in entries:
        assert re.match(r"^[A-Za-z0-9._-]+==\S+ ", entry), entry
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry
    assert all(pinned.values())


def test_lock_holds_no_address_and_no_path(root: Path) -> None:
    text = (root / "requirements.lock").read_text(encoding="utf-8")
    assert re.findall(r"^.*(?:://|--index|--find-links|--extra-index|\(/|file:).*$", text, re.M) == []


def test_lock_agrees_with_every_dependency_of_the_project(root: Path, pinned: dict[str, set[Version]]) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [asked for name, asked in project["optional-dependencies"].items() if name not in NOT_LOCKED]
    asked = [Requirement(text) for group in (project["dependencies"], *extras) for text in group]
    assert len(asked) > 20
    for requirement in asked:
        versions = pinned.get(canonicalize_name(requirement.name), set())
        assert versions, f"{requirement} is not in the lock: make lock"
        assert all(requirement.specifier.contains(version) for version in versions), f"{requirement}: {versions}"


def test_every_extra_is_locked_or_left_out_by_name(root: Path, pinned: dict[str, set[Version]]) -> None:
    extras = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    asked = set(re.findall(r"--extra (\w+)", (root / "scripts" / "lock.sh").read_text(encoding="utf-8")))
    assert asked == set(extras) - NOT_LOCKED
    assert not {canonicalize_name(Requirement(text).name) for name in NOT_LOCKED for text in extras[name]} & set(pinned)


def test_the_build_backend_is_locked_since_the_project_is_installed_without_isolation(
    root: Path, pinned: dict[str, set[Version]]
) -> None:
    asked = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]["requires"]
    assert {canonicalize_name(Requirement(text).name) for text in asked} <= set(pinned)
