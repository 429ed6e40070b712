"""``make soak``: kill runs at random moments and count what readers saw (``--kills 200 --seed 1 --rerun-every 1``).

``--services 40`` of the kills hit what a scheduled night stands on: its task, the worker, the scheduler, Postgres. For
these the stack of ``make up`` is started, on a home of its own.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.soak.killing import Killed, World, kill_again_and_again, make_world, summary
from tests.soak.services import kill_services, running


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--services", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rerun-every", type=int, default=1)
    given = parser.parse_args()
    found = []
    with tempfile.TemporaryDirectory(prefix="social-roi-soak-") as name:
        world = make_world(Path(name))
        print(f"an undisturbed run takes {world.seconds:.1f} s", flush=True)
        for killed in _kills(world, Path(name), given):
            found.append(killed)
            print(f"{len(found):4} {killed.at_seconds:7.2f} s  {killed.stage:34} readers saw {killed.readers_saw}"
                  f"{'  FAULT ' + killed.fault if killed.fault else ''}", flush=True)  # fmt: skip
    print(summary(found))
    return 1 if any(each.fault for each in found) else 0


def _kills(world: World, folder: Path, given: argparse.Namespace) -> Iterator[Killed]:
    runs = max(0, given.kills - given.services)
    yield from kill_again_and_again(world, folder, kills=runs, seed=given.seed, rerun_every=given.rerun_every)
    if services := given.kills - runs:
        with running(world, folder) as stack:
            yield from kill_services(stack, world, kills=services, seed=given.seed)


if __name__ == "__main__":
    sys.exit(main())
