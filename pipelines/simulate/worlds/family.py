"""Kinds of worlds: how demand, targeting and effect hang together. Numbers, no code."""

from __future__ import annotations

from dataclasses import dataclass

Range = tuple[float, float]
"""From which a world draws its own value, uniformly."""


@dataclass(frozen=True)
class Family:
    """A kind of world. Every world of it draws its own values from these ranges.

    Attributes:
        follows: by how much the log of a network's activity rises with one standard deviation of latent demand.
        against: part of the networks whose activity falls with demand instead (sales are pushed when they are slow).
        picks: power of people's readiness to buy with which a network finds them; 0: it reaches all alike, 1: it
            reaches those who buy anyway in proportion to what they buy.
        share: part of all revenue that social media cause; no effect at all where it is (0, 0).
        memory: what is left of an effect a day later.
        peak: days until an effect is strongest; (0, 0): on the day itself, falling from there on.
        room: half saturation, in multiples of a network's mean carried activity, drawn evenly on the log scale: small
            is a saturated network.
        drift: standard deviation by which the log of a network's effectiveness wanders in a year.
        with_demand: power of the day's demand to which an effect is proportional.
        jumps: chance that a day's sales jump for a reason that nobody knows.
        campaigns: number of campaigns of a network.
        spread: standard deviation of the log effectiveness of campaigns, and of actions within one.
        self_crediting: networks that reach almost only people who are about to buy, and cause next to nothing.
        searches: chance that a buyer whom a network brought comes by a search for the brand in the end.
        test_bias: standard deviation of what tests are wrong by, as a part of the effect.
        washed_out: whether a test begins only after what went before has worn off. Where it does not, it misses what is
            still carried over, and finds too little.
        closing: mean days from an opportunity's opening until it is won; (0, 0): an order is paid at once.
        orders: expected orders of a day without social media, drawn evenly on the log scale.
        basket: mean order value, drawn likewise.
    """

    follows: Range = (0.0, 0.0)
    against: float = 0.0
    picks: Range = (0.0, 0.7)
    share: Range = (0.05, 0.4)
    memory: Range = (0.0, 0.9)
    peak: Range = (0.0, 0.0)
    room: Range = (0.8, 5.0)
    drift: float = 0.0
    with_demand: Range = (0.0, 0.0)
    jumps: float = 0.0
    campaigns: tuple[int, int] = (2, 4)
    spread: float = 0.5
    self_crediting: int = 0
    searches: float = 0.15
    test_bias: float = 0.0
    washed_out: bool = True
    closing: Range = (0.0, 0.0)
    orders: Range = (30.0, 240.0)
    basket: Range = (25.0, 120.0)


FAMILIES: dict[str, Family] = {
    "exogenous": Family(),
    "confounded": Family(follows=(0.15, 0.7)),
    "mixed_sign": Family(follows=(0.15, 0.7), against=0.5),
    "misspecified": Family(
        follows=(0.0, 0.4),
        peak=(2.0, 8.0),
        drift=0.3,
        with_demand=(0.0, 0.6),
        jumps=0.02,
        test_bias=0.2,
        washed_out=False,
    ),
    "retargeting": Family(follows=(0.1, 0.4), picks=(0.2, 1.0), self_crediting=2),
    "brand_search": Family(follows=(0.0, 0.3), searches=0.65),
    "no_effect": Family(follows=(0.0, 0.5), share=(0.0, 0.0)),
    "campaign_shares": Family(campaigns=(4, 7), spread=0.9),
    "b2b": Family(follows=(0.0, 0.4), closing=(25.0, 90.0), orders=(3.0, 12.0), basket=(2000.0, 15000.0)),
}
"""By name.

- ``exogenous``: activity owes nothing to demand; sales have AR noise. A model can be right here.
- ``confounded``: activity follows demand, so that the days flatter every network.
- ``mixed_sign``: half of the networks run against demand, so that no common correction helps.
- ``misspecified``: effects come late, change over the years and with demand, sales jump, tests are biased.
- ``retargeting``: two networks reach people who are about to buy, and claim them.
- ``brand_search``: buyers whom social media brought come by a search in the end, which takes the last touch.
- ``no_effect``: social media cause nothing; buyers are touched all the same.
- ``campaign_shares``: many campaigns of very different effect within each network.
- ``b2b``: few and large opportunities that are won months after they were opened.
"""
