"""Why a file is not loaded: a question to its owner, or a refusal."""

from __future__ import annotations


class NeedsAnswer(Exception):  # noqa: N818 - a question, not an error
    """The content leaves something open that decides the numbers: the owner is asked."""


class Unusable(Exception):  # noqa: N818 - carries the reason of a refusal
    """The table cannot be read rightly, whatever the owner answers."""
