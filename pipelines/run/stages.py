"""The stages of a run in their order, and the checks that close each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.run.arrivals import land_source, load_landed
from pipelines.settings import Home, Settings

if TYPE_CHECKING:
    from pipelines.publish import Publication
    from pipelines.validate import CheckVerdict

CHECKED_STAGES = ("landing", "raw", "staging", "marts", "published")


@dataclass(frozen=True)
class Run:
    """One pass over the stages.

    Attributes:
        date_from: with ``date_to``: only files whose content speaks of a day in this range are landed. A file
            that names no day is landed in any case. What is loaded already stays.
        full_refresh: build every dbt model from nothing.
        from_lake: begin with an empty warehouse and load all that has landed.
    """

    home: Home
    settings: Settings
    run_id: str
    full_refresh: bool = False
    date_from: date | None = None
    date_to: date | None = None
    from_lake: bool = False


@dataclass(frozen=True)
class Stage:
    """A step that acts, and the checks that must pass before the next one starts."""

    name: str
    act: Callable[[Run], dict[str, Any]]
    gates: tuple[str, ...] = ()


def check(
    home: Home, settings: Settings, stage: str, *, run_id: str, database: Path | None = None
) -> list[CheckVerdict]:
    """Hold one stage against its expectations; ``database`` is the file to look at for ``published``.

    A stage that passes is written into Data Docs with the others, when the run publishes.
    """
    from pipelines.validate import validate

    return validate(home, settings, stage, run_id=run_id, database=database, docs=False)


def publish_checked(home: Home, settings: Settings, *, run_id: str) -> Publication:
    """Publish the warehouse, once the candidate has passed the checks on what is published. Their pages are written
    before any reader sees it, so that a disk too full for them publishes nothing."""
    from pipelines.publish import publish
    from pipelines.validate import build_data_docs

    def verdicts(candidate: Path) -> list[CheckVerdict]:
        found = check(home, settings, "published", run_id=run_id, database=candidate)
        build_data_docs(home, run_id=run_id)
        return found

    return publish(home, settings, run_id=run_id, check=verdicts)


def write_report(home: Home) -> Path:
    """Write the HTML report of what is published."""
    from pipelines import report

    return report.write_report(home)


def _land(run: Run) -> dict[str, Any]:
    return {"landed": land_source(run.home, run.settings, date_from=run.date_from, date_to=run.date_to)}


def _load(run: Run) -> dict[str, Any]:
    summary = load_landed(run.home, run.settings, afresh=run.from_lake)
    found = {"files": summary.statuses, "loaded": {"files": summary.files, "rows": summary.rows}}
    if summary.upgrade:  # what was built in the warehouse before is gone, or of another version
        return found | {"upgrade": summary.upgrade, "inputs": _inputs(run)}
    return found | _unchanged(run)


def _unchanged(run: Run) -> dict[str, Any]:
    """What a run that would compute the same again takes over from the one that did."""
    from pipelines.run.unchanged import published_before

    inputs = _inputs(run)
    before = None if run.from_lake else published_before(run.home, inputs)
    if before is None:
        return {"inputs": inputs}
    kept = {name: before[name] for name in ("publication_id", "publication", "data_through", "report")}
    return {"inputs": inputs, "unchanged": True, **kept}


def _inputs(run: Run) -> str:
    from pipelines.run.unchanged import inputs_digest

    return inputs_digest(run.home, run.settings)


def _transform(run: Run) -> dict[str, Any]:
    from pipelines.transform import transform

    return {"built": transform(run.home, run.settings, full_refresh=run.full_refresh)}


def _attribute(run: Run) -> dict[str, Any]:
    from pipelines.attribution import compute
    from pipelines.transform import attribute

    compute(run.home, run.settings)
    return {"built": attribute(run.home, run.settings, full_refresh=run.full_refresh)}


def _incrementality(run: Run) -> dict[str, Any]:
    from pipelines.incrementality import compute
    from pipelines.transform import present

    compute(run.home, run.settings)
    return {"built": present(run.home, run.settings, full_refresh=run.full_refresh)}


def _publish(run: Run) -> dict[str, Any]:
    made = publish_checked(run.home, run.settings, run_id=run.run_id)
    return {
        "publication_id": made.publication_id,
        "publication": str(made.path),
        "data_through": made.data_through and str(made.data_through),
    }


def _report(run: Run) -> dict[str, Any]:
    return {"report": str(write_report(run.home))}


STAGES = (
    Stage("land", _land),
    Stage("load", _load),
    Stage("validate", lambda _: {}, gates=("landing", "raw")),
    Stage("transform", _transform, gates=("staging",)),
    Stage("attribute", _attribute),
    Stage("incrementality", _incrementality, gates=("marts",)),
    Stage("publish", _publish),
    Stage("report", _report),
)
"""The order of a run. ``publish`` has its gate inside: the candidate is checked before any reader sees it."""
