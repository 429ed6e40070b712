"""What is wrong with a row, and for which raw tables it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.land.counted import OF_YEAR
from pipelines.land.drift import find_retyped, rows_held_back
from pipelines.land.fields import KIND_NAMES, is_mangled_sql
from pipelines.land.rowtests import row_test_sql
from pipelines.land.rules import rule_problems
from pipelines.land.work import Work, id_like
from pipelines.schema import literal
from pipelines.spec import Target

if TYPE_CHECKING:
    import duckdb

MANGLED = "is not a whole id: a spreadsheet has mangled it, export it again"


def _is_for(work: Work, target: Target, have: set[str]) -> str | None:
    """Whether a row feeds a raw table: it passes the table's test, and it is the one that speaks for its key, the
    first that has what is needed of one, for a file may have been sorted since. Rows of one key that carry different
    ids speak of different things."""
    there = {name for name, spec in work.fields.items() if name in have or spec.fallback}
    tests = [f"v_{name} is not null" if name in there else "false" for name in target.needs]
    tests += [row_test_sql(work, target.where)] if target.where else []
    passes = " and ".join(tests)
    if not target.first_of:
        return passes or None
    carried = [name for name in work.table.match.layout.carry_down if work.fields[name].type == "id" and name in have]
    needed = [name for name, spec in work.fields.items() if spec.needed and name in have and name in target.fields]
    lacking = "".join(f"v_{name} is null, " for name in needed if name not in (target.first_of, *carried))
    keys = ", ".join(f"v_{name}" for name in (target.first_of, *carried))
    if passes:
        return f"{passes} and row_number() over (partition by {keys}, {passes} order by {lacking}r) = 1"
    return f"row_number() over (partition by {keys} order by {lacking}r) = 1"


def feeds(work: Work, name: str) -> str | None:
    """SQL for whether a row must say this field: whether it feeds a raw table that holds it; None where every row
    does. What stands on the first row of a key is said by that row, whatever else it is for."""
    holding = [(table, target) for table, target in work.table.match.layout.fills().items()
               if not target.fields or name in target.fields]  # fmt: skip
    if not any(target.first_of for _, target in holding) and any(not target.is_selective for _, target in holding):
        return None
    flags = [f"for_{table}" for table, target in holding if target.is_selective]
    return f"({' or '.join(flags)})" if flags else None


def add_problems(connection: duckdb.DuckDBPyConnection, work: Work, have: set[str]) -> None:
    tests = [(name, _is_for(work, target, have)) for name, target in work.table.match.layout.fills().items()]
    flags = "".join(f", {sql} as for_{name}" for name, sql in tests if sql)
    work.retyped = find_retyped(connection, work, have)
    held_back = rows_held_back(work)
    whens = [("true", next(iter(work.columns)), held_back)] if held_back else []
    ids = id_like(work)
    for name, spec in work.fields.items():
        if name in have and spec.pattern and spec.type == "text":
            whens.append((f"t_{name} is not null and v_{name} is null", name, f"is none of {spec.pattern}"))
        if name in have and spec.type != "id" and name in ids:
            whens.append((is_mangled_sql(f"t_{name}"), name, MANGLED))
        if name in have and spec.zone == "required":
            no_zone = "has no UTC offset: write it (Z or +01:00), or name its zone in roi.yml (answers: time_zone)"
            whens.append((f"p_{name} is not null and v_{name} is null", name, no_zone))
        if name in have and spec.type in ("date", "timestamp"):
            longer = f"v_{name} is null and regexp_full_match(t_{name}, '(19|20)\\d\\d([-/]\\d\\d)?')"
            whens.append((longer, name, "is a month or a year: export it by day"))
        if name in have and spec.type in (*KIND_NAMES, "id") and name not in work.retyped:
            said = f"is not {OF_YEAR if spec.of_year else KIND_NAMES[spec.type]}" if spec.type != "id" else MANGLED
            if spec.type == "id" and spec.pattern:
                said = "is not such an id: export it again if a spreadsheet has mangled it"
            whens.append((f"t_{name} is not null and v_{name} is null", name, said))
    for name, spec in work.fields.items():
        if spec.needed and name not in work.given:
            guard = f"{told} and " if (told := feeds(work, name)) else ""
            is_made = spec.const or spec.default or spec.fallback or spec.other_of or spec.joined
            missing = f"v_{name} is null" if name in have or is_made else "true"
            whens.append((f"{guard}{missing}", name, "is missing: fill it in, or leave the row out"))
    for name, spec in work.fields.items():
        if spec.type == "id" and spec.fallback in have and work.table.match.layout.basis == "lifetime":
            blank = f"t_{name} is null and " if name in have else ""
            repeated = f"{blank}count(*) over (partition by v_{name}) > 1"
            whens.append((repeated, name, f"is blank, and the {spec.fallback} in its stead is that of other rows too"))
    found = [(test, name, literal(text)) for test, name, text in whens] + rule_problems(work, have)
    number = " ".join(f"when {test} then {index}" for index, (test, _, _) in enumerate(found))
    parts = [
        (text, literal(work.native_name(name)), f"t_{name}" if name in have else "null") for _, name, text in found
    ]
    reason, column, value = (
        " ".join(f"when {index} then {part[which]}" for index, part in enumerate(parts)) for which in range(3)
    )
    problem = ", ".join(
        f"case when wrong is not null then case wrong {whens} end end as problem{suffix}"
        for whens, suffix in ((reason, ""), (column, "_column"), (value, "_value"))
    )
    if not found:
        none = "cast(null as varchar) as"
        problem = f"{none} problem, {none} problem_column, {none} problem_value"
    judged = f"select *, case {number} else null end as wrong from flagged" if found else "from flagged"
    done = (
        f"with flagged as (select *{flags} from {work.name}_made), judged as ({judged}) "
        f"select {_kept(work)}, {problem} from judged"
    )
    kind, suffix = ("view", "judged") if work.body else ("table", "done")
    connection.execute(f"create {kind} {work.name}_{suffix} as {done}")


def _kept(work: Work) -> str:
    """What of a converted table is kept: of a large one only what is needed to write it."""
    if not work.rows.elsewhere or work.table.match.layout.collect_rest:
        return "*"
    return "columns('^(r|v_.*|p_.*|first_.*|for_.*)$')"
