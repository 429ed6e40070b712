"""Chains, games and rules for journeys of one's own: plain lists in, credit by channel out, no warehouse needed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, get_args

from pipelines.attribution.chain import count_transitions
from pipelines.attribution.credit import Credited, by_chain, by_game, by_rule, completed
from pipelines.attribution.journeys import collect
from pipelines.attribution.removal import removal_effects

Rule = Literal["first_touch", "last_touch", "last_non_direct", "linear", "position_based"]
Model = Literal[
    "markov", "shapley", "first_touch", "last_touch", "last_non_direct", "linear", "position_based"
]  # fmt: skip


@dataclass(frozen=True)
class ChannelCredit:
    """What one channel is credited with.

    Attributes:
        conversions: conversions credited, to nine decimals; over all channels they add up to all conversions.
        revenue: revenue credited, to six decimals, adding up likewise; None where no revenue was given.
        removal_effect: under ``markov`` the share of the conversions that have a touch which would be lost without
            the channel, 0 to 1, not rounded and not normalised; None under ``shapley``.
    """

    conversions: Decimal
    revenue: Decimal | None
    removal_effect: float | None


def credit_paths(
    paths: Iterable[Sequence[str]],
    conversions: Iterable[int],
    *,
    nulls: Iterable[int] | None = None,
    revenue: Iterable[Decimal | float | str] | None = None,
    model: Model = "markov",
    order: int = 1,
) -> dict[str, ChannelCredit]:
    """Divide conversions and revenue among the channels of journeys, as ``fct_channel_credit`` does.

    ``markov`` is the chain with start, conversion and null, repeated channels kept, solved exactly: the removal
    effects, divided by their sum, times the conversions (revenue) of journeys with a touch. ``shapley`` is the exact
    value of the game in which a coalition earns what journeys made only of its channels earned. The rules are those
    that know only a touch's place in its path; their totals are exact until they are rounded. Nothing is simulated:
    the same journeys give the same digits, in whatever order they stand. docs/attribution.md has the formulas and
    their sources.

    Args:
        paths: n journeys, each the list of its channels, oldest first; a name may be any text. A journey may stand
            several times, and may be empty: what it brought is then in channel ``(none)``.
        conversions: n whole numbers, how often each journey led to a conversion.
        nulls: n whole numbers, how often each ended without one; none where left out.
        revenue: n amounts of one currency with at most six decimals, what the conversions of each journey brought in
            all; may be negative.
        model: ``markov``, ``shapley``, ``first_touch``, ``last_touch``, ``last_non_direct``, ``linear`` or
            ``position_based``.
        order: how many touches the chain remembers, 1 to 3.

    Returns:
        By channel, in the order of the alphabet.

    Raises:
        ValueError: no such model, the lists differ in length, or an amount has more than six decimals.

    Example:
        >>> found = credit_paths([["search", "email"], ["search"]], [3, 0], nulls=[0, 1])
        >>> found["email"].removal_effect, found["search"].conversions
        (1.0, Decimal('1.500000000'))
    """
    if model not in get_args(Model):
        raise ValueError(f"{model} is no model of paths; these are: {', '.join(get_args(Model))}")
    amounts = {} if revenue is None else {"revenue": [_micros(amount) for amount in revenue]}
    walked = [tuple(path) for path in paths]
    converted = list(conversions)
    lost = [0] * len(walked) if nulls is None else list(nulls)
    for name, given in {"conversions": converted, "nulls": lost, **amounts}.items():
        if len(given) != len(walked):
            raise ValueError(f"{len(walked)} paths and {len(given)} {name}: give one for each path")
    journeys = collect(walked, conversions=converted, nulls=lost, amounts=dict(amounts))
    if model == "markov":
        effects = removal_effects(count_transitions(journeys, order=order)).effects
        credited = completed(journeys, by_chain(journeys, effects), known={}, effects=effects)
    else:
        divided = by_game(journeys) if model == "shapley" else by_rule(journeys, [model])[model]
        credited = completed(journeys, divided, known={})
    return _channels(credited)


def _micros(amount: Decimal | float | str) -> int:
    micros = Decimal(str(amount)).scaleb(6)
    if micros != micros.to_integral_value():
        raise ValueError(f"{amount} has more than six decimals: round it first")
    return int(micros)


def credit_table(
    paths: Any, conversions: Any, *, revenue: Any = None, models: Sequence[Rule] = get_args(Rule)
) -> dict[str, dict[str, ChannelCredit]]:
    """Rules that know only a touch's place, several at once and over columns: for millions of journeys.

    What the rules have in common is summed once. The same digits as ``credit_paths`` gives, one rule after another.

    Args:
        paths: n journeys, a column (Arrow array, plain or chunked) of lists of channels.
        conversions: n whole numbers, a column (Arrow or NumPy).
        revenue: n amounts of one currency, a column of decimals or numbers; rounded to six decimals.
        models: the rules.

    Returns:
        By rule, by channel in the order of the alphabet.

    Raises:
        ValueError: no such rule, the columns differ in length, or a path, channel or number is missing.
    """
    from pipelines.attribution.tables import column, earning, micros

    if unknown := sorted({*models} - {*get_args(Rule)}):
        raise ValueError(f"{unknown[0]} is no rule of paths; these are: {', '.join(get_args(Rule))}")
    converted = column(conversions, "conversions", rows=len(paths))
    amounts = {} if revenue is None else {"revenue": micros(revenue, "revenue", rows=len(paths))}
    journeys = earning(paths, conversions=converted, amounts=amounts)
    return {
        model: _channels(completed(journeys, units, known={})) for model, units in by_rule(journeys, models).items()
    }


def _channels(credited: dict[str, Credited]) -> dict[str, ChannelCredit]:
    return {
        channel: ChannelCredit(
            conversions=Decimal(each.units["conversions"] or 0).scaleb(-9),
            revenue=Decimal(each.units["revenue"] or 0).scaleb(-6) if "revenue" in each.units else None,
            removal_effect=each.removal_effect,
        )
        for channel, each in sorted(credited.items())
    }
