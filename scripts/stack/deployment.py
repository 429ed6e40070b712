"""Where the native stack keeps what it needs: secrets, ports and folders, all in the home."""

from __future__ import annotations

import base64
import os
import secrets
import socket
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelines.settings import key_file
from scripts.stack.composition import Service, services

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = "docker-compose.yml"
MARK = "SOCIAL_ROI_STACK"
"""In the environment of every process of a stack, with its home as value: by it `make down` knows its own."""

GENERATED: dict[str, Callable[[], str]] = {
    "POSTGRES_PASSWORD": lambda: secrets.token_hex(24),
    "AIRFLOW_FERNET_KEY": lambda: base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    "AIRFLOW_JWT_SECRET": lambda: secrets.token_hex(64),
    "AIRFLOW_API_SECRET_KEY": lambda: secrets.token_hex(32),
    "AIRFLOW_ADMIN_PASSWORD": lambda: secrets.token_urlsafe(18),
    "REDIS_PASSWORD": lambda: secrets.token_hex(24),
}
"""The secrets of .env.example, each made as it says there. The key for personal identifiers is not among them: it
lives outside the home (ADR 6), and the stack uses the one that the command line uses."""


@dataclass(frozen=True)
class Deployment:
    """The stack of one home."""

    home: Path

    @property
    def folder(self) -> Path:
        return self.home / "stack"

    @property
    def environment_file(self) -> Path:
        """The same file that `docker compose --env-file` reads."""
        return self.folder / "environment"

    @property
    def postgres(self) -> Path:
        return self.folder / "postgres"

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    def prepare(self) -> None:
        """Make folders and secrets where they are missing; what is there is kept."""
        for folder in (self.folder, self.logs, self.home / "landing"):
            folder.mkdir(parents=True, exist_ok=True)
        if not self.environment_file.exists():
            self._write_environment()

    def _write_environment(self) -> None:
        lines = []
        for line in (ROOT / ".env.example").read_text(encoding="utf-8").splitlines():
            name = line.partition("=")[0]
            value = self._value(name)
            lines.append(f"{name}={value}" if value is not None and not line.startswith("#") else line)
        fresh = self.environment_file.with_suffix(".new")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write("\n".join([*lines, f"STACK_POSTGRES_PORT={free_port()}", ""]))
        fresh.replace(self.environment_file)

    def _value(self, name: str) -> str | None:
        if name in GENERATED:
            return GENERATED[name]()
        told = {"SOCIAL_ROI_HOME": str(self.home), "SOCIAL_ROI_LANDING": str(self.home / "landing")}
        return (told | {"SOCIAL_ROI_UID": str(os.getuid())}).get(name)

    def variables(self) -> dict[str, str]:
        """What docker-compose.yml is filled with: the environment file, and where things are on this machine.

        As with Docker, a variable of the shell goes before the file's.
        """
        lines = self.environment_file.read_text(encoding="utf-8").splitlines()
        given = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
        given |= {name: os.environ[name] for name in given if os.environ.get(name)}
        port = given.get("AIRFLOW_PORT") or "8080"
        given = {"STACK_REDIS_PORT": "6379", "STACK_PROMETHEUS_PORT": "9090"} | given
        return given | {
            "STACK_API_PORT": port,
            "STACK_API_SERVER": f"127.0.0.1:{port}",
            "STACK_BIND": "127.0.0.1",
            "STACK_HOME": str(self.home),
            "STACK_KEY_FILE": str(key_file()),
            "STACK_POSTGRES": f"127.0.0.1:{given['STACK_POSTGRES_PORT']}",
            "STACK_PROMETHEUS": f"127.0.0.1:{given['STACK_PROMETHEUS_PORT']}",
            "STACK_PROMETHEUS_DATA": str(self.folder / "prometheus"),
            "STACK_PROMETHEUS_SETTINGS": str(ROOT / "deploy"),
            "STACK_REDIS": f"127.0.0.1:{given['STACK_REDIS_PORT']}",
            "STACK_RUN": str(self.folder),
        }

    def services(self) -> list[Service]:
        """The services of docker-compose.yml for this machine, and of the files that COMPOSE_FILE adds to it."""
        told = self.variables()
        return services([ROOT / name for name in (told.get("COMPOSE_FILE") or COMPOSE).split(":")], told)

    def environment(self, service: Mapping[str, str]) -> dict[str, str]:
        """The whole environment of a service's process: the image's, the compose file's and the mark."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW__")}
        return (
            kept
            | {
                "AIRFLOW_HOME": str(self.home / "airflow"),
                "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
                "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
                "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]),
                "PYTHONPATH": str(ROOT),
                "PYTHONUNBUFFERED": "1",
                "PGHOST": "127.0.0.1",
                "PGPORT": self.variables()["STACK_POSTGRES_PORT"],
                "SOCIAL_ROI_HOME": str(self.home),
                "SPT_NOENV": "1",  # so that the titles of workers are not written over their environment
                MARK: str(self.home),
            }
            | dict(service)
        )


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def is_free(port: int) -> bool:
    """Whether a server could listen on this port of 127.0.0.1 now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
