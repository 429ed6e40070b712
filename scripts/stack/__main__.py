"""``python -m scripts.stack --home HOME up | down | status | run SERVICE``: what `make up` and `make down` call."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from scripts.stack import database
from scripts.stack.composition import CompositionError
from scripts.stack.deployment import ROOT, Deployment
from scripts.stack.supervision import StackError, down, end_orphans, members, require_zone, states, up


def main() -> int:
    parser = argparse.ArgumentParser(prog="stack", description=__doc__)
    parser.add_argument("--home", type=Path, default=Path("var"))
    parser.add_argument("verb", choices=(*VERBS, "run"))
    parser.add_argument("service", nargs="?")
    given = parser.parse_args()
    stack = Deployment(given.home.resolve())
    try:
        if given.verb == "run":
            _run(stack, given.service)
        return VERBS[given.verb](stack)
    except (StackError, CompositionError, OSError, RuntimeError) as error:
        _say(str(error))
        return 1


def _up(stack: Deployment) -> int:
    stack.prepare()
    require_zone(stack)
    database.initialise(stack)
    up(stack, say=_say)
    told = stack.variables()
    _say(f"Airflow is at http://127.0.0.1:{told['STACK_API_PORT']}, user admin, password in {stack.environment_file}")
    return 0


def _down(stack: Deployment) -> int:
    if not stack.environment_file.exists() and not members(stack):
        _say("nothing was started here")
        return 0
    for name in down(stack, say=_say):
        _say(f"ended what was left over: {name}")
    left = members(stack)
    _say("no process is left" if not left else f"still running: {', '.join(str(each.pid) for each in left)}")
    return 1 if left else 0


def _status(stack: Deployment) -> int:
    told = states(stack)
    for name, state in told.items():
        print(f"{name:15}{state.lower()}")
    return 0 if told else 1


def _run(stack: Deployment, name: str) -> NoReturn:
    """Become the process of one service; supervisor calls this."""
    for ended in end_orphans(stack):
        _say(f"ended process {ended}, left over by a scheduler that died")
    service = {each.name: each for each in stack.services()}[name]
    environment = stack.environment(service.environment)
    command = list(service.command) or database.command(stack)
    os.chdir(ROOT)
    if not service.command:
        os.chdir(stack.folder)
        database.become(database.account())
    program = shutil.which(command[0], path=environment["PATH"])
    if program is None:
        raise StackError(f"{command[0]} is not installed; `make setup` installs all but what COMPOSE_FILE adds")
    os.execve(program, [program, *command[1:]], environment)  # noqa: S606 - what docker-compose.yml says


VERBS: dict[str, Callable[[Deployment], int]] = {"up": _up, "down": _down, "status": _status}


def _say(text: str) -> None:
    print(f"stack: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
