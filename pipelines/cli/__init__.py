"""The command line: ``social-roi``, one verb for each stage.

Exit status: 0 done; 1 a check stopped the run or something was refused; 2 wrong usage.
"""

from __future__ import annotations

from pathlib import Path

import click

from pipelines.cli import demo, drafting, simulating, verbs
from pipelines.cli.session import Session


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--home",
    "root",
    envvar="SOCIAL_ROI_HOME",
    default="var",
    show_default=True,
    type=click.Path(path_type=Path),
    help="The folder that holds everything a deployment owns. Environment: SOCIAL_ROI_HOME.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on standard output.")
@click.version_option(package_name="social-roi", prog_name="social-roi")
@click.pass_context
def main(context: click.Context, *, root: Path, as_json: bool) -> None:
    """What a company's social media work earns, from the networks' own exports.

    Results go to standard output, progress and logs to standard error. Exit status: 0 done, 1 a check stopped
    the run or something was refused, 2 wrong usage.
    """
    context.obj = Session(root, as_json)


for _command in (demo.demo, drafting.new_source, simulating.simulate, *verbs.VERBS):
    main.add_command(_command)
