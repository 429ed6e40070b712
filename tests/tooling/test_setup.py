"""scripts/setup.sh finds a Python or says what is missing, recovers from interruption, is instant when done.

Small shell scripts stand in for the virtual environment and pip: what is tested is when they are called.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

# A stand-in for python3: answers the version probe, and `-m venv` makes a bin/python that records its calls.
FAKE_PYTHON = """#!/bin/sh
case "$*" in
    -) cat >/dev/null; {probe} ;;
    --version) echo "Python 3.12.0" ;;
    "-m venv --clear .venv")
        rm -rf .venv
        mkdir -p .venv/bin
        printf '#!/bin/sh\\necho "$*" >>calls\\n{pip}\\n' >.venv/bin/python
        chmod +x .venv/bin/python
        echo venv >>calls ;;
esac
"""


class Checkout:
    """A folder with just enough of the project for setup.sh to run in."""

    def __init__(self, root: Path, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(root / "scripts", folder / "scripts")
        (folder / "requirements.lock").write_text("click==8.1\n", encoding="utf-8")
        (folder / "pyproject.toml").write_text("[project]\n", encoding="utf-8")

    def python(self, name: str = "python3", *, probe: str = "true", pip: str = "true") -> Path:
        path = self.folder / name
        path.write_text(FAKE_PYTHON.format(probe=probe, pip=pip), encoding="utf-8")
        path.chmod(0o755)
        return path

    def setup(self, python: str) -> subprocess.CompletedProcess[str]:
        (self.folder / "calls").write_text("", encoding="utf-8")
        environment = os.environ | {"PYTHON": python}
        return subprocess.run(
            ["sh", "scripts/setup.sh"],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    @property
    def calls(self) -> list[str]:
        return (self.folder / "calls").read_text(encoding="utf-8").splitlines()

    @property
    def installs(self) -> list[str]:
        return [call for call in self.calls if " install " in call]


@pytest.fixture
def checkout(root: Path, tmp_path: Path) -> Checkout:
    return Checkout(root, tmp_path)


def test_first_run_installs_lock_by_hash_then_project_and_second_does_nothing(checkout: Checkout) -> None:
    python = str(checkout.python())
    first = checkout.setup(python)
    assert first.returncode == 0, first.stderr
    assert checkout.calls[0] == "venv"
    lock, project = checkout.installs
    assert "--no-deps --require-hashes" in lock
    assert "--no-deps --no-build-isolation" in project
    second = checkout.setup(python)
    assert (second.returncode, second.stderr, checkout.calls) == (0, "", [])


@pytest.mark.parametrize("changed", ["requirements.lock", "pyproject.toml"])
def test_a_changed_lock_or_project_is_installed_into_the_same_environment(checkout: Checkout, changed: str) -> None:
    python = str(checkout.python())
    checkout.setup(python)
    (checkout.folder / changed).write_text("# changed\nrich==14\n", encoding="utf-8")
    assert checkout.setup(python).returncode == 0
    assert "venv" not in checkout.calls
    assert len(checkout.installs) == 2


def test_a_failed_install_shows_the_error_and_the_next_run_builds_anew(checkout: Checkout) -> None:
    broken = checkout.python(pip="echo WARNING: noise; echo ERROR: hash mismatch; exit 1")
    failed = checkout.setup(str(broken))
    assert failed.returncode != 0
    assert "hash mismatch" in failed.stderr
    assert "noise" not in failed.stderr
    mended = checkout.setup(str(checkout.python()))
    assert mended.returncode == 0, mended.stderr
    assert checkout.calls[0] == "venv"


def test_an_environment_that_was_moved_is_built_anew(
    checkout: Checkout, tmp_path_factory: pytest.TempPathFactory
) -> None:
    checkout.setup(str(checkout.python()))
    moved = tmp_path_factory.mktemp("moved") / "checkout"
    shutil.copytree(checkout.folder, moved)
    checkout.folder = moved
    assert checkout.setup(str(moved / "python3")).returncode == 0
    assert "venv" in checkout.calls


@pytest.mark.parametrize(
    ("probe", "said"),
    [("echo is version 3.9.2", "is version 3.9.2"), ("exit 127", "does not start")],
)
def test_a_python_that_does_not_serve_is_named_with_what_to_do(checkout: Checkout, probe: str, said: str) -> None:
    unfit = checkout.python(probe=probe)
    result = checkout.setup(str(unfit))
    assert result.returncode != 0
    assert f"{unfit} {said}" in result.stderr
    assert "needs Python 3.11 to 3.13" in result.stderr
    assert not (checkout.folder / ".venv").exists()


def test_the_first_python_that_serves_is_taken(checkout: Checkout) -> None:
    old = checkout.python("old", probe="echo is version 3.9.2")
    good = checkout.python("good")
    assert checkout.setup(f"missing {old} {good}").returncode == 0
