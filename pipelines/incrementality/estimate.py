"""From evidence to estimates: what each network, campaign and action caused, by period, and how that is known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from pipelines.incrementality.evidence import Credit, Estimate, Evidence, Floats, Grade, LiftTest, Panel, Part
from pipelines.incrementality.heard import Heard
from pipelines.incrementality.judging import (
    DOUBTFUL,
    doubtful_costs,
    known,
    relative_error,
    silences,
    usable_activity,
    usable_tests,
)
from pipelines.incrementality.periods import DRIFT, days_between, periods_of
from pipelines.incrementality.shapes import Spread, spread_of
from pipelines.incrementality.shares import shares_of
from pipelines.incrementality.timeseries import SeriesFit, fit
from pipelines.incrementality.weeks import BY_WEEK, in_weeks
from pipelines.incrementality.witnesses import GRID, NEGLIGIBLE, Verdict, weigh

LITTLE = 0.3
"""Below this much less open than before, what was assumed beforehand makes most of an estimate."""
CREDIT_ERROR = 0.1
"""Models of credit that agree by chance are not exact."""
LEAST_PART = 0.01
"""An ad manager's claim is of no smaller part of the effect than this."""
WORDS = {"credit": "credit", "claims": "the platform's claims"}
LEVELS = (0.05, 0.5, 0.95)


@dataclass(frozen=True)
class Weighed:
    """All that was weighed of one company, kept for diagnosis; ``doubted`` are the networks whose cost is hardly what
    it is said to be, which are weighed like those without one."""

    panel: Panel
    series: SeriesFit | None
    tests: tuple[LiftTest, ...]
    spreads: tuple[Spread, ...]
    heard: Heard
    verdict: Verdict
    reasons: dict[int, str]
    notes: dict[str, list[str]]
    doubted: frozenset[int] = frozenset()


def estimate(evidence: Evidence) -> tuple[Estimate, ...]:
    """What each network caused by month, quarter, in the last 365 days and over all, and over all what each of its
    campaigns and actions did.

    The same evidence gives the same estimates, in whatever order its tests, credits and parts come.
    """
    return estimates_of(evidence, weigh_evidence(evidence))


def estimates_of(evidence: Evidence, weighed: Weighed) -> tuple[Estimate, ...]:
    """The estimates of evidence that was weighed."""
    found = [row for place in range(len(weighed.panel.networks)) for row in _network(weighed, place)]
    parts: dict[tuple[str, bool], list[Part]] = defaultdict(list)
    for part in evidence.parts:
        parts[part.network, part.action_key is not None].append(part)
    totals = {row.network: row for row in found if row.period_kind == "all"}
    for (network, _), members in sorted(parts.items()):
        if network in totals:
            place = weighed.panel.networks.index(network)
            found += _divided(weighed, place, totals[network], sorted(members, key=_order))
    return tuple(found)


def weigh_evidence(evidence: Evidence) -> Weighed:
    """Hear all witnesses and weigh them."""
    panel = in_weeks(evidence.panel)
    usable, reasons = usable_activity(panel)
    panel = replace(panel, activity=known(panel.activity))
    series = fit(panel, usable=usable)
    tests, notes = usable_tests(panel, tuple(sorted(evidence.tests, key=lambda test: test.experiment_id)))
    doubted = doubtful_costs(panel, series, tests)
    for place, (network, silent) in enumerate(zip(panel.networks, silences(evidence.panel), strict=True)):
        said = [BY_WEEK] * (panel.weeks_from is not None) + [DOUBTFUL] * (place in doubted) + silent
        notes.setdefault(network, []).extend(said)
    spreads = tuple(
        spread_of(column, series.chances[place] if series and series.known[place] else None, panel.every).credited_by(
            *evidence.credited.of(place) if evidence.credited else (None, 0.0)
        )
        for place, column in enumerate(panel.activity.T)
    )
    spend = np.where(np.isin(np.arange(len(panel.networks)), list(doubted)), np.nan, panel.spend)
    heard = _heard(replace(evidence, panel=replace(panel, spend=spend)), series, spreads=spreads, tests=tests)
    verdict = weigh(heard)
    _flag(heard, verdict, tests, notes)
    return Weighed(panel, series, tuple(tests), spreads, heard, verdict, reasons, notes, doubted)


