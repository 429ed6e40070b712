"""Companies by a second mechanism: daily series as mix models write them, without a customer in them.

Sales are a level with trend, season and weekdays, plus what six networks cause (spend, carried over geometrically,
saturated by Hill's function; Jin et al. 2017, equations 2 and 8), plus AR(1) noise. Returns are log-normal; spend may
follow the noise. Tests state what their days brought, give or take their standard error, which follows from spend.

How hard they are is one declared rule: noise, how far spend follows it, and the tests' precision are to be those at
which *naive peers* (``daily_truth.naive``) score what is published of them: an error of 0.24 and coverage of 0.73 where
nothing confounds; where something does, 0.15 and 0.71 of tested networks, 0.52 of others, and 0.48 and 0.58 where half
of the networks run against demand. No estimate of this project was looked at for it. The README's table
says how near this setting comes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.incrementality import Evidence, LiftTest, Panel

Range = tuple[float, float]
NOISE: Range = (0.037, 0.08)
NOISE_FOLLOWED: Range = (0.05, 0.13)
"""Standard deviation of what else moves a day's sales, as a part of their level; and where spend follows it."""
MEMORY: Range = (0.3, 0.85)
MEMORY_FOLLOWED: Range = (0.1, 0.6)
"""Of that, what is left the next day; and where spend follows it."""
FOLLOWS: Range = (0.0, 0.22)
"""By how much the log of spend rises with one standard deviation of the noise, where it follows."""
PRECISION: Range = (0.12, 0.32)
"""Standard error of a test, as a part of what its days' spend brings at the median return."""
BEFORE = 120
"""Days before the panel on which the networks worked already."""
RETURNS, EFFECTS = 0.6, 0.6
"""Standard deviation of the logs of a company's returns, and of its networks' effects."""
NETWORKS, DAYS = 6, 730
FIRST = np.datetime64("2023-03-01")


@dataclass(frozen=True)
class Kind:
    """A kind of company.

    Attributes:
        follows: whether spend follows the noise; ``against``: part of the networks that run against it instead.
        spends: how spend moves: ``wavering`` from day to day, ``pulsed`` on some days of the week, in ``bursts``.
        carries: ``geometric``, or ``weibull`` with its peak some days later.
        slope: of Hill's function.
        share: of all sales, what the networks cause.
        noise: standard deviation of what else moves a day's sales, as a part of their level; ``memory``: of that, what
            is left the next day.
        bias: mean and deviation of the correlation of activity and noise that days are off by, as measured in 12 such
            companies by a regression that is told the shapes: what only ``told`` knows.
    """

    follows: bool = False
    against: float = 0.0
    spends: tuple[str, ...] = ("wavering",)
    carries: str = "geometric"
    slope: Range = (1.0, 1.0)
    share: Range = (0.15, 0.4)
    noise: Range = NOISE
    memory: Range = MEMORY
    bias: tuple[float, float] = (0.0, 1e-3)


KINDS = {
    "exogenous": Kind(),
    "confounded": Kind(follows=True, noise=NOISE_FOLLOWED, memory=MEMORY_FOLLOWED, bias=(0.15, 0.11)),
    "mixed_sign": Kind(follows=True, noise=NOISE_FOLLOWED, memory=MEMORY_FOLLOWED, against=0.5, bias=(0.0, 0.185)),
    "other_exogenous": Kind(spends=("pulsed", "bursts"), carries="weibull", slope=(0.7, 1.8), share=(0.05, 0.6)),
    "other_confounded": Kind(
        follows=True,
        noise=NOISE_FOLLOWED,
        memory=MEMORY_FOLLOWED,
        spends=("pulsed", "bursts"),
        carries="weibull",
        slope=(0.7, 1.8),
        share=(0.05, 0.6),
        bias=(0.15, 0.11),
    ),
}
"""By name; ``other_`` are of forms that neither the dictionary nor the first ones know."""


@dataclass(frozen=True)
class DailyWorld:
    """What a company knows, and what is true.

    Attributes:
        truth: (N,) revenue that each network caused; ``by_day``: (T, N) the same by day.
        level, spread: mean and deviation from which the logs of its networks' returns were drawn.
    """

    kind: str
    evidence: Evidence
    truth: np.ndarray
    by_day: np.ndarray
    level: float
    spread: float


