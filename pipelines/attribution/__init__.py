"""Chains and games: what SQL cannot say well. Reads journeys, writes small tables that the last marts join."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pipelines.credit_models import TOTAL_MODELS
from pipelines.own_tables import ATTRIBUTION_TABLES
from pipelines.settings import Home, Settings
from pipelines.warehouse import ATTRIBUTION, MARTS, create_raw_schema, open_warehouse, replace_rows, writer_lock

if TYPE_CHECKING:
    from pipelines.attribution.tables import Monthly

PERIODS = ("all", "quarter", "month")
DIGITS = {"conversions": 9, "revenue": 6, "net_revenue": 6}
"""What is credited, and to how many decimals."""

READS = (f"{MARTS}.mart_journeys_monthly",)
WRITES = tuple(f"{ATTRIBUTION}.{name}" for name in ATTRIBUTION_TABLES)
"""The tables that are read and written here."""

Rows = dict[str, list[tuple[Any, ...]]]


def compute(home: Home, settings: Settings) -> None:
    """Work out the chains and games of every period out of ``mart_journeys_monthly``, into the attribution schema.

    Raises:
        BusyError: another run is writing.
    """
    found: Rows = {"credits": [], "weights": [], "chains": []}
    with writer_lock(home, purpose="attribution"), open_warehouse(home) as connection:
        create_raw_schema(connection)
        if {*TOTAL_MODELS, "markov_path"} & set(settings.model_names):
            from pipelines.attribution.tables import read

            for grain in settings.grains:
                monthly = read(connection, grain)
                for kind in PERIODS:
                    _period(found, settings, monthly, (grain, kind))
            replace_rows(connection, ATTRIBUTION, found)


def _period(found: Rows, settings: Settings, monthly: Monthly, place: tuple[str, str]) -> None:
    """Add the rows of every period of one kind, at one grain."""
    from pipelines.attribution import credit
    from pipelines.attribution.chain import count_transitions
    from pipelines.attribution.removal import removal_effects

    grain, kind = place
    totals = [
        model
        for model in TOTAL_MODELS
        if model in settings.model_names and grain in ("channel", *settings.markov.grains)
    ]
    divides = "markov_path" in settings.model_names and place == (
        settings.markov.path_grain,
        settings.markov.path_period,
    )
    for start, chosen in monthly.periods(kind):
        journeys = monthly.journeys.select(chosen)
        known = {name: bool(values[chosen].any()) for name, values in monthly.known.items()}
        effects = None
        if divides or "markov" in totals:
            removal = removal_effects(count_transitions(journeys, order=settings.markov.order))
            effects = removal.effects
            size = (removal.contexts, removal.transitions, removal.condition, removal.residual)
            found["chains"].append((grain, settings.markov.order, kind, start, *size))
        if divides and effects is not None:
            found["weights"] += [(start, *pair) for pair in credit.weights_of(journeys.states, effects).items()]
        for model in totals:
            if model == "markov" and effects is not None:
                credited = credit.completed(journeys, credit.by_chain(journeys, effects), known=known, effects=effects)
            else:
                credited = credit.completed(journeys, credit.by_game(journeys), known=known)
            found["credits"] += [
                (
                    model,
                    grain,
                    kind,
                    start,
                    state,
                    *(_decimal(each.units[name], digits) for name, digits in DIGITS.items()),
                    each.removal_effect,
                )
                for state, each in credited.items()
            ]


def _decimal(units: int | None, digits: int) -> Decimal | None:
    return None if units is None else Decimal(units).scaleb(-digits)
