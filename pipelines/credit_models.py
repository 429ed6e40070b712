"""Models of credit as configuration: what `roi.yml: models` and `windows` may say, and what of it is refused."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

RULE_MODELS = (
    "first_touch", "last_touch", "last_non_direct", "linear", "position_based", "time_decay", "w_shaped", "full_path",
)  # fmt: skip
"""The rule models that need no configuration."""

PATH_MODELS = ("markov_path", "shapley_ordered")
"""Models that divide each conversion among its touches, as rules do, but by what a chain or a game says."""

TOTAL_MODELS = ("markov", "shapley")
"""Models that are defined on the totals of a period only: they credit channels, not touches."""

WHOLE = 1000
"""All shares of a model together, in tenths of a percent."""

Percent = Annotated[float, Field(ge=0, le=100, multiple_of=0.1)]
Weight = Annotated[int, Field(ge=0, le=100)]


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Window(_Closed):
    """How long before a conversion a touch of one kind counts. What an entry leaves out fits every touch."""

    days: int = Field(ge=0, le=3650, description="Days before the conversion; the last second counts.")
    model: str | None = Field(default=None, description="Only in this model.")
    network: str | None = Field(default=None, description="Only touches of this network.")
    touch_type: str | None = Field(
        default=None, description="Only touches of this type; one without a type is a click."
    )
    paid: bool | None = Field(default=None, description="Only paid touches, or only others.")


PAID_WINDOWS = (Window(touch_type="click", paid=True, days=28), Window(touch_type="view", paid=True, days=1))
"""What ad platforms count by themselves; never longer than the model's own lookback."""


class _Shares(_Closed):
    """Percentages of the whole credit, which must be 100 together."""

    @model_validator(mode="after")
    def _add_up(self) -> _Shares:
        total = sum(self.tenths().values())
        if total != WHOLE:
            parts = " + ".join(f"{name} {value / 10:g}" for name, value in self.tenths().items())
            raise ValueError(f"the shares add up to {total / 10:g} ({parts}); change them so that they add up to 100")
        return self

    def tenths(self) -> dict[str, int]:
        """Each share in tenths of a percent."""
        return {name: round(value * 10) for name, value in self.model_dump().items()}


class Positions(_Shares):
    """Shares by position, in percent. Without others, first and last divide in proportion; an end that has no share of
    its own is one of the others."""

    first: Percent = 0
    last: Percent = 0
    others: Percent = 0


class Stages(_Shares):
    """Shares by stage, in percent. The share of a stage that no touch led to goes to the others in proportion."""

    first_touch: Percent = 0
    lead: Percent = 0
    opportunity: Percent = 0
    close: Percent = 0
    others: Percent = 0


class Age(_Closed):
    """The weight of touches up to an age."""

    days: int = Field(ge=0, le=3650, description="Up to how many days before the conversion.")
    weight: Weight = Field(description="What such a touch weighs.")


class Touches(_Closed):
    """Touches named by what they are: each list given as `include` must hold the touch, none as `exclude` may."""

    channels: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    touch_types: tuple[str, ...] = ()


class Transform(_Closed):
    """One change of a journey before credit is given; exactly one key."""

    remove_if_not_all: str | None = Field(
        default=None, description="A channel to leave out unless all touches are of it."
    )
    remove_if_last_and_not_all: str | None = Field(
        default=None, description="A channel to leave out at the end of a journey unless all touches are of it."
    )
    last_touches: int | None = Field(default=None, ge=1, description="Only so many touches, the newest.")
    touches_of_a_channel: int | None = Field(
        default=None, ge=1, description="Only so many touches of each channel, the oldest."
    )

    @model_validator(mode="after")
    def _one(self) -> Transform:
        given = self.model_dump(exclude_none=True)
        if len(given) != 1:
            raise ValueError("one transform is one key, such as {remove_if_not_all: direct}")
        return self


SimpleTransform = Literal["unique_path", "exposure_path", "first_path"]


class OwnModel(_Closed):
    """A model of one's own. At most one of `like`, `positions`, `stages` and `half_life_days` says how credit is
    divided (the same to each touch without them); `ages`, `touch_types` and `channels` multiply what a touch weighs."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{0,62}$", description="Its name in the tables.")
    like: str | None = Field(default=None, description="A rule model to start from, such as `linear`.")
    positions: Positions | None = Field(
        default=None, description="Shares of first, last and others in percent: 100 together."
    )
    stages: Stages | None = Field(
        default=None,
        description="Shares of first_touch, lead, opportunity, close and others in percent: 100 together.",
    )
    half_life_days: int | None = Field(default=None, ge=1, le=3650, description="Weights that halve in so many days.")
    ages: tuple[Age, ...] = Field(
        default=(), description="Weights by age, `{days, weight}`, youngest first; older touches do not count."
    )
    touch_types: dict[str, Weight] = Field(
        default_factory=dict, description="Weights by touch type, 0 to 100; a type not named weighs 1."
    )
    channels: dict[str, Weight] = Field(
        default_factory=dict, description="Weights by channel, 0 to 100; a channel not named weighs 1."
    )
    include: Touches = Field(default=Touches(), description="Only touches of these channels, networks, touch types.")
    exclude: Touches = Field(default=Touches(), description="No touches of these channels, networks, touch types.")
    transforms: tuple[SimpleTransform | Transform, ...] = Field(
        default=(),
        description="Changes of the journey, in this order: `exposure_path` (the first of touches in a row by one "
        "channel), `first_path` (the first of each channel), `unique_path` (all, no change), "
        "`{remove_if_not_all: CHANNEL}`, `{remove_if_last_and_not_all: CHANNEL}`, `{last_touches: N}`, "
        "`{touches_of_a_channel: N}`.",
    )
    lookback_days: int | None = Field(default=None, ge=1, le=3650, description="Its lookback.")

    @model_validator(mode="after")
    def _whole(self) -> OwnModel:
        ways = [name for name in ("like", "positions", "stages", "half_life_days") if getattr(self, name) is not None]
        if len(ways) > 1:
            raise ValueError(f"{self.name} says {' and '.join(ways)}; keep one of them")
        if self.name in (*RULE_MODELS, *PATH_MODELS, *TOTAL_MODELS):
            raise ValueError(f"{self.name} is a built-in model; give yours another name")
        if self.like is not None and self.like not in RULE_MODELS:
            raise ValueError(f"{self.name}: like: {self.like!r} is no rule model; known: {', '.join(RULE_MODELS)}")
        days = [age.days for age in self.ages]
        if days != sorted(set(days)):
            raise ValueError(f"{self.name}: ages must name each number of days once, the smallest first")
        if self.multiplies() and self.like in ("first_touch", "last_touch", "last_non_direct"):
            raise ValueError(
                f"{self.name}: {self.like} gives all to one touch, so that weights change nothing; "
                "leave them out, or use include and exclude"
            )
        if self.ages and not any(age.weight for age in self.ages):
            raise ValueError(f"{self.name}: all weights of ages are 0; give one that is more")
        return self

    def multiplies(self) -> bool:
        """Whether touches weigh more or less by what they are."""
        return bool(self.ages or self.touch_types or self.channels)
