"""Companies whose days are made to order, by a mechanism of their own: not the simulator's."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np

from pipelines.incrementality import Credit, LiftTest, Panel

FIRST = date(2024, 1, 1)


def panel(
    seed: int,
    *,
    days: int = 400,
    networks: int = 3,
    follows: float = 0.0,
    memory: float = 0.6,
    noise: float = 600.0,
    half_life: float = 1.0,
) -> tuple[Panel, np.ndarray[Any, Any]]:
    """A panel and (N,) what each network truly caused: activity in bursts, effects with a half-life of so many days,
    ``noise`` that carries over (its standard deviation a day), and activity that ``follows`` that noise."""
    dice = np.random.default_rng(seed)
    wave = np.zeros(days)
    for day in range(1, days):
        wave[day] = memory * wave[day - 1] + dice.normal() * np.sqrt(1 - memory**2)
    revenue = 10000 * (1 + 0.1 * np.isin(np.arange(days) % 7, (5, 6)) + 0.0002 * np.arange(days)) + noise * wave
    activity, spend, truth = np.zeros((days, networks)), np.zeros((days, networks)), np.zeros(networks)
    for network in range(networks):
        on = np.repeat(dice.random(days // 10 + 1) < 0.5, 10)[:days]
        seen = 1000 * (0.2 + on) * np.exp(0.3 * dice.normal(size=days) + follows * wave)
        carried = np.convolve(seen, 0.5 ** (np.arange(15) / half_life))[:days]
        caused = carried / carried.mean() * dice.uniform(400, 1200)
        activity[:, network], truth[network] = seen, caused.sum()
        spend[:, network] = seen / seen.sum() * truth[network] / dice.uniform(0.8, 3)
        revenue = revenue + caused
    dates = np.datetime64(FIRST) + np.arange(days)
    names = tuple("abcdefgh"[:networks])
    return Panel(dates, revenue, names, activity, spend, np.zeros((days, 0)), ("impressions",) * networks), truth


def credits(truth: np.ndarray[Any, Any], factor: float = 1.4) -> tuple[Credit, ...]:
    """Two models of credit that are off by the same factor."""
    return tuple(
        Credit(model, "abcdefgh"[place], float(amount * factor * off))
        for model, off in (("linear", 1.0), ("last_touch", 0.9))
        for place, amount in enumerate(truth)
    )


def lift_test(network: str, amount: float, error: float, *, day: int = 200, days: int = 28) -> LiftTest:
    """A test of a network in the middle of the panel."""
    start = FIRST + timedelta(days=day)
    return LiftTest(f"t-{network}", network, start, start + timedelta(days=days - 1), amount, error)
