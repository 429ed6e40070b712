"""The processes of a stack: kept running by supervisor, started in order of health, ended to the last one."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import time
import xmlrpc.client
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

import psutil

from scripts.stack.composition import Service
from scripts.stack.deployment import MARK, ROOT, Deployment, is_free

UP, STARTING, OVER = "RUNNING", "STARTING", "EXITED"
STOP_SECONDS = 40
_COMMON = """
[supervisord]
logfile={logs}/supervisord.log
logfile_maxbytes=5MB
logfile_backups=2
pidfile={folder}/supervisord.pid
childlogdir={logs}

[unix_http_server]
file={socket}
chmod=0700

[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
"""
_PROGRAM = """
[program:{name}]
command={python} -m scripts.stack --home "{home}" run {name}
directory={root}
autostart=false
autorestart={lasting}
startsecs={patience}
startretries=20
stopsignal={signal}
stopasgroup={as_group}
killasgroup=true
stopwaitsecs=30
redirect_stderr=true
stdout_logfile={logs}/{name}.log
stdout_logfile_maxbytes=20MB
stdout_logfile_backups=3
"""


class StackError(RuntimeError):
    """The stack cannot be brought up or down; the text says which part, why, and what to do."""


def up(stack: Deployment, *, say: Callable[[str], None]) -> None:
    """Start what is not running, each service once those that it waits for are well.

    Raises:
        StackError: a port is taken, or a service ends or does not become well.
    """
    rpc = _supervisor(stack)
    for service in stack.services():
        begun = time.monotonic()
        state = rpc.getProcessInfo(service.name)["statename"]
        if state not in (UP, STARTING):
            require_port(stack, service)
            rpc.startProcess(service.name, False)
        _await(stack, rpc, service)
        say(f"{service.name} {'is well' if service.health else 'is done'} ({time.monotonic() - begun:.1f} s)")


def down(stack: Deployment, *, say: Callable[[str], None]) -> list[str]:
    """End everything that ``up`` started in this home, the last started first.

    Returns:
        The processes that had to be ended one by one, because whatever started them had gone.
    """
    rpc = connect(stack)
    if rpc is not None:
        for service in reversed(stack.services()):
            if rpc.getProcessInfo(service.name)["statename"] in (UP, STARTING, "BACKOFF"):
                rpc.stopProcess(service.name)
                say(f"{service.name} is stopped")
        rpc.shutdown()
    ended = members(stack)
    psutil.wait_procs(ended, timeout=STOP_SECONDS if rpc is not None else 0)
    strays = [process for process in ended if process.is_running()]
    names = [" ".join(process.cmdline()[:4]) for process in strays]
    for process in strays:
        process.terminate()
    for process in psutil.wait_procs(strays, timeout=10)[1]:
        process.kill()
    return names


def states(stack: Deployment) -> dict[str, str]:
    """The state of each service, in supervisor's words; empty when the stack is down."""
    rpc = connect(stack)
    return {} if rpc is None else {told["name"]: told["statename"] for told in rpc.getAllProcessInfo()}


def members(stack: Deployment) -> list[psutil.Process]:
    """Every living process that belongs to this stack, whoever its parent is now."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARK) == str(stack.home) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue  # gone meanwhile, or another user's
    return found


def end_orphans(stack: Deployment) -> list[int]:
    """End what a scheduler that died has left running: its workers, their tasks, its server of logs; the process ids.

    They hold its connections to Postgres open, and with these the locks on the runs that it was at: none of these would
    go on. The next scheduler begins the tasks anew, as it does in a container, where they die with the one before.
    """
    found = members(stack)
    known = {process.pid for process in found}
    ended = []
    for process in found:
        with suppress(psutil.NoSuchProcess):
            if " ".join(process.cmdline()).startswith("airflow ") and process.ppid() not in known:
                for each in (*process.children(recursive=True), process):
                    each.kill()
                    ended.append(each.pid)
    return ended


def _supervisor(stack: Deployment) -> Any:
    """The running supervisor, started if there is none."""
    if (found := connect(stack)) is not None:
        return found
    settings = stack.folder / "supervisord.conf"
    settings.write_text("".join(_settings(stack)), encoding="utf-8")
    command = [sys.executable, "-m", "supervisor.supervisord", "-c", str(settings)]
    done = subprocess.run(command, env=stack.environment({}), cwd=ROOT, capture_output=True, text=True, check=False)
    for _ in range(100):
        if (found := connect(stack)) is not None:
            return found
        time.sleep(0.1)
    raise StackError(f"supervisor does not start: {done.stderr.strip() or 'see its log in ' + str(stack.logs)}")


def _settings(stack: Deployment) -> Iterator[str]:
    yield _COMMON.format(logs=stack.logs, folder=stack.folder, socket=_socket(stack))
    for service in stack.services():
        is_database = service.name == "postgres"
        yield _PROGRAM.format(
            name=service.name,
            python=sys.executable,
            home=stack.home,
            root=ROOT,
            logs=stack.logs,
            lasting="true" if service.health else "false",
            patience=2 if service.health else 0,
            signal="INT" if is_database else "TERM",
            as_group="false" if is_database else "true",
        ).replace("%", "%%")


def _socket(stack: Deployment) -> Path:
    """Where supervisor listens: a short path, since the system bounds its length."""
    name = hashlib.sha256(str(stack.home).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"social-roi-{name}.sock"


def connect(stack: Deployment) -> Any | None:
    """The running supervisor of a stack, to be called by XML-RPC; None where the stack is down."""
    from supervisor.xmlrpc import SupervisorTransport  # type: ignore[import-untyped]

    transport = SupervisorTransport(None, None, f"unix://{_socket(stack)}")
    proxy = xmlrpc.client.ServerProxy("http://127.0.0.1", transport=transport)
    try:
        proxy.supervisor.getState()
    except (OSError, HTTPException):
        return None
    return proxy.supervisor


def require_port(stack: Deployment, service: Service) -> None:
    """Refuse to start a service whose port another program holds.

    Raises:
        StackError: names the port and the setting that moves it.
    """
    ports = {
        "postgres": "STACK_POSTGRES_PORT",
        "api-server": "STACK_API_PORT",
        "redis": "STACK_REDIS_PORT",
        "prometheus": "STACK_PROMETHEUS_PORT",
    }
    name = ports.get(service.name)
    if name and not is_free(int(stack.variables()[name])):
        setting = name.replace("STACK_API_PORT", "AIRFLOW_PORT")
        raise StackError(
            f"{service.name}: port {stack.variables()[name]} is in use by another program; "
            f"give {setting} another value in {stack.environment_file}, then run `make up` again"
        )


def require_zone(stack: Deployment) -> None:
    """Refuse to start where the nights' time zone is none: Airflow would run, and hold no DAG.

    Raises:
        StackError: names the setting.
    """
    name = stack.variables().get("SOCIAL_ROI_SCHEDULE_ZONE") or "UTC"
    if name not in available_timezones():
        raise StackError(
            f"SOCIAL_ROI_SCHEDULE_ZONE: {name!r} is no IANA time zone name, such as Europe/Paris; "
            f"mend it in {stack.environment_file}, then run `make up` again"
        )


def _await(stack: Deployment, rpc: Any, service: Service) -> None:
    """Wait until a service is well, or a passing one has ended well."""
    patience = service.health.patience if service.health else 300
    until = time.monotonic() + patience
    reason = ""
    while time.monotonic() < until:
        told = rpc.getProcessInfo(service.name)
        if told["statename"] == "FATAL" or (told["statename"] == OVER and told["exitstatus"]):
            reason = f"ended with status {told['exitstatus']}"
            break
        if service.health is None:
            if told["statename"] == OVER:
                return
        elif told["statename"] == UP:
            asked = subprocess.run(
                list(service.health.command), env=stack.environment(service.environment), cwd=ROOT,
                capture_output=True, text=True, check=False, timeout=60,
            )  # fmt: skip
            if asked.returncode == 0:
                return
            reason = (asked.stderr or asked.stdout).strip()
        time.sleep(0.5)
    raise StackError(
        f"{service.name} {reason or 'does not become well'} (waited up to {patience} s); "
        f"its log is {stack.logs / service.name}.log"
    )
