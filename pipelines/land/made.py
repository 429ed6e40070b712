"""What is made from other values of a row: constants, stand-ins, products, totals, ids."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipelines.land.fields import is_mangled_sql
from pipelines.land.problems import add_problems
from pipelines.land.work import Work, has_value
from pipelines.schema import literal
from pipelines.spec import FieldSpec

if TYPE_CHECKING:
    import duckdb


def add_made(connection: duckdb.DuckDBPyConnection, work: Work, own: dict[str, FieldSpec]) -> None:
    """Add what is made from other values (constants, fall-backs, products, occurrences) and the problems."""
    have = {name for name, spec in work.fields.items() if has_value(name, spec, own)}
    made: list[str] = []
    replaced: list[str] = []
    for name, spec in work.fields.items():
        sql = f"v_{name}" if name in have else "null"
        if name in work.table.match.layout.carry_down and name in have:
            key = next(t.first_of for t in work.table.match.layout.fills().values() if t.first_of)
            within = f"(partition by v_{key} order by r rows between"
            above = f"last_value({sql} ignore nulls) over {within} unbounded preceding and current row)"
            below = f"first_value({sql} ignore nulls) over {within} current row and unbounded following)"
            sql = f"coalesce({above}, {below})"
        if spec.other_of and have.issuperset(spec.other_of):
            sql = _other_of(connection, work, spec.other_of)
        if spec.fallback:
            sql = f"coalesce({sql}, {_where_blank(name, spec, have, _stand_in(work, spec.fallback, have))})"
        if spec.product and all(part in have for part in spec.product):
            factors = " * ".join(_factor(part, work.fields[part]) for part in spec.product)
            sql = f"try(cast({factors} as decimal(18,6)))"
        if spec.total_of and name not in have:
            sql = _total_sql(spec, have) or sql
        if parts := [f"nullif(trim(t_{part}), '')" for part in spec.joined if part in own]:
            joined = _where_blank(name, spec, have, f"nullif(concat_ws(' / ', {', '.join(parts)}), '')", of=parts)
            sql = f"coalesce({sql}, {joined})"
        if spec.type == "occurrence":
            among = ", ".join(f"v_{other}" for other in spec.among if other in have)
            sql = f"row_number() over ({f'partition by {among}' if among else ''} order by r)"
        if spec.type == "content_id":
            sql = f"coalesce({sql}, {_content_id(name, have & set(spec.among) if spec.among else have)})"
        if spec.const is not None or (spec.default is not None and name not in work.given):
            fixed = literal(str(spec.const if spec.const is not None else spec.default))
            sql = f"coalesce({sql}, {fixed})"
        if name in have and sql != f"v_{name}":
            replaced.append(f"{sql} as v_{name}")
        elif name not in have and sql != "null":
            made.append(f"{sql} as v_{name}")
    star = f"* replace ({', '.join(replaced)})" if replaced else "*"
    added = "".join(", " + sql for sql in made)
    connection.execute(f"create view {work.name}_made as select {star}{added} from {work.name}_values")
    add_problems(connection, work, have)


def _factor(name: str, spec: FieldSpec) -> str:
    """A field as a factor: a truth that holds changes nothing, another leaves no product."""
    return f"case when v_{name} then 1 end" if spec.type == "boolean" else f"cast(v_{name} as decimal(18,4))"


def _where_blank(name: str, spec: FieldSpec, have: set[str], other: str, *, of: Sequence[str] = ()) -> str:
    """What stands in for a blank cell: not for one that cannot be read, and never a mangled text, nor what is made
    ``of`` one, for an id."""
    if spec.type == "id":
        texts = [f"cast({part} as varchar)" for part in of or [other]]
        mangled = " or ".join(f"coalesce({is_mangled_sql(each)}, false)" for each in texts)
        other = f"case when not ({mangled}) then {other} end"
    return other if name not in have or spec.mangled else f"case when t_{name} is null then {other} end"


def _stand_in(work: Work, name: str, have: set[str]) -> str:
    """SQL for the value of a field that stands in for another: its own, else that of the one that stands in for it."""
    spec = work.fields[name]
    options = [f"v_{name}"] if name in have else []
    options += [_stand_in(work, spec.fallback, have)] if spec.fallback else []
    fixed = spec.const if spec.const is not None else spec.default
    options += [literal(fixed)] if fixed is not None else []
    return f"coalesce({', '.join(options)})" if options else "null"


def _other_of(connection: duckdb.DuckDBPyConnection, work: Work, parties: tuple[str, str]) -> str:
    """SQL for the one of two people who is not the owner of the file. Its owner is in every row, and nobody else is;
    NULL where two rows or more do not tell who that is."""
    first, second = (f"v_{name}" for name in parties)
    row = connection.execute(
        f"""with people as (select r, unnest([{first}, {second}]) as who from {work.name}_values
                            where {first} <> {second}),
        counted as (select who, count(distinct r) as times from people group by who)
        select any_value(who), count(*) from counted where times = (select count(distinct r) from people)"""
    ).fetchone()
    if not row or row[1] != 1:
        return "cast(null as varchar)"
    owner = literal(row[0])
    return f"case when {first} = {owner} then {second} when {second} = {owner} then {first} end"


def _total_sql(spec: FieldSpec, have: set[str]) -> str | None:
    """The sum of the fields that a total is made of; None where the file lacks one that must be there, NULL where a
    row leaves one blank."""
    parts = [part.removesuffix("?") for part in spec.total_of if not part.endswith("?") or part[:-1] in have]
    return " + ".join(f"v_{part}" for part in parts) if set(parts) <= have else None


def _content_id(name: str, have: set[str]) -> str:
    """An id made of what a row says, so that overlapping exports agree on it whatever their columns and their order;
    rows of one file that say the same are told apart by counting them."""
    said = ", ".join(f"'{other}=' || cast(v_{other} as varchar)" for other in sorted(have - {name}))
    digest = f"md5(concat_ws(chr(31), {said}))"
    return f"{digest} || '-' || row_number() over (partition by {digest} order by r)"
