"""The chosen fixtures are landed once for the session; the end of a run says sources x checks."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from pipelines.spec import load_specs
from tests.conformance.cases import Case, cases
from tests.conformance.landed import Landed, land_all

CHECK = re.compile(r"tests/conformance/test_\w+\.py::test_(?P<check>\w+)\[(?:\w+-)?(?P<source>\w+)/")


@pytest.fixture(scope="session", autouse=True)
def _own_key(tmp_path_factory: pytest.TempPathFactory) -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOCIAL_ROI_KEY_FILE", str(tmp_path_factory.getbasetemp() / "identifiers.key"))
        yield


@pytest.fixture(scope="session")
def landed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Landed]:
    """Every fixture that a chosen test asks for, by its case's id."""
    given = (getattr(getattr(item, "callspec", None), "params", {}).get("case") for item in request.session.items)
    asked = {case.id for case in given if isinstance(case, Case)}
    return land_all([case for case in cases() if case.id in asked], tmp_path_factory.mktemp("conformance"))


def _cell(counted: Counter[str]) -> str:
    """Passed of those that were run, and how many were left out with a reason."""
    run = counted.total() - counted["skipped"]
    left_out = f" -{counted['skipped']}" if counted["skipped"] else ""
    return (f"{counted['passed']}/{run}" if run else "") + left_out


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Sources x checks, and how much there is of each."""
    counts: dict[tuple[str, str], Counter[str]] = {}
    for outcome in ("passed", "failed", "error", "skipped"):
        for report in terminalreporter.stats.get(outcome, []):
            if found := CHECK.match(report.nodeid):
                counts.setdefault((found["source"], found["check"]), Counter())[outcome] += 1
    if not counts:
        return
    checks = list(dict.fromkeys(check for _, check in counts))
    width = max(len(source) for source, _ in counts) + 2
    terminalreporter.section("conformance: sources x checks (passed/run, -left out with a reason)")
    terminalreporter.line(" " * width + "".join(f"{check:>14}" for check in checks))
    for source in sorted({source for source, _ in counts}):
        cells = [counts.get((source, check), Counter()) for check in checks]
        shown = [_cell(cell) for cell in cells]
        terminalreporter.line(f"{source:<{width}}" + "".join(f"{text:>14}" for text in shown))
    specs = load_specs().values()
    layouts = [layout for spec in specs for layout in spec.layouts]
    locales = {loc for layout in layouts for field in layout.fields.values() for loc in field.names}
    terminalreporter.line(
        f"{len(specs)} sources, {len(layouts)} layouts, {len(locales)} locales ({', '.join(sorted(locales))}), "
        f"{len(cases())} fixtures"
    )
