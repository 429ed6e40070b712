"""The nightly step: evidence out of the marts, estimates into the incrementality schema."""

from __future__ import annotations

import logging
from decimal import Decimal
from statistics import median
from typing import TYPE_CHECKING, Any

from pipelines.own_tables import INCREMENTALITY_TABLES
from pipelines.settings import Home, Settings
from pipelines.warehouse import INCREMENTALITY, create_raw_schema, open_warehouse, replace_rows, writer_lock

if TYPE_CHECKING:
    import duckdb

    from pipelines.incrementality.estimate import Weighed
    from pipelines.incrementality.evidence import Estimate, Panel
    from pipelines.incrementality.timeseries import SeriesFit


def compute(home: Home, settings: Settings) -> None:
    """Estimate what each network, campaign and action caused, from what ``attribute`` built.

    Raises:
        BusyError: another run is writing.
    """
    del settings  # everything is in the reporting currency already, and nothing else is a matter of choice
    with writer_lock(home, purpose="incrementality"), open_warehouse(home) as connection:
        create_raw_schema(connection)
        from pipelines.incrementality.estimate import estimates_of, weigh_evidence
        from pipelines.incrementality.reading import read

        evidence, notes = read(connection)
        if evidence is None:
            replace_rows(connection, INCREMENTALITY, {name: [] for name in INCREMENTALITY_TABLES})
            return
        weighed = weigh_evidence(evidence)
        for network, said in notes.items():
            weighed.notes.setdefault(network, []).extend(said)
        found = estimates_of(evidence, weighed)
        logging.getLogger(__name__).info("%s estimates, Pareto k %.2f", len(found), weighed.verdict.pareto_k)
        moved = _moved(connection, found)
        rows = {"estimates": [_row(estimate) for estimate in found], "diagnoses": [(*_diagnosis(weighed), moved)]}
        replace_rows(connection, INCREMENTALITY, rows | {"advice": _advice(weighed, found)})


def _moved(connection: duckdb.DuckDBPyConnection, found: tuple[Estimate, ...]) -> float | None:
    """By what part of itself what was said of a closed month has changed, at the median; None where nothing was said of
    any."""
    said = connection.execute(
        f"""select network, period_start, period_end, incremental_revenue from {INCREMENTALITY}.estimates
        where grain = 'network' and period_kind = 'month' and incremental_revenue > 0
            and period_end < (select max(period_end) from {INCREMENTALITY}.estimates)"""
    ).fetchall()
    now = {
        (each.network, each.period_start, each.period_end): each.incremental_revenue
        for each in found
        if each.period_kind == "month" and each.campaign is None and each.action_key is None
    }
    moves = [abs(new / float(before) - 1) for *month, before in said if (new := now.get((*month,))) is not None]
    return float(f"{median(moves):.4f}") if moves else None


def _row(estimate: Estimate) -> tuple[Any, ...]:
    """Money to the cent: what is uncertain in its first digits has no sixth decimal."""
    part = estimate.campaign if estimate.action_key is None else estimate.action_key
    reason = "; ".join(filter(None, (estimate.reason, *estimate.notes))) or None
    return (
        "network" if part is None else "campaign" if estimate.action_key is None else "action",
        estimate.network,
        part,
        estimate.period_kind,
        estimate.period_start,
        estimate.period_end,
        *(_cents(each) for each in (estimate.incremental_revenue, estimate.low, estimate.high)),
        *(_cents(each) for each in (estimate.spend,)),
        *(_ratio(estimate.return_on(each)) for each in (estimate.incremental_revenue, estimate.low, estimate.high)),
        estimate.evidence,
        estimate.method,
        estimate.is_prior_dominated,
        reason,
    )


def _advice(weighed: Weighed, found: tuple[Estimate, ...]) -> list[tuple[Any, ...]]:
    """For each network what more spend would bring, and the test that is worth running."""
    from pipelines.incrementality.advice import marginal_returns
    from pipelines.incrementality.designer import propose_tests

    proposals = {each.network: each for each in propose_tests(weighed)}
    rows = []
    for each in marginal_returns(weighed, found):
        test = proposals.get(each.network)
        designed = (test.days, test.part, _cents(test.standard_error), _cents(test.narrows)) if test else (None,) * 4
        rows.append((each.network, _ratio(each.low), _ratio(each.high), each.advice, each.reason, *designed))
    return rows


def _cents(amount: float | None) -> Decimal | None:
    return None if amount is None else Decimal(f"{amount:.2f}")


def _ratio(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")


def _diagnosis(weighed: Weighed) -> tuple[Any, ...]:
    series = weighed.series
    return (
        float(f"{weighed.verdict.pareto_k:.3f}"),
        None if series is None else float(f"{series.spread:.3f}"),
        None if series is None else _placebo(weighed.panel, series),
        None if series is None else float(f"{series.memory:.3f}"),
        weighed.panel.days,
        len(weighed.tests),
        Decimal(f"{float(weighed.panel.revenue.sum()):.2f}"),
    )


def _placebo(panel: Panel, series: SeriesFit) -> float:
    from pipelines.incrementality.timeseries import placebo

    return float(f"{placebo(panel, usable=series.known):.3f}")
