"""Deployments as an earlier version left them."""

from __future__ import annotations

from pathlib import Path

import duckdb

from tests.land.conftest import Landing, _own_key, home, land_bytes  # noqa: F401 - fixtures

FIRST = Path(__file__).with_name("first_release")


def tables(name: str) -> dict[str, str]:
    """The tables of the first release: by name with schema, the columns as DDL."""
    lines = (FIRST / name).read_text(encoding="utf-8").splitlines()
    return dict(line.split(": ", 1) for line in lines)


def make_first_warehouse(path: Path) -> None:
    """A warehouse with the tables of the first release and the verdict of one check, and no book of versions."""
    with duckdb.connect(str(path)) as connection:
        for table, columns in tables("warehouse.txt").items():
            connection.execute(f"create schema if not exists {table.split('.')[0]}")
            connection.execute(f"create table {table} ({columns})")
        verdict = (
            "20260101T020000Z-a",
            "2026-01-01 02:10",
            "raw",
            "raw.costs",
            "an old check",
            "warn",
            False,
            "1 row",
            "-",
        )
        connection.execute("insert into raw.checks values (?, ?, ?, ?, ?, ?, ?, ?, ?)", verdict)
