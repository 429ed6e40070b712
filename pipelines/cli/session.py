"""What every verb shares: the home, a standard output that carries the result alone, and one way to fail."""

from __future__ import annotations

import errno
import functools
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

import click

from pipelines.errors import CheckStopError, NotReadyError, SocialRoiError
from pipelines.settings import Home, Settings, load_settings
from pipelines.spec import use_own_sources

WIDTH = 120
"""Of tables that do not go to a terminal."""

PLAIN_ERRORS = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT}
"""What the machine refuses: told in one line, where other unforeseen errors keep their traceback."""

FULL = {errno.ENOSPC, errno.EDQUOT}
MAKE_ROOM = "Free space, then run it again: nothing is half done, and readers keep what is published"


@dataclass(frozen=True)
class Result:
    """What a verb found.

    Attributes:
        payload: the object that ``--json`` prints.
        show: writes the same for people, to a rich console.
        exit_code: 0, or 1 when something was refused.
    """

    payload: dict[str, Any]
    show: Callable[[Any], None]
    exit_code: int = 0


@dataclass
class Session:
    """One call of the command line."""

    root: Path = Path("var")
    as_json: bool = False
    started: float = field(default_factory=time.monotonic)

    @property
    def home(self) -> Home:
        return Home(self.root.resolve())

    @functools.cached_property
    def settings(self) -> Settings:
        return load_settings(self.home)

    def progress(self, text: str) -> None:
        """One line on standard error, with the seconds since the start."""
        click.echo(f"{time.monotonic() - self.started:6.1f}s  {text}", err=True)

    def prepare(self) -> Home:
        """The home, ready to be written to.

        Raises:
            NotReadyError: it cannot be created or written to.
        """
        home = self.home
        try:
            home.state.mkdir(parents=True, exist_ok=True)
            probe = home.state / f".probe-{os.getpid()}"
            probe.touch()
            probe.unlink()
        except OSError as error:
            raise NotReadyError(
                f"cannot be used as the home folder: {error.strerror}",
                where=str(home.root),
                remedy="Give another with --home",
            ) from error
        return home

    def landing(self) -> Path:
        """The landing folder, which must be there and readable."""
        folder = self.home.landing
        require_folder(folder, remedy="Create it and put exports into it: landing/<source>/<file>")
        return folder


def require_folder(folder: Path, *, remedy: str) -> None:
    """Refuse a folder that is missing or cannot be listed.

    Raises:
        NotReadyError: says which of the two.
    """
    try:
        with os.scandir(folder):
            return
    except OSError as error:
        raise NotReadyError(f"cannot be read: {error.strerror}", where=str(folder), remedy=remedy) from error


def verb(function: Callable[..., Result]) -> Callable[..., None]:
    """Make a command of a function from a session and options to a result."""

    def command(session: Session, /, *, as_json: bool, root: Path | None, **given: Any) -> None:
        session.as_json = session.as_json or as_json
        session.root = root or session.root
        with _kept_stdout() as stream:
            use_own_sources(session.home.sources)
            exit_code = _answer(session, stream, lambda: function(session, **given))
        sys.exit(exit_code)

    functools.update_wrapper(command, function)
    home = click.option("--home", "root", type=click.Path(path_type=Path), help="The home folder.")
    json_only = click.option("--json", "as_json", is_flag=True, help="Print one JSON object on standard output.")
    return json_only(home(click.pass_obj(command)))


def _answer(session: Session, stream: TextIO, work: Callable[[], Result]) -> int:
    """Do the work and print what came of it; the exit status."""
    try:
        result = work()
    except SocialRoiError as error:
        told = {
            "what": error.what,
            "where": error.where,
            "remedy": error.remedy,
            "kind": type(error).__name__,
        }
        line = str(error) if isinstance(error, CheckStopError) else " ".join(str(error).split())
        return _fail(session, stream, line, told, error.exit_code)
    except OSError as error:
        if error.errno not in PLAIN_ERRORS:
            raise
        where = str(error.filename) if error.filename else None
        remedy = MAKE_ROOM if error.errno in FULL else None
        told = {"what": error.strerror, "where": where, "remedy": remedy, "kind": type(error).__name__}
        line = f"{where}: {error.strerror}" if where else str(error.strerror)
        return _fail(session, stream, f"{line}. {remedy}" if remedy else line, told, 1)
    if session.as_json:
        _print_json(stream, result.payload)
    else:
        result.show(_console(stream))
    return result.exit_code


def _fail(session: Session, stream: TextIO, line: str, told: dict[str, Any], exit_code: int) -> int:
    click.echo(f"social-roi: {line}", err=True)
    if session.as_json:
        _print_json(stream, {"error": told})
    return exit_code


def _print_json(stream: TextIO, payload: dict[str, Any]) -> None:
    stream.write(json.dumps(payload, default=str, ensure_ascii=False) + "\n")
    stream.flush()


def _console(stream: TextIO) -> Any:
    from rich.console import Console

    return Console(file=stream, width=None if stream.isatty() else WIDTH, highlight=False, soft_wrap=False)


@contextmanager
def _kept_stdout() -> Iterator[TextIO]:
    """Standard output for the result alone: what else is printed, by Python or below it, goes to stderr."""
    own = sys.stdout
    own.flush()
    if own is not sys.__stdout__:
        with redirect_stdout(sys.stderr):
            yield own
        return
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        with redirect_stdout(sys.stderr), os.fdopen(os.dup(kept), "w", encoding=own.encoding) as stream:
            yield stream
    finally:
        with suppress(OSError):
            os.dup2(kept, 1)
        os.close(kept)
