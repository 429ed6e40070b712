"""The utm convention as configuration: which parameter of a link holds network, campaign and action."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

COLUMNS = ("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term")
"""Parameters that touches also give in columns of their own; all others are read from the landing page's address."""


class UtmPart(BaseModel):
    """One parameter of a link, and how a value is read from it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    parameter: str = Field(
        pattern=r"^[A-Za-z0-9_.-]+$",
        description="Its name: a utm parameter, or any other of the landing page's address.",
    )
    pattern: str | None = Field(
        default=None,
        description="A regular expression whose one group is the value, where the parameter holds more than it; a "
        "text that it does not fit says nothing.",
    )
    names: dict[str, str] = Field(
        default_factory=dict, description="What single values stand for, such as `{ig-story: instagram}`."
    )

    @field_validator("pattern")
    @classmethod
    def _has_one_group(cls, pattern: str | None) -> str | None:
        if pattern is None:
            return None
        try:
            groups = re.compile(pattern).groups
        except re.error as error:
            raise ValueError(f"{pattern!r} is no regular expression: {error}") from error
        if re.search(r"\(\?(?:[=!>(]|<[=!]|P=)|\\[1-9]", pattern):
            raise ValueError(f"{pattern!r} looks around or back, which the warehouse's expressions cannot")
        if groups != 1:
            raise ValueError(f"{pattern!r} has {groups} groups; put brackets around the value alone, (?:...) elsewhere")
        return pattern

    @field_validator("names")
    @classmethod
    def _fold_case(cls, names: dict[str, str]) -> dict[str, str]:
        return {given.strip().lower(): meant for given, meant in names.items()}


def _parts(given: object) -> object:
    """One parameter or several, each by its name alone or with how it is read."""
    if given is None:
        return ()
    several = given if isinstance(given, list | tuple) else [given]
    return [{"parameter": each} if isinstance(each, str) else each for each in several]


Parts = Annotated[tuple[UtmPart, ...], BeforeValidator(_parts)]


class Utm(BaseModel):
    """The utm convention: of several parameters, the first that says something counts; `null` is none."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    network: Parts = Field(default=(UtmPart(parameter="utm_source"),), description="What holds the network.")
    campaign: Parts = Field(default=(UtmPart(parameter="utm_campaign"),), description="What holds the campaign.")
    action_id: Parts = Field(
        default=(UtmPart(parameter="utm_content"),), description="What holds the id of the post or ad that was clicked."
    )
