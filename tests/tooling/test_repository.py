"""What may stand in a tracked file: no address of a package index, no machine's path, nothing generated."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml

# Written in two parts, so that this file does not find itself.
MACHINE_PATHS = re.compile("|".join(rf"(?<![\w.$}}])/{name}/" for name in ("root", "work", "Users", "home/[a-z]+")))
INDEX = re.compile(r"(?:--|^\s*)(?:extra-)?index-url|--find-links +\S*/|/simple(?:/|\b)(?=.*https?://)", re.M)
ALLOWED = {
    "Dockerfile": re.compile(r"/home/roi"),
}
BINARY = {".png", ".jpg", ".ico", ".woff2", ".xls", ".xlsx", ".parquet", ".zip", ".gz"}


def findings(path: Path, text: str) -> list[str]:
    """Every line with a machine's path or an index's address."""
    allowed = ALLOWED.get(path.as_posix())
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        checked = allowed.sub("", line) if allowed else line
        if MACHINE_PATHS.search(checked) or INDEX.search(checked):
            found.append(f"{path}:{number}: {line.strip()[:120]}")
    return found


def test_tracked_files_hold_no_machine_path_and_no_index_address(root: Path, tracked: list[Path]) -> None:
    assert len(tracked) > 20
    texts = [path for path in tracked if path.suffix not in BINARY and path.parts[:2] != ("tests", "tooling")]
    found = [
        line for path in texts for line in findings(path, (root / path).read_text(encoding="utf-8", errors="replace"))
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "see /" + "root/.venv",
        "open('/" + "work/main/x')",
        "cp /" + "Users/ann/x .",
        "--index-" + "url https://example.org",
        "index-" + "url = https://example.org",
    ],
)
def test_the_check_sees_what_it_is_for(line: str) -> None:
    assert findings(Path("x.md"), line)


@pytest.mark.parametrize("line", ["/opt/social-roi/work/x", "https://example.org/work/x", "$HOME/root/x", "network/"])
def test_the_check_leaves_other_paths_alone(line: str) -> None:
    assert findings(Path("x.md"), line) == []


def test_nothing_generated_and_no_secret_is_tracked(tracked: list[Path]) -> None:
    unwanted = re.compile(r"(^|/)(target|__pycache__|dbt_packages|var|\.venv[^/]*)/|\.duckdb$|(^|/)\.env$|\.log$")
    assert [path.as_posix() for path in tracked if unwanted.search(path.as_posix())] == []


def test_at_most_five_rules_are_off_in_each_tool_and_each_has_its_reason(root: Path) -> None:
    ruff_section = (root / "pyproject.toml").read_text(encoding="utf-8").split("\nignore = [", 1)[1].split("]", 1)[0]
    rules = [line for line in ruff_section.splitlines() if line.strip()]
    assert len(rules) == len(tomllib.loads((root / "pyproject.toml").read_text())["tool"]["ruff"]["lint"]["ignore"])
    assert len(rules) <= 5
    assert all(re.search(r"# \w+", rule) for rule in rules)
    lines = (root / ".sqlfluff").read_text(encoding="utf-8").splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("exclude_rules"))
    off = [name.strip() for name in lines[at].split("=", 1)[1].split(",") if name.strip()]
    assert len(off) <= 5
    reasons = "\n".join(line for line in lines[:at] if line.startswith("#"))
    assert all(name in reasons for name in off)


@pytest.mark.parametrize("name", [".pre-commit-config.yaml", ".github/workflows/ci.yml"])
def test_hooks_and_workflow_call_the_makefile(root: Path, name: str) -> None:
    text = (root / name).read_text(encoding="utf-8")
    assert yaml.safe_load(text)
    assert "make lint" in text
    assert "make test" in text


def test_licence_is_the_whole_apache_licence(root: Path) -> None:
    text = (root / "LICENSE").read_text(encoding="utf-8")
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text
    assert len(text) > 11_000


def test_every_decision_record_has_its_sections_and_fits_a_page(root: Path) -> None:
    records = sorted((root / "docs" / "adr").glob("[0-9]*.md"))
    assert len(records) >= 8
    assert [path.name[:4] for path in records] == [f"{number:04}" for number in range(1, len(records) + 1)]
    for path in records:
        text = path.read_text(encoding="utf-8")
        assert re.findall(r"^## (.+)$", text, re.M) == ["Context", "Decision", "Consequences"], path.name
        assert re.search(r"^Status: (accepted|superseded by \d{4})", text, re.M), path.name
        assert len(text.split()) <= 500, path.name
