"""How far the reading of a large file has come, for someone who sits before a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.land.source import Watch, find_source


@contextmanager
def watching(path: Path) -> Iterator[Watch | None]:
    """A bar on standard error, gone when the file is read; nothing where that is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(f"Reading {path.name}", total=_size(path))

        def watch(read: int) -> None:
            progress.update(task, completed=read)

        yield watch


def _size(path: Path) -> int | None:
    """How many bytes there are to read; None where only the end of the file tells."""
    source = find_source(path)
    if source and source.member:
        return source.member.file_size
    return None if source and source.is_gzip else path.stat().st_size
