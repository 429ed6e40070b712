"""``make soak``: kill runs at random moments and count what readers saw (``--kills 200 --seed 1 --rerun-every 1``)."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.soak.killing import kill_again_and_again, make_world, summary


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rerun-every", type=int, default=1)
    given = parser.parse_args()
    found = []
    with tempfile.TemporaryDirectory(prefix="social-roi-soak-") as name:
        world = make_world(Path(name))
        print(f"an undisturbed run takes {world.seconds:.1f} s", flush=True)
        for killed in kill_again_and_again(
            world, Path(name), kills=given.kills, seed=given.seed, rerun_every=given.rerun_every
        ):
            found.append(killed)
            print(f"{len(found):4} {killed.at_seconds:7.2f} s  {killed.stage:24} readers saw {killed.readers_saw}"
                  f"{'  FAULT ' + killed.fault if killed.fault else ''}", flush=True)  # fmt: skip
    print(summary(found))
    return 1 if any(each.fault for each in found) else 0


if __name__ == "__main__":
    sys.exit(main())
