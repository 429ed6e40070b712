"""What dbt ran for a night, kept so that the next night of the same kind runs it again without dbt (docs/adr/0020).

As long as settings, specifications and the project are the same, dbt comes to the same statements for the same
selection of models; coming to them takes it longer than most of them take to run. A record is a file below
``state/dbt/recorded``, in a folder named by the signature of what dbt read; nothing else is ever looked up.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.built import Built
from pipelines.errors import SocialRoiError

if TYPE_CHECKING:
    import duckdb

ENGINES = ("dbt-core", "dbt-duckdb", "duckdb")
ASKING = ("select", "describe")
COMMENT = re.compile(r"^\s*/\*.*?\*/", re.DOTALL)
"""What dbt says of itself before each statement."""
SHORT = 16
ROWS_OF_A_THREAD = 4_000_000
"""Another thread is used for so many rows of the largest table: a judgement. With one million, a night was measured to
take less processor time on one (``make bench-attribution PARTS=increment``), with more it was not measured."""


@dataclass(frozen=True)
class Step:
    """One model, and the statements that bring it up to date, in their order."""

    model: Built
    statements: tuple[str, ...]


class Listener:
    """Hears of dbt every statement that it runs, by the model that it is run for; but for those that only ask."""

    def __init__(self) -> None:
        self._heard: dict[str, list[str]] = {}

    def __call__(self, event: Any) -> None:
        if (
            event.info.name == "SQLQuery"
            and event.data.node_info.unique_id
            and COMMENT.sub("", event.data.sql).split(maxsplit=1)[0].lower() not in ASKING
        ):
            self._heard.setdefault(event.data.node_info.unique_id, []).append(event.data.sql)

    def steps(self, built: Sequence[Built]) -> tuple[Step, ...]:
        """What was run for each model, in the order in which they ended: each after those that it reads."""
        return tuple(Step(model, tuple(self._heard.get(model.node, ()))) for model in built)


@dataclass(frozen=True)
class Record:
    """Where the statements of one kind of night are kept."""

    path: Path

    @classmethod
    def of(cls, state: Path, signature: str, *kind: str) -> Record:
        """The record of a kind of night.

        Args:
            state: the home's folder of what dbt keeps.
            signature: of all that dbt makes statements from.
            kind: what else they depend on: the selection, and whether a build is added to.
        """
        known = [signature, *(version(engine) for engine in ENGINES)]
        digest, named = (hashlib.sha256(json.dumps(part).encode()).hexdigest()[:SHORT] for part in (known, kind))
        return cls(state / "recorded" / digest / f"{named}.json")

    def keep(self, steps: Sequence[Step]) -> None:
        """Keep what was run; what was kept under other signatures goes."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        for folder in self.path.parents[1].iterdir():
            if folder != self.path.parent:
                shutil.rmtree(folder)
        part = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        part.write_text(json.dumps([dataclasses.asdict(step) for step in steps], default=str), encoding="utf-8")
        part.replace(self.path)

    def steps(self) -> tuple[Step, ...] | None:
        """What was run for a night of this kind; None where none was yet, or what is kept cannot be read."""
        if not self.path.exists():
            return None
        try:
            return tuple(
                Step(Built(**{**step["model"], "began": None, "ended": None}), tuple(step["statements"]))
                for step in json.loads(self.path.read_text(encoding="utf-8"))
            )
        except (ValueError, TypeError, KeyError):
            return None

    def run(self, connection: duckdb.DuckDBPyConnection, steps: Sequence[Step]) -> tuple[Built, ...]:
        """Run again what dbt ran; the models that were built. What fails is forgotten: dbt is asked the next time.

        Raises:
            SocialRoiError: a statement failed; names the model, with the engine's message.
        """
        connection.execute(f"set threads = {_threads(connection)}")
        return tuple(self._run(connection, step) for step in steps)

    def _run(self, connection: duckdb.DuckDBPyConnection, step: Step) -> Built:
        import duckdb

        began = datetime.now(UTC)
        try:
            for statement in step.statements:
                connection.execute(statement)
        except duckdb.Error as error:
            self.path.unlink(missing_ok=True)
            raise SocialRoiError(
                f"model {step.model.name} failed: {' '.join(str(error).split())}",
                where=f"dbt_project/{step.model.path}",
                remedy="Run again: the next run builds everything from nothing, by dbt",
            ) from error
        return dataclasses.replace(step.model, began=began, ended=datetime.now(UTC))


def _threads(connection: duckdb.DuckDBPyConnection) -> int:
    """How many threads a night uses: as many as the engine would, but none for a few rows."""
    allowed: int
    [(allowed, rows)] = connection.execute(
        "select current_setting('threads'), max(estimated_size) from duckdb_tables()"
    ).fetchall()
    return min(allowed, 1 + (rows or 0) // ROWS_OF_A_THREAD)
