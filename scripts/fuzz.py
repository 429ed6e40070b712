"""Damage every fixture in seeded ways and count what comes of it: ``make fuzz``.

    .venv/bin/python scripts/fuzz.py [--each 15] [--seed 1] [--only SOURCE] [--subject NAME] [--number N]
    .venv/bin/python scripts/fuzz.py --exports ../shared/exports

Prints the counts by kind of damage and outcome, then each wrong outcome by the name and number that repeat it. Exit
status 1 where there is one.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.fuzz.run import exports, outcomes, subjects, table_of


def main() -> int:
    """Run the fuzz and print its counts."""
    parser = argparse.ArgumentParser(description="Damage every fixture and count what comes of it.")
    parser.add_argument("--each", type=int, default=15)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only")
    parser.add_argument("--subject")
    parser.add_argument("--number", type=int)
    parser.add_argument("--exports", type=Path, help="a folder of real exports with their expected.json")
    given = parser.parse_args()
    found = [
        outcome
        for subject in (exports(given.exports, given.only) if given.exports else subjects(given.only))
        if given.subject in (None, subject.name)
        for outcome in outcomes(subject, each=given.each, seed=given.seed, number=given.number)
    ]
    print(table_of(found))
    wrong = [each for each in found if each.verdict.startswith("wrong")]
    for each in wrong:
        print(f"{each.subject} --number {each.number} ({each.kind}): {each.verdict}")
    print(f"{len(found)} damaged files, {len(wrong)} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
