"""The credit models of the settings as passes: models that see the same touches are computed side by side.

One pass joins, filters and sorts the touches of every conversion once. With the default settings all rule models are
one pass.
"""

from __future__ import annotations

import json
from typing import Any

from pipelines.credit_models import PAID_WINDOWS, RULE_MODELS, OwnModel, Positions, Stages, Touches, Window
from pipelines.settings import Settings

SHAPES: dict[str, Positions | Stages] = {
    "position_based": Positions(first=40, last=40, others=20),
    "w_shaped": Stages(first_touch=30, lead=30, opportunity=30, others=10),
    "full_path": Stages(first_touch=22.5, lead=22.5, opportunity=22.5, close=22.5, others=10),
}


def credit_passes(settings: Settings) -> list[dict[str, Any]]:
    """What dbt needs to know of each pass: which touches count, how journeys are changed, and the models."""
    passes: dict[str, dict[str, Any]] = {}
    for entry in settings.models:
        own = entry if isinstance(entry, OwnModel) else None
        name = own.name if own else str(entry)
        if own is None and name not in RULE_MODELS:
            continue
        sieve = _sieve(name, own, settings)
        known = passes.setdefault(json.dumps(sieve, sort_keys=True), {**sieve, "models": []})
        if name not in [model["model"] for model in known["models"]]:
            known["models"].append(_rule(name, own, settings))
    return list(passes.values())


def longest_window(settings: Settings) -> int:
    """The most days before a conversion that a touch counts in any model or journey."""
    return max([_longest(windows_of(settings)), *longest_windows(settings).values()])


def longest_windows(settings: Settings) -> dict[str, int]:
    """The most days before a conversion that a touch of any kind counts, by model."""
    longest = {}
    for entry in settings.models:
        name, lookback = (entry.name, entry.lookback_days) if isinstance(entry, OwnModel) else (entry, None)
        longest[name] = _longest(windows_of(settings, name, lookback))
    return longest


def _longest(sieve: dict[str, Any]) -> int:
    return max([int(sieve["days"]), *(int(window["days"]) for window in sieve["windows"])])


def windows_of(settings: Settings, model: str | None = None, lookback: int | None = None) -> dict[str, Any]:
    """The windows of a model, in the order in which they are tried, and the days where none fits.

    Args:
        model: its name; None for journeys, which belong to no model.
        lookback: the model's own lookback where its entry says one.
    """
    days = lookback or settings.lookback_days_by_model.get(model or "", settings.lookback_days)
    own = [window for window in settings.windows if window.model in (None, model)]
    caps = [window.model_copy(update={"days": min(window.days, days)}) for window in PAID_WINDOWS]
    return {"windows": [_window(window) for window in (*own, *caps)], "days": days}


def _window(window: Window) -> dict[str, Any]:
    return {
        "network": window.network and window.network.lower(),
        "touch_type": window.touch_type and window.touch_type.lower(),
        "paid": window.paid,
        "days": window.days,
    }


def _sieve(name: str, own: OwnModel | None, settings: Settings) -> dict[str, Any]:
    """Which touches a model sees, and how its journeys are changed before credit."""
    nothing = Touches()
    transforms = own.transforms if own else ()
    return {
        **windows_of(settings, name, own.lookback_days if own else None),
        "include": (own.include if own else nothing).model_dump(mode="json"),
        "exclude": (own.exclude if own else nothing).model_dump(mode="json"),
        "transforms": [
            {"name": each} if isinstance(each, str) else
            dict(zip(("name", "value"), next(iter(each.model_dump(exclude_none=True).items())), strict=True))
            for each in transforms
            if each != "unique_path"
        ],
    }  # fmt: skip


def _rule(name: str, own: OwnModel | None, settings: Settings) -> dict[str, Any]:
    """How one model divides credit."""
    base = (own.like or "linear") if own else name
    shape = (own and (own.positions or own.stages)) or SHAPES.get(base)
    half_life = own and own.half_life_days
    kind = base
    if isinstance(shape, Positions):
        kind = "positions"
    elif isinstance(shape, Stages):
        kind = "stages"
    elif half_life or base == "time_decay":
        kind = "time_decay"
    rule: dict[str, Any] = {
        "model": name,
        "kind": kind,
        "shares": shape.tenths() if shape else {},
        "half_life_days": half_life or settings.half_life_days,
        "multiplies": bool(own and own.multiplies()),
    }
    if own and rule["multiplies"]:
        rule["ages"] = [age.model_dump() for age in own.ages]
        rule["touch_types"] = {key.lower(): value for key, value in own.touch_types.items()}
        rule["channels"] = dict(own.channels)
    return rule
