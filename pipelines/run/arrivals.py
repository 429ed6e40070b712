"""What comes in: files from the landing folder into the lake, and from there into the warehouse."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from pipelines.errors import NotReadyError
from pipelines.settings import Home, Settings

if TYPE_CHECKING:
    from pipelines.land import Receipt
    from pipelines.load import LoadSummary


@dataclass(frozen=True)
class Ingested:
    """What became of each file, what was loaded, and the columns that are told of for the first time."""

    receipts: tuple[Receipt, ...]
    summary: LoadSummary
    new_columns: tuple[str, ...] = ()


def ingest(home: Home, settings: Settings, *, paths: list[Path] | None = None, source: str | None = None) -> Ingested:
    """Land new files, all or those named, and load what the ledger lacks."""
    from pipelines.land import land, tell_new_columns

    receipts = land(home, settings, paths=paths, source=source)
    news = tuple(map(str, tell_new_columns(home, receipts)))
    return Ingested(tuple(receipts), load_landed(home, settings), news)


def land_source(
    home: Home,
    settings: Settings,
    *,
    source: str | None = None,
    date_from: date | None = None,
    date_to: date | None = None,
    or_landed: bool = False,
) -> dict[str, int]:
    """Land new files and say how many ended in which status.

    Args:
        home: the deployment.
        settings: hold what files do not say of themselves.
        source: only the files in this source's folder; ``""``: those in no source's folder.
        date_from: with ``date_to``: only files whose content speaks of a day in this range, or of no day.
        date_to: the last day of the range.
        or_landed: also the files that came into the landing folder on a day of the range.

    Raises:
        NotReadyError: there is no landing folder: a mount that is missing is no night without news.
    """
    from pipelines.land import land, tell_new_columns

    if not home.landing.is_dir():
        raise NotReadyError(
            "there is no landing folder", where=str(home.landing), remedy="Create it, or mount it where it belongs"
        )
    days = None if date_from is None and date_to is None else (date_from or date.min, date_to or date.max)
    wanted = _speaks_of(days, ZoneInfo(settings.time_zone), or_landed=or_landed) if days else None
    receipts = land(home, settings, source=source, wanted=wanted)
    for news in tell_new_columns(home, receipts):
        logging.getLogger(__name__).warning("%s", news)
    return _by_status(receipts)


def load_landed(home: Home, settings: Settings, *, afresh: bool = False) -> LoadSummary:
    """Load what has landed and the ledger lacks; with ``afresh`` into an empty warehouse."""
    from pipelines.load import load

    return load(home, settings, afresh=afresh)


def _speaks_of(days: tuple[date, date], zone: ZoneInfo, *, or_landed: bool) -> Callable[[Path, Receipt], bool]:
    """Whether a file speaks of one of these days, or of none, or came in on one."""
    first, last = map(str, days)

    def speaks(path: Path, receipt: Receipt) -> bool:
        if (
            or_landed
            and path.exists()
            and first <= str(datetime.fromtimestamp(path.stat().st_mtime, zone).date()) <= last
        ):
            return True
        return (receipt.period_start or first) <= last and (receipt.period_end or last) >= first

    return speaks


def _by_status(receipts: list[Receipt]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for receipt in receipts:
        counts[receipt.status] = counts.get(receipt.status, 0) + 1
    return counts
