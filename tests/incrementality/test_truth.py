"""A few worlds of ``make bench-truth``: what is estimated holds against what the world knows.

With ten worlds the bounds are wide; the benchmark prints the figures over a hundred.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from benchmarks.bench_truth import PARTS, run
from pipelines.simulate.worlds import draw


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


@pytest.mark.parametrize(
    "label", ["exogenous, AR noise, 1,200 orders a day", "campaign shares", "touch level, half tested"]
)
def test_rows_that_change_the_model_still_run(label: str) -> None:
    part = next(part for part in PARTS if part.label == label)
    row = part.measure(draw(part.family, 1, days=90, networks=2, orders_a_day=40))
    assert row and all(len(values) for values in row.values())


def test_rows_of_daily_series_still_run() -> None:
    part = next(part for part in PARTS if part.label == "daily series, exogenous")
    assert all(len(values) for values in part.measure(part.world(part.family, 1)).values())
