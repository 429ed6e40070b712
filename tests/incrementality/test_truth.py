"""A few worlds of ``make bench-truth``: what is estimated holds against what the world knows.

With ten worlds the bounds are wide; the benchmark prints the figures over a hundred.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from benchmarks.bench_truth import PARTS, run


@pytest.fixture(scope="module")
def found() -> dict[str, dict[str, list[Any]]]:
    labels = ("confounded, half tested", "no effect")
    assert {part.label for part in PARTS} > set(labels)
    return {label: run(10, label) for label in labels}


def test_tests_of_half_the_networks_carry_over_to_the_others(found: dict[str, dict[str, list[Any]]]) -> None:
    row = found["confounded, half tested"]
    assert np.median(row["untested_error"]) < 0.45
    assert np.median(row["untested_error"]) < np.median(row["untested_peer_error"])
    assert np.mean(row["untested_covered"]) > 0.75
    assert np.mean(row["untested_covered"]) > np.mean(row["untested_peer_covered"]) - 0.05
    assert np.median(row["tested_error"]) < 0.25
    assert np.mean(row["tested_covered"]) > 0.75


def test_networks_that_cause_nothing_are_rarely_said_to_cause_something(found: dict[str, dict[str, list[Any]]]) -> None:
    assert np.mean(found["no effect"]["untested"]) <= 0.15
    assert np.mean(found["no effect"]["tested"]) <= 0.1