def _heard(
    evidence: Evidence, series: SeriesFit | None, *, spreads: Sequence[Spread], tests: Sequence[LiftTest]
) -> Heard:
    panel = evidence.panel
    count = len(panel.networks)
    nothing = np.full(count, np.nan)
    credit, credit_error = _credit(panel, evidence.credits)
    tested, carried_in = np.zeros((2, len(tests), count))
    relative = np.zeros(len(tests))
    for row, test in enumerate(tests):
        place = panel.networks.index(test.network)
        share = _campaign_share(evidence.parts, test)
        days = days_between(panel.dates, test.start, test.end)
        missing = spreads[place].part_missing(days, share=share) if test.paused else None
        if missing:
            tested[row, place], apart = missing
        else:
            part, apart = spreads[place].part_on(days)
            tested[row, place] = share * part
            carried_in[row, place] = share * spreads[place].carried_into(days)
        relative[row] = relative_error(panel, test, share=share, apart=apart)
    return Heard(
        panel.scale,
        series.mean if series else nothing,
        series.error if series else nothing,
        series.slack if series else nothing,
        credit,
        credit_error,
        np.array([test.incremental_revenue for test in tests]),
        np.array([test.standard_error for test in tests]),
        relative,
        tested,
        carried_in,
        panel.order_value,
        series.form if series else None,
        panel.costlier,
        *_claims(evidence.claimed, spreads),
    )


def _claims(claimed: Floats | None, spreads: Sequence[Spread]) -> tuple[Floats, Floats]:
    """(N,) log of what each network's ad manager would claim over the panel, and how far that may be off because it
    speaks of some days only: those from the first of which it says anything to the last. One that claims nothing at all
    has nobody's purchases to count, and is not heard."""
    claims, error = np.full((2, len(spreads)), np.nan)
    for place, column in enumerate(() if claimed is None else claimed.T):
        said = np.flatnonzero(np.isfinite(column))
        if len(said) and np.nansum(column) > 0:
            days = np.zeros(len(column), bool)
            days[said[0] : said[-1] + 1] = True
            part, error[place] = spreads[place].part_on(days)
            claims[place] = np.log(np.nansum(column) / max(part, LEAST_PART))
    return claims, error


def _credit(panel: Panel, credits: Sequence[Credit]) -> tuple[Floats, Floats]:
    """(N,) log of what is credited to each network on the average of models, and how far these disagree on it: apart
    from what one of them says of all networks alike, which is a matter of the factor that they share."""
    models = sorted({each.model for each in credits})
    logs = np.full((len(models), len(panel.networks)), np.nan)
    for each in credits:
        if each.network in panel.networks and each.revenue > 0:
            logs[models.index(each.model), panel.networks.index(each.network)] = np.log(each.revenue)
    heard = np.isfinite(logs).all(axis=0) & bool(models)
    if not heard.any():
        return np.full(len(heard), np.nan), np.full(len(heard), np.nan)
    logs[:, ~heard] = np.nan
    apart = logs - logs.mean(axis=0)
    apart -= apart[:, heard].mean(axis=1, keepdims=True) if heard.sum() > 1 else 0.0
    return logs.mean(axis=0), np.hypot(apart.std(axis=0), CREDIT_ERROR)


def _campaign_share(parts: Sequence[Part], test: LiftTest) -> float:
    """What part of a network its test saw: all, or a campaign's share."""
    if test.campaign is None:
        return 1.0
    members = [part for part in parts if part.network == test.network and part.action_key is None]
    places = [place for place, part in enumerate(members) if part.campaign == test.campaign]
    return float(shares_of(members).share[places].sum()) if places else 1.0


def _flag(heard: Heard, found: Verdict, tests: Sequence[LiftTest], notes: dict[str, list[str]]) -> None:
    """Note the tests that all other evidence contradicts: each is left out and held against what the rest says."""
    if len(tests) < 2:
        return
    for row, test in enumerate(tests):
        verdict = weigh(heard.without_test(row), near=found)
        place = int(np.argmax(heard.tested[row]))
        low, high = (verdict.quantile(place, level) * heard.tested[row, place] for level in (0.01, 0.99))
        nearest = float(np.clip(heard.test[row], low, high))
        relative = np.hypot(heard.test_relative[row], verdict.shared["test_spread"][0])
        if abs(heard.test[row] - nearest) > 2 * np.hypot(heard.test_error[row], relative * nearest):
            notes.setdefault(test.network, []).append(
                f"test {test.experiment_id} and all other evidence contradict each other: look at how it was run"
            )


