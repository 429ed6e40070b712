"""What every part of a specification is built on: closed models, names by locale, patterns that compile."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict


def _by_locale(value: object) -> object:
    """A bare list of names is English."""
    return {"en": value} if isinstance(value, list) else value


Names = Annotated[dict[str, tuple[str, ...]], BeforeValidator(_by_locale)]


def compiles(pattern: str | None, key: str) -> None:
    """Refuse a pattern that is no regular expression."""
    try:
        re.compile(pattern or "")
    except re.error as error:
        raise ValueError(f"{key}: {pattern!r} is no regular expression: {error}") from error


class Closed(BaseModel):
    """A model that refuses what it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)
