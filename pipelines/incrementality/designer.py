"""Which test would narrow the most euros of doubt, and how long and how big it must be.

Doubt is the width of 90 % intervals over the panel, of all networks together: a test of one teaches what days and
credit are worth for the others. What a test would find is not known, so that every candidate is tried with results from
low to high, as likely as they now are, and its narrowing averaged (preposterior analysis; Raiffa and Schlaifer, Applied
Statistical Decision Theory, 1961). Without chance in the drawing: the same evidence gives the same proposals.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from pipelines.incrementality.baseline import baseline
from pipelines.incrementality.estimate import Weighed
from pipelines.incrementality.evidence import Floats, Panel
from pipelines.incrementality.judging import too_short
from pipelines.incrementality.shapes import carried, usual_kernel
from pipelines.incrementality.witnesses import Verdict, weigh

DAYS = (14, 28, 56)
PARTS = (0.1, 0.25, 0.5)
"""Candidates: days of a test, and the part of people or geographies that go without."""
ENOUGH = 0.8
"""The smallest test is proposed that does so much of what the largest would."""
WORTHWHILE = 0.1
"""Where even the largest narrows its network by less than this part, it is the one proposed."""
RESULTS, FEW_RESULTS = (0.1, 0.3, 0.5, 0.7, 0.9), (0.17, 0.5, 0.83)
"""Percentiles of what a test may find."""


@dataclass(frozen=True)
class Proposal:
    """A test worth running.

    Attributes:
        days: how long.
        part: of people or geographies, without the network meanwhile.
        standard_error: that it would have, in incremental revenue of all people over its days.
        narrows: expected fall of the width of 90 % intervals over the panel, of all networks together, in the reporting
            currency, were it as large as the largest candidate.
        narrows_own: of that network alone, with these days and this part.
    """

    network: str
    days: int
    part: float
    standard_error: float
    narrows: float
    narrows_own: float


def propose_tests(weighed: Weighed) -> tuple[Proposal, ...]:
    """A test of each network of which something is known, the most valuable first. None where the panel is too short to
    tell the noise that a test would meet."""
    panel = weighed.panel
    if too_short(panel) or panel.days < 2 * max(DAYS):
        return ()
    noise = {days: noise_of(panel, days) for days in DAYS}
    found = [_proposal(weighed, int(network), noise) for network in np.flatnonzero(weighed.heard.is_heard)]
    return tuple(sorted(found, key=lambda each: (-each.narrows, each.network)))


def noise_of(panel: Panel, days: int) -> float:
    """Standard deviation of so many days' revenue beside what the baseline and activity explain. Waves that all people
    share are in it and cancel out of a test, which will be a little better than that."""
    activity = [carried(column, usual_kernel(panel.every)) for column in panel.activity.T]
    columns = np.column_stack([baseline(panel), *map(panel.observed, activity)])
    columns = columns / np.maximum(np.abs(columns).max(axis=0), 1e-300)
    revenue = panel.observed(panel.revenue)
    rest = revenue - columns @ np.linalg.lstsq(columns, revenue, rcond=None)[0]
    sums = np.convolve(rest, np.ones(days // panel.every), mode="valid")
    return float(np.sqrt(np.mean(sums**2) * len(rest) / (len(rest) - columns.shape[1])))


def error_of(noise: float, part: float) -> float:
    """Standard error of a lift scaled to all people, where a part of them is set against the rest, each with its share
    of the noise's variance."""
    return float(noise * np.sqrt(1 / part + 1 / (1 - part)))


def _proposal(weighed: Weighed, network: int, noise: dict[int, float]) -> Proposal:
    largest = (max(DAYS), max(PARTS))
    most = _narrows_own(weighed, network, largest, noise)
    wanted = ENOUGH * most if most >= WORTHWHILE * _widths(weighed.verdict)[network] else most
    for design in sorted(((days, part) for days in DAYS for part in PARTS), key=lambda each: (each[0] * each[1], each)):
        own = _narrows_own(weighed, network, design, noise)
        if design == largest or (wanted < most and own >= wanted):
            break
    days, part = design
    error = error_of(noise[days], part)
    everywhere = _narrows_all(weighed, network, largest, noise)
    return Proposal(weighed.panel.networks[network], days, part, error, everywhere, own)


def _results(
    weighed: Weighed, network: int, days: int, percentiles: tuple[float, ...]
) -> Iterator[tuple[float, float]]:
    """The part of the network's effect on the test's days, and what a test may find of it."""
    inside = days / weighed.panel.days
    for percentile in percentiles:
        yield inside, inside * weighed.verdict.quantile(network, percentile)


def _narrows_own(weighed: Weighed, network: int, design: tuple[int, float], noise: dict[int, float]) -> float:
    """Expected fall of one network's width: exact, since its chances after a test are those of before times the
    test's."""
    days, part = design
    error = error_of(noise[days], part)
    verdict = weighed.verdict
    off, _ = verdict.shared["test_spread"]
    widths = []
    for inside, result in _results(weighed, network, days, RESULTS):
        values = inside * verdict.values[network]
        log_chance = weighed.heard.log_chance(result, values, error=error, relative=off)
        chances = verdict.chances.copy()
        chances[network] *= np.exp(log_chance - log_chance.max())
        chances[network] /= chances[network].sum()
        widths.append(_widths(replace(verdict, chances=chances))[network])
    return float(_widths(verdict)[network] - np.mean(widths))


def _narrows_all(weighed: Weighed, network: int, design: tuple[int, float], noise: dict[int, float]) -> float:
    """Expected fall of all networks' widths, with all witnesses weighed anew."""
    days, part = design
    error, heard, near = error_of(noise[days], part), weighed.heard, weighed.verdict
    widths = [
        _widths(weigh(heard.with_test(network, result, error=error, relative=0.0, part=inside), near=near)).sum()
        for inside, result in _results(weighed, network, days, FEW_RESULTS)
    ]
    return float(_widths(near).sum() - np.mean(widths))


def _widths(verdict: Verdict) -> Floats:
    """(N,) width of each 90 % interval."""
    networks = range(len(verdict.chances))
    return np.array([verdict.quantile(each, 0.95) - verdict.quantile(each, 0.05) for each in networks])
