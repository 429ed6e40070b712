"""The rows of ``make bench-truth`` in companies of a second mechanism (``daily_worlds``).

The peers are those of issue 6: a mix model that takes days to be independent and unconfounded, and one in whose
likelihood tests stand at their stated errors. Beside them stands what somebody would make of the same days and tests
who is told what no company knows: how each effect is spread over the days, how returns and the bias of days are
distributed, and that tests are unbiased. No estimate from this evidence can be expected to do better.
"""

from __future__ import annotations

from dataclasses import replace
from unittest import mock

import numpy as np

from benchmarks.daily_worlds import KINDS, DailyWorld
from benchmarks.scoring import Row, as_it_is, intervals, judged, rank, trusting
from pipelines.incrementality import Evidence, densities, draws, timeseries, witnesses
from pipelines.incrementality.estimate import weigh_evidence
from pipelines.incrementality.periods import days_between
from pipelines.incrementality.witnesses import Verdict, weigh

SURE = 1e-3
"""As the deviation of what is told."""


def naive(evidence: Evidence) -> Verdict:
    """Peer: days are independent, unconfounded and of one of the shapes, tests are as good as they say."""
    with mock.patch.multiple(timeseries, FOLLOWING=0.0, MEMORIES=(0.0,)), mock.patch.object(draws, "BELIEVED", 1.0):
        heard = weigh_evidence(evidence).heard
    nothing = np.zeros_like(heard.slack)
    shared = dict(witnesses.SHARED, diminishing=(0.0, SURE), test_spread=(np.log(SURE), SURE), begins_clean=(5.0, SURE))
    with mock.patch.multiple(witnesses, SHARED=shared, ODD=1e-9), mock.patch.object(densities, "ODD", 1e-9):
        return weigh(replace(heard, slack=nothing, test_relative=np.zeros_like(heard.test_relative)))


def told(world: DailyWorld, evidence: Evidence) -> Verdict:
    """Told how effects are spread over the days, and how returns and the bias of days are distributed.

    Returns and effects are drawn apart and vary alike (``daily_worlds.EFFECTS``), so that half of how far a network's
    cost is from that of others is due to its return.
    """
    panel = replace(evidence.panel, activity=world.by_day)
    family = KINDS[world.kind]
    with mock.patch.multiple(timeseries, dictionary=as_it_is), mock.patch.object(draws, "BELIEVED", 1.0):
        heard = weigh_evidence(replace(evidence, panel=panel)).heard
    tested = np.zeros_like(heard.tested)
    parts = world.by_day / world.by_day.sum(axis=0)
    for row, test in enumerate(sorted(evidence.tests, key=lambda each: each.experiment_id)):
        place = panel.networks.index(test.network)
        tested[row, place] = parts[days_between(panel.dates, test.start, test.end), place].sum()
    shared = dict(
        witnesses.SHARED,
        nothing=(-9.0, SURE),
        level=(world.level, world.spread / np.sqrt(2 * len(world.truth))),
        spread=(np.log(world.spread / np.sqrt(2)), SURE),
        diminishing=(0.5, SURE),
        confounding=(family.bias[0], SURE),
        confounding_spread=(np.log(family.bias[1]), SURE),
        test_spread=(np.log(SURE), SURE),
        begins_clean=(5.0, SURE),
    )
    with mock.patch.multiple(witnesses, SHARED=shared, ODD=1e-9), mock.patch.object(densities, "ODD", 1e-9):
        return weigh(
            replace(heard, tested=tested, carried_in=np.zeros_like(tested), test_relative=np.zeros(len(tested)))
        )


def exogenous(world: DailyWorld) -> Row:
    """Days alone, where nothing confounds and the estimate knows."""
    evidence, every = replace(world.evidence, tests=()), np.arange(len(world.truth))
    with mock.patch.multiple(timeseries, FOLLOWING=0.0):
        ours = trusting(weigh_evidence(evidence))
    row: Row = {}
    for name, verdict in (("", ours), ("peer_", naive(evidence)), ("told_", told(world, evidence))):
        row |= {
            f"{name}{key}": each for key, each in judged(intervals(verdict, every.size), world.truth, every).items()
        }
    return row


def half_tested(world: DailyWorld) -> Row:
    """Days and tests of every second network; and days without any test."""
    alone = replace(world.evidence, tests=())
    every = np.arange(len(world.truth))
    is_tested = np.isin(world.evidence.panel.networks, [test.network for test in world.evidence.tests])
    row: Row = {}
    for name, weighed in (
        ("", weigh_evidence(world.evidence).verdict),
        ("peer_", naive(world.evidence)),
        ("told_", told(world, world.evidence)),
    ):
        found = intervals(weighed, every.size)
        for half, chosen in (("tested", every[is_tested]), ("untested", every[~is_tested])):
            row |= {f"{name}{half}_{key}": each for key, each in judged(found, world.truth, chosen).items()}
        costs = world.evidence.panel.spend.sum(axis=0)
        row[f"{name}rank"] = [rank((found[:, 1] / costs)[~is_tested], (world.truth / costs)[~is_tested])]
        row[f"{name}off_by_two"] = list(
            np.abs(np.log(np.maximum(found[is_tested, 1], 1e-9) / world.truth[is_tested])) > np.log(2)
        )
    for name, verdict in (("no_test_", weigh_evidence(alone).verdict), ("no_test_peer_", naive(alone))):
        row |= {f"{name}{key}": each for key, each in judged(intervals(verdict, 6), world.truth, every).items()}
    return row
