"""One verb for each stage. Each calls what the Airflow tasks call, and says what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from pipelines import run as pipeline
from pipelines.cli import inspecting, tables
from pipelines.cli.closing import closing
from pipelines.cli.session import Result, Session, verb
from pipelines.errors import SocialRoiError, UsageError

TURNED_AWAY = ("refused", "needs_answer")
"""The status of a file with which ``inspect`` and ``ingest`` end with exit status 1. Rows in quarantine do not
make it so: they are told, and the rest of their file is loaded."""

Day = click.DateTime(formats=["%Y-%m-%d"])


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--columns", "all_columns", is_flag=True, help="Say of each column what it is read as.")
@verb
def inspect(session: Session, *, files: tuple[Path, ...], all_columns: bool) -> Result:
    """Say what each FILE is and what will happen to it, and load nothing.

    Source, format, language, grain, period, account, rows and why some are not taken, the total of each figure,
    columns that are new, and what is unknown with how to answer it. Exit status 1 when a file is refused or needs
    an answer.
    """
    from pipelines.land import explain_file

    found = [explain_file(path.resolve(), home=session.home, settings=session.settings) for path in files]
    return Result(
        {"files": [inspecting.told(one) for one in found]},
        lambda console: inspecting.inspected(console, found, all_columns=all_columns),
        _turned_away([one.receipt for one in found]),
    )


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@verb
def ingest(session: Session, *, paths: tuple[Path, ...]) -> Result:
    """Land and load new files: each PATH (a folder: the files in it), or what is new in the landing folder.

    Exit status 1 when a file is refused or needs an answer; the others are loaded nevertheless.
    """
    home, settings = session.prepare(), session.settings
    if not paths:
        session.landing()
    done = pipeline.ingest(home, settings, paths=_files(paths) if paths else None)
    return Result(
        {
            "files": [receipt.to_dict() for receipt in done.receipts],
            "loaded": {
                "files": done.summary.files,
                "rows": done.summary.rows,
                "unchanged": done.summary.unchanged,
            },
            "new_columns": list(done.new_columns),
        },
        lambda console: tables.ingested(console, done),
        _turned_away(done.receipts),
    )


@click.command()
@click.option("--from", "date_from", type=Day, help="Land only files that speak of this day or a later one.")
@click.option("--to", "date_to", type=Day, help="Land only files that speak of this day or an earlier one.")
@click.option("--full-refresh", is_flag=True, help="Build every model from nothing.")
@verb
def run(session: Session, *, date_from: datetime | None, date_to: datetime | None, full_refresh: bool) -> Result:
    """Ingest, transform, attribute, validate each stage, publish, report.

    --from and --to choose which new files are landed, by the days their content speaks of; a file that names
    no day is landed in any case, and what is loaded already stays. Exit status 1 when a check stops the run, and
    also when it ended well but a file in the landing folder is refused.
    """
    if date_from and date_to and date_from > date_to:
        raise UsageError("--from is later than --to")
    home, settings = session.prepare(), session.settings
    session.landing()
    with told_of_failure(session):
        outcome = pipeline.run_all(
            home,
            settings,
            full_refresh=full_refresh,
            date_from=date_from.date() if date_from else None,
            date_to=date_to.date() if date_to else None,
            progress=session.progress,
        )
    result = closing(session, outcome.record)
    return replace(result, exit_code=1) if "refused" in result.payload["files"] else result


@click.command()
@click.argument("stage", type=click.Choice(pipeline.CHECKED_STAGES))
@verb
def validate(session: Session, *, stage: str) -> Result:
    """Hold one STAGE against its expectations. Exit status 1 when a stop-level one fails."""
    from pipelines.publish import latest

    home, settings = session.prepare(), session.settings
    database = latest(home) if stage == "published" else None
    if stage == "published" and database is None:
        raise SocialRoiError("nothing is published yet", remedy="Run `social-roi run` first")
    run_id = pipeline.new_run_id()
    verdicts = pipeline.check(home, settings, stage, run_id=run_id, database=database)
    return Result(
        {"run_id": run_id, "stage": stage, "checks": [tables.verdict(item) for item in verdicts]},
        lambda console: tables.checked(console, verdicts),
    )


@click.command()
@verb
def publish(session: Session) -> Result:
    """Make what is in the warehouse visible to readers, in one step, once it has passed its checks."""
    home, settings = session.prepare(), session.settings
    run_id = pipeline.new_run_id()
    pipeline.check(home, settings, "marts", run_id=run_id)
    made = pipeline.publish_checked(home, settings, run_id=run_id)
    told = {
        "publication_id": made.publication_id,
        "path": str(made.path),
        "published_at": made.published_at.replace(tzinfo=UTC).isoformat(),
        "data_through": made.data_through,
    }
    return Result(told, lambda console: console.print(f"Published {made.publication_id}: {made.path}"))


@click.command()
@verb
def report(session: Session) -> Result:
    """Write the HTML report of what is published, and the page of runs."""
    home = session.prepare()
    runs = pipeline.write_runs(home)
    path = pipeline.write_report(home)
    return Result(
        {"report": str(path), "runs": str(runs)}, lambda console: console.print(f"Report: {path}\nRuns: {runs}")
    )


@click.command()
@verb
def status(session: Session) -> Result:
    """Say how the last runs went, how fresh the data are, and what is in quarantine and why."""
    from pipelines.report import standing

    found = standing(session.home, pipeline.last_runs(session.home, most=pipeline.RUNS_SHOWN))
    return Result(found, lambda console: tables.standing(console, found))


@contextmanager
def told_of_failure(session: Session) -> Iterator[None]:
    """Send a notice of a run that stops or fails to whoever is to know (see :mod:`pipelines.notify`)."""
    try:
        yield
    except Exception:
        from pipelines.notify import notice_of, send

        for fault in send(notice_of(pipeline.last_runs(session.home, most=1)[0]), session.settings):
            session.progress(fault)
        raise


def _turned_away(receipts: Any) -> int:
    return int(any(receipt.status in TURNED_AWAY for receipt in receipts))


def _files(paths: tuple[Path, ...]) -> list[Path]:
    """Each path, and instead of a folder the files in it, but hidden ones."""
    found: list[Path] = []
    for path in paths:
        inside = sorted(item for item in path.rglob("*") if item.is_file() and not item.name.startswith("."))
        found += [item.resolve() for item in inside] if path.is_dir() else [path.resolve()]
    return found


VERBS = (inspect, ingest, run, validate, publish, report, status)