def draw(kind: str, seed: int) -> DailyWorld:
    """Draw one company; the same kind and seed give the same."""
    family = KINDS[kind]
    dice = np.random.default_rng([seed, *kind.encode()])
    length = BEFORE + DAYS
    memory = dice.uniform(*family.memory)
    noise = _wander(dice, length, memory)
    level = 10_000 * _calendar(dice, length)
    signs = np.where(np.arange(NETWORKS) < family.against * NETWORKS, -1.0, 1.0)
    follows = dice.permutation(signs) * dice.uniform(*FOLLOWS, NETWORKS) * family.follows
    spend, effect = np.zeros((2, length, NETWORKS))
    for n in range(NETWORKS):
        wish = _spend(dice, str(dice.choice(family.spends)), length) * np.exp(follows[n] * noise)
        carried = _carried(wish, _kernel(dice, family.carries))
        room = np.exp(dice.uniform(np.log(0.7), np.log(3.0))) * carried[BEFORE:].mean()
        slope = dice.uniform(*family.slope)
        spend[:, n], effect[:, n] = wish, carried**slope / (carried**slope + room**slope)
    spend, effect = spend[BEFORE:], effect[BEFORE:]
    parts = np.exp(dice.normal(0, EFFECTS, NETWORKS))
    share = dice.uniform(*family.share)
    truth = share / (1 - share) * level[BEFORE:].sum() * parts / parts.sum()
    by_day = effect / effect.sum(axis=0) * truth
    middle = dice.normal(0.5, 0.3)
    returns = np.exp(dice.normal(middle, RETURNS, NETWORKS))
    spend *= truth / returns / spend.sum(axis=0)
    sales = level[BEFORE:] * (1 + dice.uniform(*family.noise) * noise[BEFORE:]) + by_day.sum(axis=1)
    dates = FIRST + np.arange(DAYS)
    names = tuple("abcdef")
    panel = Panel(dates, sales, names, spend, spend, np.zeros((DAYS, 0)), ("cost",) * NETWORKS)
    tests = tuple(_test(dice, panel, by_day, network=n, usual=np.exp(middle)) for n in range(0, NETWORKS, 2))
    return DailyWorld(kind, Evidence(panel, tests), truth, by_day, middle, RETURNS)


def _test(dice: np.random.Generator, panel: Panel, by_day: np.ndarray, *, network: int, usual: float) -> LiftTest:
    days = int(dice.integers(21, 57))
    first = int(dice.integers(DAYS // 3, DAYS - days))
    inside = slice(first, first + days)
    error = float(dice.uniform(*PRECISION) * usual * panel.spend[:, network].mean() * days)
    found = float(by_day[inside, network].sum() + error * dice.normal())
    start, end = (panel.dates[place].item() for place in (first, first + days - 1))
    return LiftTest(f"t{network}", panel.networks[network], start, end, found, error)


def _wander(dice: np.random.Generator, length: int, memory: float) -> np.ndarray:
    """(length,) a stationary AR(1) series of mean 0 and standard deviation 1."""
    from scipy.signal import lfilter

    steps = dice.normal(size=length)
    steps[0] /= np.sqrt(1 - memory**2)
    return np.asarray(lfilter([np.sqrt(1 - memory**2)], [1, -memory], steps))


def _calendar(dice: np.random.Generator, length: int) -> np.ndarray:
    place = np.arange(length) / 365.25
    week = dice.uniform(0.85, 1.15, 7)
    season = 1 + dice.uniform(0.05, 0.25) * np.sin(2 * np.pi * (place + dice.random()))
    return np.asarray((1 + dice.uniform(-0.1, 0.25) * place) * season * (week / week.mean())[np.arange(length) % 7])


def _spend(dice: np.random.Generator, manner: str, length: int) -> np.ndarray:
    """(length,) what would be spent if nothing were followed."""
    day = np.arange(length)
    if manner == "pulsed":
        on = np.isin(day % 7, dice.choice(7, int(dice.integers(1, 4)), replace=False))
        weekly = np.exp(0.6 * _wander(dice, length // 7 + 1, 0.3))[day // 7]
        return np.asarray((0.1 + on) * weekly)
    if manner == "bursts":
        on = np.repeat(dice.random(length // 10 + 1) < 0.3, 10)[:length]
        return np.asarray(0.05 + on * np.exp(0.4 * dice.normal(size=length)))
    return np.asarray(np.exp(0.5 * _wander(dice, length, dice.uniform(0.5, 0.95)) + 0.25 * dice.normal(size=length)))


def _kernel(dice: np.random.Generator, manner: str) -> np.ndarray:
    lags = np.arange(BEFORE, dtype=float)
    if manner == "weibull":
        shape, scale = dice.uniform(0.8, 2.5), dice.uniform(1.0, 8.0)
        found = np.diff(1 - np.exp(-((np.append(lags, BEFORE) / scale) ** shape)))
    else:
        found = dice.uniform(0.1, 0.8) ** lags
    return np.asarray(found / found.sum())


def _carried(spend: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    return np.asarray(np.convolve(spend, kernel)[: len(spend)])
