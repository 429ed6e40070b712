"""Ask Great Expectations whether a stage is sound, write down what it says, and stop where it must."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expectations.stages import STAGES, Suite, suites, tables_present
from pipelines.errors import CheckStopError, SocialRoiError, UsageError
from pipelines.settings import Home, Settings
from pipelines.warehouse import RAW, create_raw_schema, open_warehouse, writer_lock

if TYPE_CHECKING:
    from expectations.checks import Check, Severity
    from expectations.engine import Validation

SAMPLES = 5
RUNS_KEPT = 5
"""How many runs stay in Data Docs; ``raw.checks`` keeps every verdict."""


@dataclass(frozen=True)
class CheckVerdict:
    """What one check said. ``sample_rows`` are up to five rows that failed; ``observed`` counts them all."""

    stage: str
    suite: str
    expectation: str
    severity: Severity
    success: bool
    observed: str
    expected: str
    sample_rows: tuple[dict[str, Any], ...]
    remedy: str


def validate(
    home: Home,
    settings: Settings,
    stage: str,
    *,
    run_id: str,
    database: Path | None = None,
    docs: bool = True,
) -> list[CheckVerdict]:
    """Run every check of a stage and record the verdicts in ``raw.checks``.

    Args:
        home: the deployment.
        settings: models, windows and the reporting currency decide what is expected.
        stage: landing, raw, staging, marts or published.
        run_id: the run that the verdicts belong to; validating a stage again replaces its verdicts.
        database: for ``published``: the candidate file. Without it, what is published now.
        docs: add the stage to Data Docs. Who validates several stages in one process may leave that to one
            ``build_data_docs`` at the end; a stage that stops the run is always added.

    Returns:
        One verdict for each check, in the order of the suites.

    Raises:
        CheckStopError: a check of severity stop failed. Its verdict is recorded before.
        UsageError: there is no such stage.
        SocialRoiError: there is no warehouse, or nothing published, to look at.
        BusyError: another run is writing.
    """
    if stage not in STAGES:
        raise UsageError(f"{stage!r} is no stage", remedy=f"Known: {', '.join(STAGES)}")
    if not home.warehouse.exists():
        raise SocialRoiError("there is no warehouse yet", where=str(home.root), remedy="Run `social-roi ingest` first")
    target = _published(home, database) if stage == "published" else home.warehouse
    with writer_lock(home, purpose=f"validate {stage}, run {run_id}"):
        verdicts = _ask(home, settings, stage, run_id=run_id, target=target)
        _record(home, verdicts, stage=stage, run_id=run_id)
        if docs or _stops(verdicts):
            build_data_docs(home, run_id=run_id)
    _stop_if_failed(verdicts)
    return verdicts


def build_data_docs(home: Home, *, run_id: str | None = None) -> Path:
    """Write Data Docs to ``state/data_docs``: the pages of one run, or of every run that is kept.

    Returns:
        The index page, which lists all runs that are kept.
    """
    from expectations.data_docs import build

    return build(home.state, run_name=run_id, keep=RUNS_KEPT)


def _published(home: Home, database: Path | None) -> Path:
    path = database or home.published / "roi.duckdb"
    if not path.exists():
        raise SocialRoiError("nothing is published here", where=str(path), remedy="Run `social-roi publish` first")
    return path.resolve()


def _ask(home: Home, settings: Settings, stage: str, *, run_id: str, target: Path) -> list[CheckVerdict]:
    from expectations.engine import open_validation

    upstream = home.warehouse if target != home.warehouse else None
    with open_validation(target, state=home.state, upstream=upstream) as validation:
        verdicts = _run_suite(validation, tables_present(stage), stage=stage, run_id=run_id)
        if all(verdict.success for verdict in verdicts):
            for suite in suites(stage, settings):
                verdicts += _run_suite(validation, suite, stage=stage, run_id=run_id)
    return verdicts


def _run_suite(validation: Validation, suite: Suite, *, stage: str, run_id: str) -> list[CheckVerdict]:
    """Validate one table; the results come back in Great Expectations' order and leave in the suite's."""
    result = validation.run(
        suite=suite.name,
        table=suite.table,
        expectations=[check.expectation() for check in suite.checks],
        run_id=run_id,
    )
    answers = {answer.expectation_config.meta["check"]: answer for answer in result.results}
    return [_verdict(check, answers[check.name], stage=stage, suite=suite.name) for check in suite.checks]


def _verdict(check: Check, answer: Any, *, stage: str, suite: str) -> CheckVerdict:
    failure = _exception(answer.exception_info)
    samples: tuple[dict[str, Any], ...] = ()
    if failure is not None:
        observed = f"could not be asked: {failure}"
    else:
        observed, samples = _observed(answer.result, success=answer.success)
    return CheckVerdict(
        stage=stage,
        suite=suite,
        expectation=check.name,
        severity="stop" if failure is not None else check.severity,
        success=bool(answer.success),
        observed=observed,
        expected=check.meaning,
        sample_rows=samples,
        remedy=check.remedy,
    )


def _exception(info: dict[str, Any]) -> str | None:
    """The first line of what went wrong. Great Expectations gives one dictionary, or one for each metric."""
    for one in [info] if "raised_exception" in info else info.values():
        if one["raised_exception"]:
            return str(one["exception_message"]).strip().splitlines()[0]
    return None


def _observed(result: dict[str, Any], *, success: bool) -> tuple[str, tuple[dict[str, Any], ...]]:
    """What was found, in words, and the rows to show. A check that could not be asked never gets here."""
    if success:
        return "nothing amiss", ()
    details = result["details"]
    if "mismatched" in details:
        missing = details["mismatched"]["missing"]
        return f"missing: {', '.join(missing)}", tuple({"missing_column": name} for name in missing[:SAMPLES])
    return _counted(result["observed_value"], "row"), tuple(details["unexpected_rows"][:SAMPLES])


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _record(home: Home, verdicts: Sequence[CheckVerdict], *, stage: str, run_id: str) -> None:
    """Replace the verdicts of this run and stage in the books."""
    checked_at = datetime.now(UTC).replace(tzinfo=None)
    rows = [
        (run_id, checked_at, v.stage, v.suite, v.expectation, v.severity, v.success, v.observed, v.expected)
        for v in verdicts
    ]
    with open_warehouse(home) as connection:
        create_raw_schema(connection)
        connection.execute("begin")
        connection.execute(f"delete from {RAW}.checks where run_id = ? and stage = ?", [run_id, stage])
        connection.executemany(f"insert into {RAW}.checks values (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        connection.execute("commit")


def _stops(verdicts: Sequence[CheckVerdict]) -> list[CheckVerdict]:
    return [verdict for verdict in verdicts if verdict.severity == "stop" and not verdict.success]


def _stop_if_failed(verdicts: Sequence[CheckVerdict]) -> None:
    """Raise for the first stop-level failure, with its samples; name the others."""
    failed = _stops(verdicts)
    if not failed:
        return
    first, others = failed[0], failed[1:]
    lines = [f"{first.expectation} failed: expected that {first.expected}; found {first.observed}"]
    lines += [", ".join(f"{name}={value}" for name, value in row.items()) for row in first.sample_rows]
    lines += [f"also failed: {other.suite} {other.expectation} ({other.observed})" for other in others]
    raise CheckStopError("\n  ".join(lines), where=first.suite, remedy=first.remedy)
