"""``social-roi simulate``: an invented company as export files, for tests, demonstrations and benchmarks."""

from __future__ import annotations

from pathlib import Path

import click

from pipelines.cli.session import Result, Session, verb
from pipelines.errors import UsageError


@click.command()
@click.option("--seed", type=int, required=True, help="The same seed, days and scale give the same bytes.")
@click.option("--days", type=click.IntRange(min=14), default=180, show_default=True, help="How long it is told of.")
@click.option("--scale", type=float, default=1.0, show_default=True, help="Multiplies customers and money.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="A new or empty folder.")
@click.option("--family", help="A world of this kind instead, whose causes are known: docs/simulator.md.")
@verb
def simulate(session: Session, *, seed: int, days: int, scale: float, out: Path, family: str | None) -> Result:
    """Write an invented company as export files: OUT/landing, and what is true of it in OUT/truth.

    Without --family it is the demo's company, in the networks' own formats. With it, it is a world of which is known
    what each network, campaign and action caused: what would be missing were the world run again without it.

    Exit status 2 when OUT holds files already.
    """
    if out.exists() and any(out.iterdir()):
        raise UsageError("the folder is not empty", where=str(out), remedy="Name another one, or empty it")
    session.progress("drawing the company")
    if family is None:
        from pipelines.simulate import company, write_exports
        from pipelines.simulate.truth import write_truth

        drawn = company(seed=seed, days=days, scale=scale)
        written = [*write_exports(drawn, out / "landing"), *write_truth(drawn, out / "truth")]
    else:
        from pipelines.simulate.worlds import draw
        from pipelines.simulate.worlds.export import write_world

        written = write_world(draw(family, seed, days=days, scale=scale), out)
    told = {"files": [str(path) for path in written], "landing": str(out / "landing"), "truth": str(out / "truth")}
    return Result(told, lambda console: console.print(f"{len(written)} files: {out / 'landing'} and {out / 'truth'}"))
