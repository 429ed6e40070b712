"""YAML, read by libyaml where PyYAML was built with it: its own reader of the same safe tags takes far longer."""

from __future__ import annotations

from typing import Any

import yaml

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(text: str) -> Any:
    """What a text of YAML holds.

    Raises:
        yaml.YAMLError: it is none.
    """
    return yaml.load(text, Loader=LOADER)  # noqa: S506 - both are safe
