"""Which columns a query's columns are made of: read from DuckDB's own parse of it, so that no second parser disagrees.

What decides which rows there are (filters, joins, groups) is no part of it: lineage here is of values.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cache
from typing import TYPE_CHECKING, Any

from pipelines.warehouse import open_memory

if TYPE_CHECKING:
    import duckdb

Node = dict[str, Any]


class How(IntEnum):
    """What became of a value on the way, the strongest last."""

    IDENTITY = 0
    TRANSFORMATION = 1
    AGGREGATION = 2


@dataclass(frozen=True, order=True)
class Origin:
    """A column of a table that stands outside the query; ``table`` with its schema, such as ``raw.orders``."""

    table: str
    column: str


Origins = Mapping[Origin, How]
Relation = Mapping[str, Origins]
"""The columns of a relation, in order, with what each is made of."""

NOTHING: Origins = {}


@dataclass(frozen=True)
class Lineage:
    """What a query reads and what each of its columns is made of."""

    tables: tuple[str, ...]
    columns: dict[str, dict[Origin, How]]


class NotReadableError(Exception):
    """The query holds something whose columns cannot be told; says what."""


def read_lineage(
    connection: duckdb.DuckDBPyConnection, sql: str, columns_of: Callable[[str], tuple[str, ...]]
) -> Lineage:
    """The lineage of one SELECT.

    Args:
        connection: any; parses the text, runs nothing of it.
        sql: the query, as dbt compiled it.
        columns_of: the columns of a table that is named with its schema; none where it is not known.

    Raises:
        NotReadableError: it is no single SELECT, or names a column that no table has.
    """
    answer = connection.execute(
        "select json_serialize_sql(?, skip_null := true, skip_empty := true, skip_default := true)", [sql]
    ).fetchone()
    parsed = json.loads(answer[0]) if answer else {"error": True}
    if parsed.get("error") or len(parsed["statements"]) != 1:
        raise NotReadableError(str(parsed.get("error_message", "not one query")))
    reader = _Reader(columns_of, _aggregates())
    found = reader.query(parsed["statements"][0]["node"], {})
    return Lineage(tuple(sorted(reader.tables)), {name: dict(origins) for name, origins in found.items()})


@cache
def _aggregates() -> frozenset[str]:
    """The functions that make one value of many, in this DuckDB; listing them costs more than reading a query."""
    with open_memory() as connection:
        rows = connection.execute("select function_name from duckdb_functions() where function_type = 'aggregate'")
        return frozenset(name for (name,) in rows.fetchall())


@dataclass
class _Reader:
    """One pass over a parsed query; ``tables`` collects what it reads."""

    columns_of: Callable[[str], tuple[str, ...]]
    aggregates: frozenset[str]
    tables: set[str] = field(default_factory=set)

    def query(self, node: Node, known: Mapping[str, Relation], outer: _Scope | None = None) -> Relation:
        """The columns of a query; ``known`` are the named ones it may use, ``outer`` the scope it stands in."""
        named = dict(known)
        for entry in node.get("cte_map", {}).get("map", ()):
            named[entry["key"].lower()] = self.query(entry["value"]["query"]["node"], named, outer)
        if node["type"] == "SELECT_NODE":
            return self._select(node, named, outer)
        if node["type"] == "SET_OPERATION_NODE":
            return self._united(node, named, outer)
        raise NotReadableError(node["type"])

    def _united(self, node: Node, known: Mapping[str, Relation], outer: _Scope | None) -> Relation:
        branches = node.get("children") or [node["left"], node["right"]]
        first, *others = [self.query(branch, known, outer) for branch in branches]
        if "BY_NAME" in str(node.get("setop_type")):
            names = dict.fromkeys(name for part in (first, *others) for name in part)
            return {name: merged(*(part.get(name, NOTHING) for part in (first, *others))) for name in names}
        if any(len(part) != len(first) for part in others):
            raise NotReadableError("parts of a union differ in width")
        return {
            name: merged(origins, *(list(part.values())[place] for part in others))
            for place, (name, origins) in enumerate(first.items())
        }

    def _select(self, node: Node, known: Mapping[str, Relation], outer: _Scope | None) -> Relation:
        scope = _Scope(outer)
        self._from(node.get("from_table"), known, scope)
        for subquery in _subqueries(node):
            self.query(subquery["subquery"]["node"], known, scope)
        made: dict[str, Origins] = {}
        for place, entry in enumerate(node["select_list"]):
            if entry["class"] == "STAR":
                made |= self._star(entry, scope)
                continue
            name = entry.get("alias") or (
                entry["column_names"][-1] if entry["class"] == "COLUMN_REF" else f"col{place}"
            )
            made[name.lower()] = scope.aliases[name.lower()] = self._value(entry, scope, known)
        return made

    def _star(self, entry: Node, scope: _Scope) -> Relation:
        if unread := {*entry} & {"columns", "expr", "replace_list", "rename_list"}:
            raise NotReadableError(f"a star with {', '.join(sorted(unread))}")
        left_out = {str(name).lower() for name in entry.get("exclude_list", ())}
        return {name: origins for name, origins in scope.all(entry.get("relation_name")) if name not in left_out}

    def _from(self, node: Node | None, known: Mapping[str, Relation], scope: _Scope) -> None:
        """Put the relations of a FROM into a scope."""
        kind = node["type"] if node else "EMPTY"
        if node is None or kind == "EMPTY":
            return
        if kind == "JOIN":
            self._from(node["left"], known, scope)
            self._from(node["right"], known, scope)
            for subquery in _subqueries({"condition": node.get("condition")}):
                self.query(subquery["subquery"]["node"], known, scope)
            scope.shared |= {name.lower() for name in node.get("using_columns", ())}
        elif kind == "BASE_TABLE":
            scope.add(node.get("alias") or node["table_name"], self._table(node, known))
        elif kind == "SUBQUERY":
            scope.add(node.get("alias", ""), self.query(node["subquery"]["node"], known, scope))
        else:
            raise NotReadableError(kind)

    def _table(self, node: Node, known: Mapping[str, Relation]) -> Relation:
        name = str(node["table_name"])
        if "schema_name" not in node and name.lower() in known:
            return known[name.lower()]
        table = f"{node.get('schema_name', 'main')}.{name}"
        columns = self.columns_of(table)
        if not columns:
            raise NotReadableError(f"{table} is not known")
        self.tables.add(table)
        return {column.lower(): {Origin(table, column): How.IDENTITY} for column in columns}

    def _value(self, node: Node, scope: _Scope, known: Mapping[str, Relation]) -> Origins:
        """What an expression is made of."""
        if node["class"] == "COLUMN_REF":
            return scope.find([str(name).lower() for name in node["column_names"]])
        if node["class"] == "SUBQUERY":
            inner = self.query(node["subquery"]["node"], known, scope)
            return changed(merged(*inner.values()), How.TRANSFORMATION)
        parts = [self._value(part, scope, known) for part in _parts(node)]
        sums_up = node["class"] == "WINDOW" or node.get("function_name") in self.aggregates
        return changed(merged(*parts), How.AGGREGATION if sums_up else How.TRANSFORMATION)


@dataclass
class _Scope:
    """The relations that a SELECT sees. ``shared`` are columns that a join has once; ``aliases`` its own, so far."""

    outer: _Scope | None = None
    relations: dict[str, Relation] = field(default_factory=dict)
    shared: set[str] = field(default_factory=set)
    aliases: dict[str, Origins] = field(default_factory=dict)

    def add(self, name: str, relation: Relation) -> None:
        self.relations[name.lower()] = relation

    def all(self, relation: str | None) -> Iterator[tuple[str, Origins]]:
        """The columns of one relation, or of all, a shared one once."""
        if relation is not None:
            yield from self.relations[relation.lower()].items()
            return
        seen: set[str] = set()
        for columns in self.relations.values():
            for name, origins in columns.items():
                if name not in self.shared or name not in seen:
                    yield name, origins
                seen.add(name)

    def find(self, names: list[str]) -> Origins:
        """A column by its name, or by relation and name; what follows a column's name is a field inside it.

        Raises:
            NotReadableError: there is none.
        """
        head, *rest = names[-2:] if len(names) > 1 and names[-2] in self.relations else names
        if rest and head in self.relations and rest[0] in self.relations[head]:
            return self.relations[head][rest[0]]
        holders = [columns[head] for columns in self.relations.values() if head in columns]
        if holders:
            return merged(*holders) if head in self.shared else holders[0]
        if head in self.aliases:
            return self.aliases[head]
        if self.outer is not None:
            return self.outer.find(names)
        raise NotReadableError(f"no table has {'.'.join(names)}")


def _parts(node: Node) -> Iterator[Node]:
    """The expressions that an expression is made of, but not the order in which it looks at rows."""
    for key, value in node.items():
        if key in ("order_bys", "orders", "filter_expr", "partitions", "cast_type"):
            continue
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                if "class" in each:
                    yield each
                else:
                    yield from _parts(each)


def _subqueries(node: Node) -> Iterator[Node]:
    """The queries inside what decides which rows a SELECT has: what they read is read."""
    for key, value in node.items():
        if key in ("select_list", "from_table", "cte_map"):
            continue
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                if each.get("class") == "SUBQUERY":
                    yield each
                else:
                    yield from _subqueries(each)


def merged(*parts: Origins) -> Origins:
    """All origins of some values; one that comes in two ways came in the stronger."""
    found: dict[Origin, How] = {}
    for part in parts:
        for origin, how in part.items():
            found[origin] = max(how, found.get(origin, how))
    return found


def changed(origins: Origins, how: How) -> Origins:
    """The same origins after something was done to the value."""
    return {origin: max(before, how) for origin, before in origins.items()}
