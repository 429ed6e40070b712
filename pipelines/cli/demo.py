"""``social-roi demo``: from exported files to the ROI table, with nothing to prepare."""

from __future__ import annotations

from pathlib import Path

import click

from pipelines import run as pipeline
from pipelines.cli.closing import closing
from pipelines.cli.night import run_night
from pipelines.cli.samples import DAYS, fill_landing
from pipelines.cli.session import Result, Session, verb


@click.command()
@click.option(
    "--landing",
    type=click.Path(file_okay=False, path_type=Path),
    help="A folder of your own exports, as <source>/<file>, to run on instead of the sample.",
)
@click.option("--airflow", is_flag=True, help="Run the night through Airflow instead of in this process.")
@click.option("--days", default=DAYS, show_default=True, type=click.IntRange(min=7), help="Of sample history.")
@verb
def demo(session: Session, *, landing: Path | None, airflow: bool, days: int) -> Result:
    """Lay sample exports in the landing folder, run everything, and print the ROI table.

    Safe to repeat. When the home holds another company's demo, that is moved to earlier/ in the home first.
    """
    home, settings = session.prepare(), session.settings
    session.progress(fill_landing(home, folder=landing, days=days))
    if airflow:
        return closing(session, run_night(home, progress=session.progress))
    return closing(session, pipeline.run_all(home, settings, progress=session.progress).record)
