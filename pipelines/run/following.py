"""Tell, as OpenLineage, what a run does: each stage as it begins and ends, and what it read and wrote.

Nothing here is a reason for a run to fail: what cannot be told is a line in the run's log.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.run.log import tell
from pipelines.settings import Home, Settings

if TYPE_CHECKING:
    from pipelines.built import Built
    from pipelines.lineage import Job, Work

WHOLE = "run"
"""The job that stands above all stages."""


@dataclass(frozen=True)
class Following:
    """One stage of a run, followed from ``began`` on. ``is_first`` and ``is_last``: the run begins or ends with it."""

    home: Home
    settings: Settings
    run_id: str
    stage: str
    began: datetime
    is_first: bool
    is_last: bool

    def started(self) -> None:
        """Tell that the stage begins, and the run with its first."""
        with self._told() as events:
            from pipelines.lineage import event

            if self.is_first:
                events.append(event("START", self._whole, run_id=self.run_id, at=self.began))
            events.append(event("START", self._job, run_id=self.run_id, at=self.began, parent=self._whole))

    def ended(self, found: Mapping[str, Any], built: Sequence[Built]) -> None:
        """Tell that the stage ended well, with what it read and wrote, and the run with its last.

        Args:
            found: what the stage found, as the run's record keeps it.
            built: the models that it built.
        """
        with self._told() as events:
            from pipelines.lineage import event

            now, night, above = datetime.now(UTC), self.run_id, self._job
            for work in self._works(found, built):
                began, ended = work.began or self.began, work.ended or now
                events.append(event("START", work.job, run_id=night, at=began, parent=above))
                events.append(
                    event(
                        "COMPLETE", work.job, run_id=night, at=ended, parent=above,
                        inputs=work.inputs, outputs=work.outputs,
                    )
                )  # fmt: skip
            events.append(event("COMPLETE", self._job, run_id=self.run_id, at=now, parent=self._whole))
            if self.is_last:
                events.append(event("COMPLETE", self._whole, run_id=self.run_id, at=now))

    def failed(self, error: BaseException) -> None:
        """Tell that the stage failed or was stopped, and the run with it."""
        with self._told() as events:
            from pipelines.lineage import event

            now, night, said = datetime.now(UTC), self.run_id, str(error)
            events.append(event("FAIL", self._job, run_id=night, at=now, parent=self._whole, error=said))
            events.append(event("FAIL", self._whole, run_id=night, at=now, error=said))

    @property
    def _job(self) -> Job:
        from pipelines.lineage import Job

        return Job(self.stage, "STAGE")

    @property
    def _whole(self) -> Job:
        from pipelines.lineage import Job

        return Job(WHOLE, "RUN")

    def _works(self, found: Mapping[str, Any], built: Sequence[Built]) -> list[Work]:
        from pipelines import lineage

        if lineage.is_off(self.settings):
            return []
        if self.stage == "load":
            return lineage.loaded_work(self.home, since=self.began)
        if self.stage == "publish":
            return lineage.published_work(self.home, Path(found["publication"]))
        from pipelines import attribution, incrementality

        computed = {"attribute": attribution, "incrementality": incrementality}.get(self.stage)
        works = lineage.built_work(self.home, built)
        if computed is None:
            return works
        return (
            lineage.computed_work(self.home, f"{self.stage}.compute", reads=computed.READS, writes=computed.WRITES)
            + works
        )

    @contextmanager
    def _told(self) -> Iterator[list[dict[str, Any]]]:
        from pipelines.lineage import send

        events: list[dict[str, Any]] = []
        try:
            yield events
            send(self.home, self.settings, self.run_id, events)
        except Exception as error:  # noqa: BLE001 - whatever it is: the run is what counts
            tell(self.home, self.run_id, "lineage_not_told", stage=self.stage, error=str(error))
