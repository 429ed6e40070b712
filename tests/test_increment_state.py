"""How far a build got is said whole or not at all, whichever statement a process is killed before."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import duckdb
import pytest

from pipelines.increment import begin_attribute, end_transform


class _KilledError(Exception):
    """The process ended here."""


class _Killed:
    """A connection whose process is killed before the statement of this number."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, before: int) -> None:
        self._connection, self._left = connection, before

    def execute(self, *given: Any) -> duckdb.DuckDBPyConnection:
        if not self._left:
            raise _KilledError
        self._left -= 1
        return self._connection.execute(*given)


@pytest.mark.parametrize("before", range(3))
def test_a_build_that_is_killed_while_it_ends_is_followed_by_another(before: int) -> None:
    with duckdb.connect() as connection:
        connection.execute("create schema built; create table built.state as select 'old' as signature, '' as stage")
        with suppress(_KilledError):
            end_transform(_Killed(connection, before), "new")  # type: ignore[arg-type]
        assert connection.execute("from built.state").fetchall() in ([("old", "")], [("new", "transformed")])
        assert begin_attribute(connection, "later", full_refresh=False) is None


def test_a_build_that_an_earlier_version_was_killed_in_is_begun_from_nothing() -> None:
    with duckdb.connect() as connection:
        connection.execute("create schema built; create table built.state (signature varchar, stage varchar)")
        assert begin_attribute(connection, "any", full_refresh=False) is None