def _network(weighed: Weighed, place: int) -> Iterator[Estimate]:
    """The estimates of one network by period."""
    panel, heard = weighed.panel, weighed.heard
    network = panel.networks[place]
    grade, method = _grade(weighed, place)
    notes = tuple(weighed.notes.get(network, ()))
    reason = weighed.reasons.get(place)
    spend = panel.spend[:, place]
    if np.nanmin(spend, initial=0.0) < 0:
        spend = np.full(panel.days, np.nan)
        reason = "a day's spend is below 0, so that nothing is said per unit of spend: mend the cost" + _and(reason)
    is_heard = bool(heard.is_heard[place])
    dominated = bool(weighed.verdict.surprise[place] < LITTLE)
    if not is_heard:
        silent = "neither credit nor a test nor its ad manager says anything either"
        reason = f"{reason or 'nothing is known of it'}; {silent}"
    for period in periods_of(panel):
        days = days_between(panel.dates, period.start, period.end)
        part, apart = weighed.spreads[place].part_on(days)
        drift = float(np.hypot(DRIFT[period.kind], apart if period.kind != "all" else 0.0))
        low, middle, high = (part * float(value) for value in _quantiles(weighed.verdict, place, drift))
        inside = spend[days]
        yield Estimate(
            network,
            None,
            None,
            period.kind,
            period.start,
            period.end,
            middle if is_heard and not dominated else None,
            low if is_heard else None,
            high if is_heard else None,
            None if np.isnan(inside).all() else float(np.nansum(inside)),
            grade,
            method,
            dominated,
            reason,
            notes,
        )


def _and(reason: str | None) -> str:
    return f"; {reason}" if reason else ""


def _grade(weighed: Weighed, place: int) -> tuple[Grade, str]:
    """The grade of a network's evidence, and the witnesses in words."""
    heard = weighed.heard
    own = int((heard.tested[:, place] > 0).sum())
    others = int((heard.tested > 0).any(axis=1).sum()) - own
    has_days = bool(np.isfinite(heard.days[place]))
    words = [f"{own} own test{'s' if own > 1 else ''}"] if own else []
    words += ["daily series"] if has_days else []
    words += [WORDS[name] for name, _, _ in heard.of_touches(place)]
    words += [f"calibrated by {others} test{'s' if others > 1 else ''} of other networks"] if others else []
    grade: Grade = "experiment" if own else "calibrated_model" if others else "model" if has_days else "credit_only"
    return grade, ", ".join(words) or "none"


def _quantiles(verdict: Verdict, place: int, deviation: float) -> Floats:
    """(3,) what a network may have caused over the panel, at ``LEVELS``, if its effect drifts by ``deviation``."""
    if not deviation:
        return np.array([verdict.quantile(place, level) for level in LEVELS])
    from scipy.special import ndtr

    chances = verdict.chances[place]
    finer = np.linspace(GRID[1] - 1, GRID[-1] + 1, 500)
    below = chances[0] + ndtr((finer[:, None] - GRID[None, 1:]) / deviation) @ chances[1:]
    scale = verdict.scale[place]
    found = np.where(below[0] >= np.array(LEVELS), 0.0, scale * np.exp(np.interp(LEVELS, below, finer)))
    return np.where(found >= NEGLIGIBLE * scale, found, 0.0)


def _divided(weighed: Weighed, place: int, total: Estimate, parts: Sequence[Part]) -> Iterator[Estimate]:
    """A network's total over all days among its campaigns, or its actions, whose estimates add up to it."""
    caused = weighed.verdict.quantile(place, 0.5) if parts[0].action_key is None else None
    shares = shares_of(parts, caused=caused)
    steps = np.linspace(0, 2.1, 22)
    table = np.stack([_quantiles(weighed.verdict, place, step) for step in steps])
    for part, share, deviation in zip(parts, shares.share, shares.log_deviation, strict=True):
        low, _, high = (float(share * np.interp(deviation, steps, column)) for column in table.T)
        middle = total.incremental_revenue
        yield replace(
            total,
            campaign=part.campaign,
            action_key=part.action_key,
            incremental_revenue=None if middle is None else float(share) * middle,
            low=None if total.low is None else low,
            high=None if total.high is None else high,
            spend=part.spend,
            method=f"share of the network by exposure and credit; {total.method}",
        )


def _order(part: Part) -> tuple[str, str]:
    return (part.campaign or "", part.action_key or "")
