"""docker-compose.yml and what is added to it, as far as a service is the same with and without a container."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

VARIABLE = re.compile(r"\$(?:\$|\{(?P<name>\w+)(?::(?P<how>[-?])(?P<rest>[^}]*))?\})")
SECONDS = {"s": 1, "m": 60}


class CompositionError(ValueError):
    """The compose file asks for something that is not given; the text names it."""


@dataclass(frozen=True)
class Health:
    """How a service is asked whether it is well.

    Attributes:
        command: exits with 0 when it is.
        patience: seconds after the start until the last allowed attempt, as Docker counts them.
    """

    command: tuple[str, ...]
    patience: int


@dataclass(frozen=True)
class Service:
    """One service. ``command`` is empty where the image's own is meant; without ``health`` it runs once and ends."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    after: tuple[str, ...]
    health: Health | None


def services(paths: Sequence[Path], variables: Mapping[str, str]) -> list[Service]:
    """The services of compose files, later ones added to earlier, each after all that it waits for.

    Raises:
        CompositionError: a variable that has to be given is not; names it and says what the file says of it.
    """
    document: dict[str, Any] = {}
    for path in paths:
        document = merged(document, yaml.safe_load(path.read_text(encoding="utf-8")))
    found = {name: _service(name, fill(told, variables)) for name, told in document["services"].items()}
    return list(_ordered(found))


def merged(one: Any, other: Any) -> Any:
    """Two parts of compose files as one: mappings key by key, of anything else the later one."""
    if not (isinstance(one, dict) and isinstance(other, dict)):
        return other
    return one | {key: merged(one.get(key), value) for key, value in other.items()}


def fill(value: Any, variables: Mapping[str, str]) -> Any:
    """A value with its ``${NAME}``, ``${NAME:-default}`` and ``${NAME:?message}`` replaced, at every depth."""
    if isinstance(value, dict):
        return {key: fill(each, variables) for key, each in value.items()}
    if isinstance(value, list):
        return [fill(each, variables) for each in value]
    if not isinstance(value, str):
        return value

    def one(found: re.Match[str]) -> str:
        name = found["name"]
        if name is None:
            return "$"
        if given := variables.get(name):
            return given
        if found["how"] == "?":
            raise CompositionError(f"{name} is not given: {found['rest']}")
        return found["rest"] or ""

    return VARIABLE.sub(one, value)


def _service(name: str, told: dict[str, Any]) -> Service:
    check = told.get("healthcheck")
    return Service(
        name=name,
        command=(*told.get("entrypoint", ()), *told.get("command", ())),
        environment={key: str(value) for key, value in told.get("environment", {}).items()},
        after=tuple(told.get("depends_on", ())),
        health=Health(tuple(check["test"][1:]), _patience(check)) if check else None,
    )


def _patience(check: dict[str, Any]) -> int:
    each = _seconds(check["interval"]) + _seconds(check["timeout"])
    return _seconds(check["start_period"]) + int(check["retries"]) * each


def _seconds(text: str) -> int:
    return int(text[:-1]) * SECONDS[text[-1]]


def _ordered(found: dict[str, Service]) -> Iterator[Service]:
    done: set[str] = set()

    def visit(service: Service) -> Iterator[Service]:
        for name in service.after:
            yield from visit(found[name])
        if service.name not in done:
            done.add(service.name)
            yield service

    for service in found.values():
        yield from visit(service)
