"""docs/checks.md: the runbook's entry for each check, from what the checks say of themselves."""

from __future__ import annotations

from markdown_text import GENERATED, table

from expectations.checks import Check
from expectations.stages import STAGES, suites, tables_present
from pipelines.settings import Settings

HEAD = (
    "# Checks\n\nWhat each check means and what to do where it does not hold. `meta_checks`, the message of a stopped "
    "run and `state/data_docs/index.html` name a check by its stage, its table and this name. **stop**: nothing is "
    "published, readers keep what they have; mend it, then `social-roi run`. **warn**: it is published, and the report "
    "shows it. `social-roi validate STAGE` checks one stage again and shows the rows.\n\n"
)


def checks_page() -> str:
    """One row for each check: the stages that hold it, its severity, what it means and what to do."""
    found: dict[str, list[tuple[str, Check]]] = {}
    for stage in STAGES:
        for suite in (tables_present(stage), *suites(stage, Settings())):
            for check in suite.checks:
                found.setdefault(check.name, []).append((stage, check))
    rows = [
        (
            f"`{name}`",
            ", ".join(dict.fromkeys(stage for stage, _ in held)),
            ", ".join(dict.fromkeys(check.severity for _, check in held)),
            _meaning([check for _, check in held]),
            "; ".join(dict.fromkeys(check.remedy for _, check in held)),
        )
        for name, held in sorted(found.items())
    ]
    return GENERATED + HEAD + table(("check", "stage", "severity", "means that", "where it does not hold"), rows)


def _meaning(checks: list[Check]) -> str:
    """What a check means; of one that holds many tables, an example of it and for how many it stands."""
    first = checks[0].meaning
    tables = {check.table for check in checks}
    return first if len({check.meaning for check in checks}) == 1 else f"{first} (so for {len(tables)} tables)"
