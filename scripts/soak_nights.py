"""``make soak-nights``: so many nights one by one, in one backfill, rebuilt, and in shuffled order publish the same.

``--nights 30 --seed 1``; ``--checks-each`` closes every gate and publishes every night, as a real one does, which takes
three times as long; ``--keep DIR`` leaves the four homes there.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from tests.soak.nights import write_nights
from tests.soak.ways import differences, four_ways


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nights", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scale", type=float, default=0.2)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--checks-each", action="store_true")
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="social-roi-nights-") as name:
        root = given.keep or Path(name)
        folders = write_nights(
            root / "exports", nights=given.nights, seed=given.seed, scale=given.scale, end=date(2026, 9, 10)
        )
        found = four_ways(root, folders, seed=given.seed, publishes_each=given.checks_each, workers=given.workers)
    faults = differences(found)
    tables = len(next(iter(found.values())))
    print(f"{given.nights} nights, {len(found)} ways, {tables} tables each, {time.monotonic() - begun:.0f} s")
    print(f"differences: {len(faults)}")
    print("\n".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
