"""What social media caused, estimated in worlds whose truth is known (``make bench-truth``, WORLDS a family).

Each row is a family of ``pipelines.simulate.worlds``, or of the daily series of ``daily_worlds``, under a kind of
evidence, beside a peer measured on the same worlds. Error is the median of |log(estimate / truth)| over networks,
coverage the share of 90 % intervals that hold the truth. Networks whose estimate is dominated by what was assumed
beforehand have no point in what is published; here the median counts all the same.
"""

from __future__ import annotations

import os
import sys
import time
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from unittest import mock

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from benchmarks import daily_truth, daily_worlds
from benchmarks.scoring import Row, as_it_is, intervals, judged, rank, trusting
from pipelines.incrementality import (
    Credit,
    CreditedDays,
    Estimate,
    Evidence,
    LiftTest,
    Panel,
    Part,
    draws,
    estimate,
    timeseries,
)
from pipelines.incrementality.estimate import weigh_evidence
from pipelines.incrementality.evidence import Floats
from pipelines.incrementality.witnesses import weigh
from pipelines.simulate.worlds import Observed, World, draw

NAMES = "abcdefghijkl"


def evidence_of(world: World, *, tests: bool = True, credit: bool = True) -> Evidence:
    """What a company of this world can know."""
    seen = world.observed
    count = seen.impressions.shape[1]
    names = tuple(NAMES[:count])
    orders = world.orders.cents / 100
    panel = Panel(
        seen.dates,
        seen.revenue,
        names,
        seen.impressions.astype(float),
        seen.spend,
        np.zeros((len(seen.dates), 0)),
        order_value=float((orders**2).sum() / orders.sum()),
    )
    found = tuple(
        LiftTest(f"t{test.network}", names[test.network], seen.dates[test.first].item(), seen.dates[test.last].item(),
                 test.found, test.standard_error, paused=test.design == "pause")
        for test in seen.tests
    )  # fmt: skip
    credits = tuple(
        Credit(witness, names[n], float(amounts[n])) for witness, amounts in seen.credited.items() for n in range(count)
    )
    parts = tuple(
        Part(names[n], f"c{c}", None, float(seen.campaign_credited[c]), float(seen.campaign_conversions[c]),
             float(seen.campaign_impressions[:, c].sum()))
        for c, n in enumerate(seen.campaign_of)
    )  # fmt: skip
    conversions = np.bincount(seen.campaign_of, seen.campaign_conversions, count)
    days = CreditedDays(seen.credited_by_day, conversions) if credit else None
    claimed = claimed_by_network(seen) if credit else None
    return Evidence(panel, found if tests else (), credits if credit else (), parts, days, claimed)


def claimed_by_network(seen: Observed) -> Floats:
    """(T, N) what the platforms claim for their ads; NaN for networks without."""
    network_of = seen.campaign_of[seen.action_of]
    columns = [seen.claimed[:, network_of == network] for network in range(seen.impressions.shape[1])]
    return np.stack(
        [np.where(np.isnan(column).all(), np.nan, np.nansum(column, axis=1) / 100) for column in columns], axis=1
    )


LARGE = 0.05
"""Networks that cause so much of all revenue or more."""


def exogenous(world: World) -> Row:
    """The time-series model by itself, where nothing confounds and it knows. Beside it one that takes days to be
    independent, and one that is told the true shape of each network's effect: no estimate from these days can do much
    better than that."""
    evidence, truth = evidence_of(world, tests=False, credit=False), world.truth.networks
    every = np.arange(truth.size)
    large = np.flatnonzero(truth >= LARGE * world.observed.revenue.sum())
    told = replace(evidence, panel=replace(evidence.panel, activity=world.truth.expected_by_day))
    row: Row = {}
    for name, known, believed, changed in (
        ("", evidence, draws.BELIEVED, {}),
        ("peer_", evidence, 1.0, {"MEMORIES": (0.0,)}),
        ("told_", told, 1.0, {"dictionary": as_it_is}),
    ):
        with (
            mock.patch.multiple(timeseries, FOLLOWING=0.0, **changed),
            mock.patch.object(draws, "BELIEVED", believed),
        ):
            found = intervals(trusting(weigh_evidence(known)), truth.size)
        row |= {f"{name}{key}": values for key, values in judged(found, truth, every).items()}
        row |= {f"{name}large_{key}": values for key, values in judged(found, truth, large).items()}
    return row


def untested(world: World) -> Row:
    """No test at all."""
    evidence = evidence_of(world, tests=False)
    weighed = weigh_evidence(evidence)
    every = np.arange(world.truth.networks.size)
    found = judged(intervals(weighed.verdict, every.size), world.truth.networks, every)
    peer = judged(intervals(trusting(weighed), every.size), world.truth.networks, every)
    grades = [row.evidence in ("model", "credit_only") for row in estimate(evidence) if row.period_kind == "all"]
    return {**found, "graded": grades, **{f"peer_{key}": values for key, values in peer.items()}}


