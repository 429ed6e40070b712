"""Make what is validated visible to readers, in one step (DESIGN decision 4).

A publication is a new file, ``published/versions/roi-<publication_id>.duckdb``, and the same tables as
Parquet beside it. Both are complete, checked and on disk before the symlinks ``published/roi.duckdb`` and
``published/parquet`` are flipped to them; whatever fails before that leaves the earlier publication in place.
The flip also makes what it says part of what was said (``history.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from pipelines.publish.candidate import Candidate, Verdict, append_verdicts, build_candidate, write_parquet
from pipelines.publish.content import open_target, table_hashes
from pipelines.publish.files import LINK, point, remove, remove_older, sync, sync_tree
from pipelines.publish.history import settle, stage
from pipelines.settings import Home, Settings
from pipelines.warehouse import writer_lock

__all__ = [
    "Candidate",
    "Publication",
    "Verdict",
    "build_candidate",
    "flip",
    "latest",
    "publish",
    "table_hashes",
]


@dataclass(frozen=True)
class Publication:
    """What readers see. ``published_at`` is UTC; ``data_through`` the last day of any metric or order."""

    publication_id: str
    path: Path
    published_at: datetime
    data_through: date | None


def latest(home: Home) -> Path | None:
    """The published file that readers open now, or None before the first publication."""
    link = home.published / LINK
    return link.resolve() if link.exists() else None


def publish(home: Home, settings: Settings, *, run_id: str, check: Callable[[Path], Sequence[Verdict]]) -> Publication:
    """Build a candidate, have it checked, and flip readers to it.

    Args:
        home: the deployment.
        settings: says how many earlier publications stay.
        run_id: the run that this publication belongs to.
        check: looks at the candidate file, returns its verdicts, and raises if it must not be published.

    Raises:
        SocialRoiError: there is nothing to publish, or ``check`` refused it. The earlier publication stays.
    """
    candidate = build_candidate(home, settings, run_id=run_id)
    try:
        return flip(home, settings, candidate, verdicts=check(candidate.path))
    finally:
        _discard(candidate)


def flip(home: Home, settings: Settings, candidate: Candidate, *, verdicts: Iterable[Verdict]) -> Publication:
    """Finish a checked candidate, put it on disk and let readers see it; then remove what is not kept."""
    versions = home.published / "versions"
    final = versions / f"roi-{candidate.publication_id}.duckdb"
    folder = versions / candidate.publication_id
    with writer_lock(home, purpose=f"publish, run {candidate.run_id}"):
        with open_target(candidate.path) as connection:
            append_verdicts(connection, candidate.run_id, verdicts)
            write_parquet(connection, candidate.folder / "parquet")
            said = stage(connection, home)
        sync(candidate.path)
        sync_tree(candidate.folder)
        try:
            candidate.folder.rename(folder)
            candidate.path.rename(final)
            sync(versions)
            _point_readers(home, final=final, parquet=folder / "parquet")
        except BaseException:
            remove(final)
            remove(folder)
            raise
        settle(said)
        remove_older(versions, keep=settings.keep_publications, current=candidate.publication_id)
    return Publication(candidate.publication_id, final, candidate.published_at, candidate.data_through)


def _point_readers(home: Home, *, final: Path, parquet: Path) -> None:
    """Flip both links; if the second cannot be flipped, the first goes back to where it was."""
    link = home.published / "parquet"
    earlier = link.resolve() if link.is_symlink() else None
    point(link, parquet)
    try:
        point(home.published / LINK, final)
    except BaseException:
        remove(link)
        if earlier is not None:
            point(link, earlier)
        raise
    sync(home.published)


def _discard(candidate: Candidate) -> None:
    wal = candidate.path.with_name(f"{candidate.path.name}.wal")
    for path in (candidate.path, wal, candidate.folder):
        remove(path)
