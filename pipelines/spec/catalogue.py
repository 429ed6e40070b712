"""Every specification there is: the built-in ones and the owner's."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, cast

from pipelines.errors import SpecError
from pipelines.schema import metrics
from pipelines.spec.sources import SourceSpec, parse_spec

SOURCES = Path(__file__).parents[1] / "sources"

KIND = re.compile(r"^kind: ([a-z]+)$", re.MULTILINE)

Cached = TypeVar("Cached", bound=Callable[..., Any])
_followers: list[Callable[[], None]] = []
_own: list[tuple[Path, int]] | None = None


def follows_specs(function: Cached, *, newest: int | None = None) -> Cached:
    """Keep what a function makes of the specifications (the ``newest`` answers; all, where none is said) until these
    change (:func:`use_own_sources`)."""
    cached = lru_cache(maxsize=newest)(function)
    _followers.append(cached.cache_clear)
    return cast(Cached, cached)


def use_own_sources(folder: Path) -> None:
    """Read the owner's specifications in a folder (``sources/`` of the home) beside the built-in ones from here on.

    Where it was never called, the home of the environment (``SOCIAL_ROI_HOME``) counts: so it is in Airflow's tasks.
    """
    global _own
    found = _own_files(folder)
    if found != _own:
        _own = found
        for forget in _followers:
            forget()


def _own_files(folder: Path) -> list[tuple[Path, int]]:
    return [(path, path.stat().st_mtime_ns) for path in sorted(folder.glob("*.yml"))] if folder.is_dir() else []


def _spec_files() -> list[Path]:
    """The built-in specifications, then the owner's."""
    home = os.environ.get("SOCIAL_ROI_HOME")
    own = _own if _own is not None else _own_files(Path(home, "sources")) if home else []
    return sorted(SOURCES.glob("*.yml")) + [path for path, _ in own]


@follows_specs
def load_specs() -> dict[str, SourceSpec]:
    """Every specification by source name: the built-in ones and the owner's.

    Raises:
        SpecError: one does not follow the schema, is named unlike its file, two are of one source or one layout, or two
            claim one network.
    """
    specs, owners = {}, dict[str, str]()
    for path in _spec_files():
        spec = parse_spec(path.read_text(encoding="utf-8"), where=path.name if path.parent == SOURCES else str(path))
        if spec.source != path.stem:
            raise SpecError(f"source is {spec.source!r}, the file is named otherwise", where=path.name)
        if spec.source in specs:
            raise SpecError(f"source {spec.source!r} is built in: give yours another name", where=str(path))
        for network in spec.networks:
            if network in owners:
                raise SpecError(f"networks.{network} is described in {owners[network]} too", where=path.name)
            owners[network] = path.name
        specs[spec.source] = spec
    for spec in specs.values():
        for network in set(spec.serves) - set(owners):
            raise SpecError(f"serves: {network!r} is described in no source", where=f"{spec.source}.yml")
    return specs


@follows_specs
def kinds_of_sources() -> dict[str, str]:
    """The kind of every source, as :func:`load_specs` has it, read from its line alone where it is written on one:
    a stage of a night asks for no more, and all specifications take longer to read than most of what it does."""
    found = {path.stem: KIND.findall(path.read_text(encoding="utf-8")) for path in _spec_files()}
    if any(len(kinds) != 1 for kinds in found.values()):
        return {name: spec.kind for name, spec in load_specs().items()}
    return {name: kinds[0] for name, kinds in found.items()}


def is_retired(spec: SourceSpec) -> bool:
    """Whether every network that a source writes of is gone: then nothing new is to be expected of it."""
    status = {name: network.status for each in load_specs().values() for name, network in each.networks.items()}
    return bool(spec.served) and all(status[name] == "retired" for name in spec.served)


def metrics_offered(network: str) -> tuple[str, ...]:
    """The metrics that any source gives for a network, in catalogue order."""
    offered = {
        name for spec in load_specs().values() if network in spec.served for name in spec.metrics_offered(network)
    }
    return tuple(name for name in metrics() if name in offered)


@follows_specs
def all_specs_version() -> str:
    """One digest over all specifications, written into each publication."""
    joined = " ".join(f"{name}={spec.version}" for name, spec in sorted(load_specs().items()))
    return hashlib.sha256(joined.encode()).hexdigest()[:12]
