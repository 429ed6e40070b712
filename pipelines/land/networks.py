"""Networks by every name that somebody gives them."""

from __future__ import annotations

import re

from pipelines.land.words import fold
from pipelines.spec import follows_specs, load_specs

_NO_LETTERS = re.compile(r"[^\w]+|_+")


@follows_specs
def network_names() -> dict[str, str]:
    """Folded name -> network: its own, the one it shows, its hosts, those in links and those that other
    programs use."""
    names: dict[str, str] = {}
    for spec in load_specs().values():
        for network, described in spec.networks.items():
            for name in (
                network,
                described.display_name,
                *described.hosts,
                *described.utm_sources,
                *described.also_called,
            ):
                names[fold(name)] = network
    return names


def network_named(text: str) -> str:
    """The network that a text names; one that no specification knows is kept in snake case."""
    folded = fold(text)
    return network_names().get(folded) or _NO_LETTERS.sub("_", folded).strip("_")


@follows_specs
def action_id_patterns() -> dict[str, tuple[str, ...]]:
    """How each network writes the ids of its actions, where its specification says so."""
    return {
        network: described.action_ids
        for spec in load_specs().values()
        for network, described in spec.networks.items()
        if described.action_ids
    }