def half_tested(world: World, *, days: bool = True) -> Row:
    """Tests of every second network: the tested and the untested half, beside lift in the likelihood, or raw credit."""
    weighed = weigh_evidence(evidence_of(world))
    truth = world.truth.networks
    is_tested = weighed.heard.tested.any(axis=0)
    silent = np.full(truth.size, np.nan)
    verdict = weighed.verdict if days else weigh(replace(weighed.heard, days=silent, error=silent, slack=silent))
    found = intervals(verdict, truth.size)
    row: Row = {}
    for name, chosen in (("tested", np.flatnonzero(is_tested)), ("untested", np.flatnonzero(~is_tested))):
        row |= {f"{name}_{key}": values for key, values in judged(found, truth, chosen).items()}
        if days:
            peer = judged(intervals(trusting(weighed), truth.size), truth, chosen)
            row |= {f"{name}_peer_{key}": values for key, values in peer.items()}
    costs = world.observed.spend.sum(axis=0)
    row["rank"] = [rank(found[~is_tested, 1] / costs[~is_tested], truth[~is_tested] / costs[~is_tested])]
    row["off_by_two"] = list(np.abs(np.log(np.maximum(found[is_tested, 1], 1e-9) / truth[is_tested])) > np.log(2))
    linear = world.observed.credited["linear"][~is_tested]
    row["credit_error"] = list(np.abs(np.log(linear / truth[~is_tested])))
    row["credit_rank"] = [rank(linear / costs[~is_tested], truth[~is_tested] / costs[~is_tested])]
    return row


def nothing(world: World) -> Row:
    """No network causes anything: a false positive is an interval that leaves nothing out."""
    found: Row = {}
    for name, tests in (("untested", False), ("tested", True)):
        rows = [
            row for row in estimate(evidence_of(world, tests=tests)) if row.period_kind == "all" and not row.campaign
        ]
        found[name] = [(row.low or 0.0) > 0 for row in rows]
    return found


def campaigns(world: World) -> Row:
    """Shares of campaigns within their networks, beside the split by clicks. A network of which nothing is left at the
    median has none."""
    rows = [row for row in estimate(evidence_of(world)) if row.campaign]
    point = {row.campaign: row for row in rows}
    found: Row = defaultdict(list)
    seen, shares, clicks, true = world.observed, [], [], []
    for network in range(world.truth.networks.size):
        mine = np.flatnonzero(seen.campaign_of == network)
        portions = world.truth.campaigns[mine] / max(world.truth.campaigns[mine].sum(), 1e-9)
        estimated = np.array([_middle(point[f"c{c}"]) for c in mine])
        if estimated.sum() > 0:
            true += list(portions)
            shares += list(estimated / estimated.sum())
            clicks += list(seen.campaign_clicks[mine] / seen.campaign_clicks[mine].sum())
        for c, amount in zip(mine, portions * world.truth.networks[network], strict=True):
            found["covered"].append(bool(_low(point[f"c{c}"]) <= amount <= _high(point[f"c{c}"])))
    found["rank"] = [rank(np.array(shares), np.array(true))]
    found["click_rank"] = [rank(np.array(clicks), np.array(true))]
    return found


def _middle(row: Estimate) -> float:
    return row.incremental_revenue if row.incremental_revenue is not None else (_low(row) + _high(row)) / 2


def _low(row: Estimate) -> float:
    return row.low or 0.0


def _high(row: Estimate) -> float:
    return row.high or 0.0


@dataclass(frozen=True)
class Measured:
    """A row of the benchmark: a family and what is measured in it."""

    label: str
    family: str
    measure: Any
    world: Any = draw


PARTS = (
    Measured("exogenous, AR noise, 1,200 orders a day", "exogenous", exogenous, partial(draw, orders_a_day=1200)),
    Measured("confounded, no tests", "confounded", untested),
    Measured("confounded, half tested", "confounded", half_tested),
    Measured("mixed-sign confounding, half tested", "mixed_sign", half_tested),
    Measured("misspecified, half tested", "misspecified", half_tested),
    Measured("retargeting, half tested", "retargeting", half_tested),
    Measured("brand search, half tested", "brand_search", half_tested),
    Measured("touch level, half tested", "confounded", partial(half_tested, days=False)),
    Measured("no effect", "no_effect", nothing),
    Measured("campaign shares", "campaign_shares", campaigns),
    Measured("daily series, exogenous", "exogenous", daily_truth.exogenous, daily_worlds.draw),
    Measured("daily series, confounded, half tested", "confounded", daily_truth.half_tested, daily_worlds.draw),
    Measured("daily series, mixed signs, half tested", "mixed_sign", daily_truth.half_tested, daily_worlds.draw),
    Measured("other daily series, exogenous", "other_exogenous", daily_truth.exogenous, daily_worlds.draw),
    Measured("other daily series, half tested", "other_confounded", daily_truth.half_tested, daily_worlds.draw),
)


def one(task: tuple[int, int]) -> Row:
    """Measure one world of one part."""
    part = PARTS[task[0]]
    return dict(part.measure(part.world(part.family, task[1])))


def run(worlds: int, label: str, *, first_seed: int = 1, processes: int = 2) -> Row:
    """One part over so many worlds, merged."""
    index = [part.label for part in PARTS].index(label)
    merged: Row = defaultdict(list)
    with ProcessPoolExecutor(processes) as pool:
        for row in pool.map(one, [(index, first_seed + seed) for seed in range(worlds)], chunksize=2):
            for key, values in row.items():
                merged[key] += values
    return merged


def main() -> None:
    """Print what was measured: for each part and key, the median of errors and ranks, the mean of all else."""
    worlds, only = int(os.environ.get("WORLDS", "100")), os.environ.get("ONLY", "")
    begun = time.monotonic()
    print(
        f"{worlds} worlds a family, 730 days, 6 networks; error is |log(estimate / truth)|, coverage of 90 % intervals"
    )
    for label in [part.label for part in PARTS if only in part.label]:
        print(f"\n{label}", flush=True)
        for key, values in run(worlds, label).items():
            numbers = np.array(values, float)
            if key.endswith("error"):
                print(f"  {key:24} median {np.nanmedian(numbers):.2f}  p90 {np.nanquantile(numbers, 0.9):.2f}")
            else:
                print(f"  {key:24} {np.nanmean(numbers):.3f}")
    print(f"\n{time.monotonic() - begun:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
