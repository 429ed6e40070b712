"""Writing the page of runs: what ran, how long each stage took, what was late, what was refused and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from pipelines.report import figures
from pipelines.report.books import LISTED, standing
from pipelines.report.nights import RunShown, nights
from pipelines.report.nights_charts import Rhythm, rhythm_bars, run_columns, stage_bars
from pipelines.report.panels import Picture, both
from pipelines.report.render import environment, put
from pipelines.report.story import REMEDIES, STATUS_WORDS
from pipelines.report.svg import HUES
from pipelines.settings import Home

PAGE = "runs.html"


@dataclass(frozen=True)
class Freshness:
    """A network with the last day of its metrics; ``rhythm`` is None for one that is gone."""

    display_name: str
    data_through: date | None
    rhythm: Rhythm | None


@dataclass(frozen=True)
class RunsPage:
    """All that the page shows. ``last`` is the newest run, ``told`` the newest that did something."""

    runs: tuple[RunShown, ...]
    freshness: tuple[Freshness, ...]
    turned_away: tuple[dict[str, Any], ...]
    quarantine: tuple[dict[str, Any], ...]
    failed_checks: tuple[dict[str, Any], ...]
    publication_id: str | None
    published_at: datetime | None
    written_at: datetime

    @property
    def last(self) -> RunShown | None:
        return self.runs[0] if self.runs else None

    @property
    def told(self) -> RunShown | None:
        return next((run for run in self.runs if run.outcome not in ("nothing_new", "running")), None)

    @property
    def rhythms(self) -> tuple[Rhythm, ...]:
        """Of the networks that are still there, the latest first."""
        known = [row.rhythm for row in self.freshness if row.rhythm is not None]
        return tuple(sorted(known, key=lambda row: (not row.is_late, row.due_after is None, -row.days_behind)))

    @property
    def late(self) -> list[str]:
        return [row.display_name for row in self.rhythms if row.is_late]


def write_runs(home: Home, records: Sequence[dict[str, Any]]) -> Path:
    """Write ``state/runs.html`` in one step. What is published only a publication changes.

    Args:
        home: the deployment.
        records: of the last runs, the newest first.

    Raises:
        SocialRoiError: a run is writing and nothing is published yet.
    """
    page = read_runs(home, records)
    home.state.mkdir(parents=True, exist_ok=True)
    return put(home.state / PAGE, render_runs(page))


def read_runs(home: Home, records: Sequence[dict[str, Any]]) -> RunsPage:
    """Everything that the page shows of a deployment."""
    found = standing(home, records)
    return RunsPage(
        runs=nights(records),
        freshness=tuple(_freshness(row) for row in found["freshness"]),
        turned_away=tuple(found["turned_away"]),
        quarantine=tuple(found["quarantine"]),
        failed_checks=tuple(found["failed_checks"]),
        publication_id=found["publication_id"],
        published_at=found["published_at"],
        written_at=datetime.now(UTC),
    )


def render_runs(page: RunsPage) -> str:
    """The page as HTML text."""
    made = environment()
    made.filters["duration"] = figures.duration
    return made.get_template("runs.html.j2").render(
        page=page,
        pictures=_pictures(page),
        listed=LISTED,
        status_words=STATUS_WORDS,
        remedies=REMEDIES,
        hues=range(HUES),
        panels=[],
    )


def _pictures(page: RunsPage) -> dict[str, Picture]:
    pictures: dict[str, Picture] = {}
    if (told := page.told) and told.stages:
        pictures["stages"] = both(lambda canvas: stage_bars(told, canvas), "stages", "")
    if len(page.runs) > 1:
        pictures["runs"] = both(lambda canvas: run_columns(page.runs, canvas), "runs", "")
    if page.rhythms:
        pictures["rhythm"] = both(lambda canvas: rhythm_bars(page.rhythms, canvas), "rhythm", "")
    return pictures


def _freshness(row: dict[str, Any]) -> Freshness:
    behind = row["days_behind"]
    rhythm = None
    if behind is not None:
        rhythm = Rhythm(row["network"], row["display_name"], max(behind, 0), row["usual_gap_days"], row["is_late"])
    return Freshness(row["display_name"], row["data_through"], rhythm)
