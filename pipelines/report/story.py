"""What the numbers say in words: the model's rule, and the three findings a leader asks for first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipelines.report.figures import compact, listing, ratio
from pipelines.report.values import ModelResult, NetworkRoi, has_cost

MODEL_WORDS = {
    "first_touch": ("First touch", "the first touch before a conversion gets all of its credit"),
    "last_touch": ("Last touch", "the last touch before a conversion gets all of its credit"),
    "last_non_direct": ("Last non-direct", "the last touch that is no direct visit gets all the credit"),
    "linear": ("Linear", "every touch before a conversion gets an equal part of its credit"),
    "position_based": ("Position based", "40% to the first touch, 40% to the last, 20% to those between"),
    "time_decay": ("Time decay", "the closer a touch is to the conversion, the more credit it gets"),
    "w_shaped": ("W-shaped", "30% each to first touch, lead and opportunity, 10% to the touches between"),
    "full_path": ("Full path", "22.5% each to four milestones, 10% to the touches between"),
    "markov_path": (
        "Markov path",
        "credit by how much a channel's absence would break paths to a conversion",
    ),
}

STATUS_WORDS = {
    "loaded": "in the numbers",
    "duplicate": "already known",
    "ignored": "not meant to be read",
    "needs_answer": "waiting for an answer",
    "refused": "refused",
}

REASON_WORDS = {
    "new_conversion": "sales that were not known",
    "withdrawn": "sales that are no longer there",
    "refund": "refunds and cancellations",
    "restated": "exports that say otherwise",
    "rate": "exchange rates",
    "late_touch": "touches that were not known",
    "touch_restated": "touches that changed",
    "identity": "who is who",
    "relearnt": "journeys learnt since",
    "setting": "settings",
    "unexplained": "nothing that is known",
}
"""The reasons of ``fct_reported_changes`` in words."""

KIND_WORDS = {
    "own_export_and_tool": "the network's own export, not a tool's",
    "later_and_earlier_export": "the later export",
    "exports_of_one_day": "the larger, of one day",
}
"""Which of two exports ``meta_reconciliation`` believes."""

REMEDIES = {
    "needs_answer": "Say what the file does not: under answers in roi.yml, then run social-roi ingest.",
    "refused": "Export it again from its source, unchanged, put it in the place of this one, then run"
    " social-roi ingest.",
}


@dataclass(frozen=True)
class Finding:
    """One thing worth knowing, in a few words: what, the figure or name, and the explanation."""

    heading: str
    figure: str
    words: str


def model_label(model: str) -> str:
    """The model's name as people write it."""
    return MODEL_WORDS[model][0] if model in MODEL_WORDS else model.replace("_", " ").capitalize()


def model_rule(model: str) -> str:
    """What the model does, in one phrase."""
    return MODEL_WORDS[model][1] if model in MODEL_WORDS else "a rule of this company's own configuration"


def spread(models: Sequence[ModelResult]) -> dict[str, tuple[str, Decimal, Decimal]]:
    """For each network its name and the lowest and highest revenue that any model credits it with."""
    names: dict[str, str] = {}
    credited: dict[str, list[Decimal]] = {}
    for result in models:
        for row in result.networks:
            names[row.network] = row.display_name
            credited.setdefault(row.network, []).append(row.revenue_credited or Decimal(0))
    return {network: (names[network], min(values), max(values)) for network, values in credited.items()}


def _best(rows: Sequence[NetworkRoi]) -> Finding | None:
    known = [row for row in rows if row.roas is not None]
    if not known:
        return None
    best = max(known, key=lambda row: row.roas or 0.0)
    words = f"Credited with {ratio(best.roas)} its cost, the most of all networks with a declared cost."
    return Finding("Best return", best.display_name, words)


def _below_cost(rows: Sequence[NetworkRoi]) -> Finding | None:
    known = [row for row in rows if row.roas is not None]
    if not known:
        return None
    below = sorted((row for row in known if (row.roas or 0.0) < 1), key=lambda row: row.roas or 0.0)
    if not below:
        return Finding("Below cost", "None", "Every network with a declared cost is credited with more than it cost.")
    words = f"Credited with less than the cost: {listing([row.display_name for row in below])}."
    return Finding("Below cost", f"{len(below)} of {len(known)}", words)


def _disagreement(models: Sequence[ModelResult], currency: str) -> Finding | None:
    wide = [(high - low, name, low, high) for name, low, high in spread(models).values() if high > low]
    if len(models) < 2 or not wide:
        return None
    _, name, low, high = max(wide)
    return Finding(
        "Rules disagree most on",
        name,
        f"{currency} {compact(low)} to {compact(high)}, depending on the credit rule.",
    )


def findings(result: ModelResult, models: Sequence[ModelResult], currency: str) -> tuple[Finding, ...]:
    """What stands out under one model; none where there is nothing to compare."""
    found = (_best(result.networks), _below_cost(result.networks), _disagreement(models, currency))
    return tuple(finding for finding in found if finding)


def cost_note(rows: Sequence[NetworkRoi]) -> str | None:
    """What the total's ROAS and ROI leave out, and why; ``None`` where every network has a cost."""
    unpriced = [row.display_name for row in rows if row.costs_without_rate]
    if unpriced:
        return f"Costs of {listing(unpriced)} lack an exchange rate, so the total has no ROAS and no ROI."
    without = [row.display_name for row in rows if not has_cost(row)]
    if not without or len(without) == len(rows):
        return None
    return f"ROAS and ROI of the total leave out {listing(without)}: no cost is declared there."
