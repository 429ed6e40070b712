"""A small invented company, written as the files that the networks themselves would export.

The only place where networks are named in Python: these are fixtures of their formats, not readers of them.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.errors import UsageError

if TYPE_CHECKING:
    from pipelines.simulate.world import World

LAST_DAY = date(2026, 8, 31)
"""The last day told, where nothing else is asked for."""


def write_company(out: Path, *, seed: int, days: int, scale: float = 1.0, end: date = LAST_DAY) -> list[Path]:
    """Write one company's exports below ``out/<source>/[<account>/]``.

    Args:
        out: the folder to write to, usually ``landing/``.
        seed: the same seed, days, scale and end give the same bytes.
        days: length of the period that ends with ``end``; at least 14.
        scale: multiplies customers, wholesale and money spent, not the number of posts.
        end: the last day told.

    Returns:
        The files written.

    Raises:
        UsageError: ``days`` or ``scale`` is too small to tell a story.
    """
    return write_exports(company(seed=seed, days=days, scale=scale, end=end), out)


def company(*, seed: int, days: int, scale: float = 1.0, end: date = LAST_DAY) -> World:
    """Draw the company that ``write_company`` writes.

    Raises:
        UsageError: ``days`` or ``scale`` is too small to tell a story.
    """
    if days < 14 or scale <= 0:
        raise UsageError(f"days={days}, scale={scale}: a company takes at least 14 days and a scale above 0")
    from pipelines.simulate.world import build_world

    return build_world(seed=seed, days=days, scale=scale, end=end)


def write_exports(world: World, out: Path) -> list[Path]:
    """Write what a company exports on the morning after its last day below ``out``; the files written."""
    from pipelines.simulate.linkedin import write_linkedin
    from pipelines.simulate.meta import write_meta
    from pipelines.simulate.shopify import write_shopify
    from pipelines.simulate.templates import write_templates
    from pipelines.simulate.tiktok import write_tiktok
    from pipelines.simulate.x import write_x
    from pipelines.simulate.youtube import write_youtube

    writers = (
        write_x,
        write_meta,
        write_linkedin,
        write_youtube,
        write_tiktok,
        write_shopify,
        write_templates,
    )
    return [path for write in writers for path in write(world, out)]
