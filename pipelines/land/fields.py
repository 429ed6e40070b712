"""SQL for the value of each field type, over text columns of one table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from pipelines.land.counted import counted_sql
from pipelines.land.dates import (
    Reading,
    date_text_sql,
    day_of_sql,
    epoch_clock_sql,
    minutes_of_sql,
    near_day_sql,
    offset_text_sql,
    serial_clock_sql,
    time_of_day_sql,
    whole_offset_sql,
    whole_time_sql,
)
from pipelines.land.networks import action_id_patterns, network_names
from pipelines.land.numbers import DecimalMark, bare_sql, number_sql
from pipelines.land.words import fold, words
from pipelines.schema import MONEY, currencies, literal
from pipelines.spec import FieldSpec

KIND_NAMES = {
    "count": "a whole number", "amount": "a number", "duration": "a duration", "date": "a date",
    "timestamp": "a point in time", "yearless_date": "a month and day", "boolean": "true or false",
    "nth": "a number of days or weeks since the start of the report, within its period",
    "currency": "a currency code of ISO 4217 (EUR, USD, ...)", "snowflake": "an id that tells its time",
}  # fmt: skip

ISO = Reading("%Y-%m-%d")
NUMERIC = ("count", "amount", "duration")

FOLDED = r"trim(regexp_replace(replace(lower({}), '.', ' '), '[\s_]+', ' ', 'g'))"
"""SQL that folds a text as ``fold`` does where it has no odd marks."""


@dataclass(frozen=True)
class Settled:
    """What the whole file has settled for one table.

    Attributes:
        mark: the decimal mark.
        readings: how each date column is read.
        zone: the time zone of times that state none; None refuses them.
        period: first and last day that the table covers.
        serial: numbers may be spreadsheet dates.
        scientific: numbers may be written as ``1.2E+05``.
    """

    mark: DecimalMark
    readings: dict[str, Reading]
    zone: str | None
    serial: bool
    period: tuple[date | None, date | None] = (None, None)
    scientific: bool = False


def text_sql(column: str, field: FieldSpec) -> str:
    """A cell's text; NULL where it is blank or, for typed fields, says that there is no value."""
    if field.type in ("text", "url", "person", "content_id"):
        return f"nullif({column}, '')"
    missing = ", ".join(literal(word) for word in sorted(words().missing))
    masked = ""
    if field.type in ("count", "amount"):  # `<5`: too few to say how many
        masked = rf" or ({column} like '<%' and regexp_full_match({column}, '<\s?\d+%?'))"
    return f"case when lower({column}) in ({missing}){masked} then null else {column} end"


def bare_text_sql(column: str, name: str, fields: Mapping[str, FieldSpec]) -> str:
    """A cell's text as :func:`text_sql` gives it, for numbers without what another field takes out of them: the code
    of the currency in ``EUR 12,000.00``."""
    text = text_sql(column, fields[name])
    if fields[name].type in NUMERIC:
        for other in fields.values():
            if other.extract and other.extract.column == name:
                text = f"trim(regexp_replace({text}, {literal(other.extract.pattern)}, ''))"
    return text


def extract_sql(text: str, pattern: str) -> str:
    """SQL for what the first group of a pattern finds in a text; NULL where that is nothing.

    A pattern that begins with plain letters is tried where these first stand before it is looked for everywhere: both
    find the same, and a search for where a pattern begins is what costs.
    """
    sought = f"nullif(regexp_extract({text}, {literal(pattern)}, 1), '')"
    lead = re.match(r"[/A-Za-z]{2,}(?=[(\[])", pattern)
    if not lead or "|" in pattern:
        return sought
    there = f"substr({text}, strpos({text}, {literal(lead[0])}))"
    return f"coalesce(nullif(regexp_extract({there}, {literal('^' + pattern)}, 1), ''), {sought})"


def value_sql(name: str, field: FieldSpec, settled: Settled) -> str:
    """SQL for a field's typed value from its text ``t_<name>``, for numbers from ``n_<name>`` and for dates from
    ``day_<name>``; NULL where the text is no such value (a fraction is no count, ``1938.0`` is one)."""
    text = f"t_{name}"
    if field.type == "count":
        return f"case when n_{name} = floor(n_{name}) then try_cast(n_{name} as bigint) end"
    if field.type == "amount":
        return f"try_cast(n_{name} as {MONEY})"
    if field.type == "date":
        midnight = rf"regexp_matches({text}, '\b(00?:00(:00(\.0+)?)?|12:00(:00)? ?[aA][mM])')"
        return (
            f"case when {midnight} then day_{name} - 1 else day_{name} end"
            if field.exclusive_midnight
            else f"day_{name}"
        )
    if field.type == "timestamp":
        return _timestamp_sql(name, field, settled)
    if field.type == "nth":
        return counted_sql(text, field, settled.period)
    if field.type == "duration":
        return _duration_sql(name)
    if field.type == "snowflake":
        return _snowflake_sql(text, field)
    if field.type == "boolean":
        yes, no = "('true', 'yes', '1', 't', 'y')", "('false', 'no', '0', 'f', 'n')"
        since = rf"regexp_matches({text}, '^\d{{1,4}}[-/.]\d{{1,2}}[-/.]\d{{1,4}}')"  # the day on which it came true
        said = f"lower({text})"
        if field.values:
            cases = " ".join(f"when {literal(fold(key))} then {literal(to)}" for key, to in field.values.items())
            said = f"case {said} {cases} else {said} end"
        return f"case when {said} in {yes} or {since} then true when {said} in {no} then false end"
    if field.type == "currency":
        known = ", ".join(literal(code) for code in sorted(currencies()))
        return f"case when upper({text}) in ({known}) then upper({text}) end"
    if field.type == "network":
        return _network_sql(text)
    if field.type == "id":
        return _id_sql(text, field)
    return _text_value_sql(text, field)


def _text_value_sql(text: str, field: FieldSpec) -> str:
    value = text
    if field.values:
        cases = " ".join(f"when {literal(fold(key))} then {literal(to)}" for key, to in field.values.items())
        value = (
            f"case lower({text}) {cases} else trim(regexp_replace(lower({text}), '[^\\p{{L}}\\d]+', '_', 'g'), '_') end"
        )
    elif field.lower:
        value = f"lower({text})"
    if field.excerpt:
        odd = " or ".join(
            f"contains({value}, {mark})" for mark in ("'  '", *(f"chr({code})" for code in (9, 10, 12, 13)))
        )
        return f"left(case when {odd} then regexp_replace({value}, '\\s+', ' ', 'g') else {value} end, {field.excerpt})"
    if field.pattern:
        return f"case when regexp_full_match({value}, {literal(field.pattern)}) then {value} end"
    return value


def is_mangled_sql(text: str) -> str:
    """SQL for whether a text is what a spreadsheet or a program makes of a long number: ``7.60632E+18``. Many ids share
    such a text, so it is never one."""
    return rf"regexp_full_match({text}, '\d+([.,]\d+)?[eE]\+\d+|\d[.,]\d+[eE]\d+')"


def _id_sql(text: str, field: FieldSpec) -> str:
    whole = f"regexp_replace({text}, '^''?(\\d+)(\\.0)?$', '\\1')"
    fits = f" and regexp_full_match({whole}, {literal(field.pattern)})" if field.pattern else ""
    digits = rf"regexp_full_match({text}, '\d+')"  # most ids: no need to look closer
    plain = f"case when {_fits_sql(text, field.pattern)} then {text} end" if field.pattern else text
    return f"case when {digits} then {plain} when not {is_mangled_sql(text)}{fits} then {whole} end"


def _fits_sql(digits: str, pattern: str) -> str:
    """SQL for whether digits are of a pattern; of one that only bounds their number, their length tells."""
    if bounds := re.fullmatch(r"\\d\{(\d+),(\d+)\}", pattern):
        return f"strlen({digits}) between {bounds[1]} and {bounds[2]}"
    return f"regexp_full_match({digits}, {literal(pattern)})"


def _network_sql(text: str) -> str:
    named: dict[str, list[str]] = {}
    for name, network in network_names().items():
        named.setdefault(network, []).append(name)
    cases = [
        f"when {FOLDED.format(text)} in ({', '.join(map(literal, sorted(names)))}) then {literal(network)}"
        for network, names in named.items()
    ]
    return f"case {' '.join(cases)} else trim(regexp_replace(lower({text}), '[^\\p{{L}}\\d]+', '_', 'g'), '_') end"


def action_id_sql(network: str, action_id: str, permalink: str) -> str:
    """SQL for an action's id as its network writes it bare, from the id or the link that a file gives; where neither
    is of a known form, what the file gives. A literal ``network`` needs no other's forms."""
    cases = []
    for name, patterns in action_id_patterns().items():
        if network.startswith("'") and network != literal(name):
            continue
        whens = " ".join(_when_holds(text, pattern) for text in (action_id, permalink) for pattern in patterns)
        cases.append(f"when {literal(name)} then case {whens} else {action_id} end")
    return f"case {network} {' '.join(cases)} else {action_id} end" if cases else action_id


def _when_holds(text: str, pattern: str) -> str:
    """SQL of a case: a text that holds what a pattern finds. What stands in a ``when`` is worked out only where those
    before it fail; a text that is the id as a whole need not be taken apart."""
    if whole := re.fullmatch(r"\^\(([^()]+)\)\$", pattern):
        return f"when regexp_full_match({text}, {literal(whole[1])}) then {text}"
    return f"when regexp_matches({text}, {literal(pattern)}) then regexp_extract({text}, {literal(pattern)}, 1)"


def _timestamp_sql(name: str, field: FieldSpec, settled: Settled) -> str:
    printed = f"(day_{name} + clock_{name})"
    zone = field.zone if field.zone not in (None, "not stated", "required") else settled.zone
    local = f"timezone('UTC', timezone({literal(zone)}, {printed}))" if zone else "null"
    return f"case when offset_{name} is not null then {printed} - to_minutes(offset_{name}) else {local} end"


def day_columns_sql(fields: dict[str, FieldSpec], settled: Settled, source: str) -> str:
    """SQL of the query ``source`` with a day for each date and time in ``fields``: ``day_<name>``, as printed, and for
    times also ``clock_<name>`` and ``offset_<name>`` in minutes. Step by step, so that no part is worked out twice."""
    whole, parts, days, near = [], [], [], []
    for name, field in fields.items():
        text = f"t_{name}"
        reading = settled.readings.get(name, ISO)
        part = date_text_sql(text)
        if field.type == "timestamp":
            is_epoch = reading.format == "epoch"
            whole.append(f"{'cast(null as timestamp)' if is_epoch else whole_time_sql(text)} as whole_{name}")
            clock = epoch_clock_sql(text) if is_epoch else time_of_day_sql(text)
            clock = f"coalesce({serial_clock_sql(text)}, {clock})" if settled.serial and not is_epoch else clock
            clock = f"case when whole_{name} is null then {clock} else whole_{name} - cast(whole_{name} as date) end"
            zone = literal("Z") if is_epoch else offset_text_sql(text)
            parts.append(f"case when whole_{name} is null then {zone} else {whole_offset_sql(text)} end as zone_{name}")
            days.append(f"{minutes_of_sql(f'zone_{name}')} as offset_{name}, {clock} as clock_{name}")
            part = f"case when whole_{name} is null then {part} end"
        day = day_of_sql(text, reading, serial=settled.serial, part=f"part_{name}")
        if field.type == "timestamp":
            day = f"case when whole_{name} is null then {day} else cast(whole_{name} as date) end"
        parts.append(f"{part} as part_{name}")
        days.append(f"{day} as day_{name}")
        near.append(f"{near_day_sql(f'day_{name}')} as day_{name}")
    if not fields:
        return source
    timed = f"select *, {', '.join(whole)} from ({source})" if whole else source
    parted = f"select *, {', '.join(parts)} from ({timed})"
    return f"select * replace ({', '.join(near)}) from (select *, {', '.join(days)} from ({parted}))"


def _duration_sql(name: str) -> str:
    text = f"t_{name}"
    clock = f"regexp_full_match({text}, '\\d+:\\d{{2}}(:\\d{{2}})?')"
    parts = f"list_transform(string_split({text}, ':'), lambda p: try_cast(p as integer))"
    sixties = f"list_reduce({parts}, lambda a, b: cast(a as bigint) * 60 + b)"
    return f"try_cast(case when {clock} then {sixties} else n_{name} end as {MONEY})"


def bare_columns_sql(names: Iterable[str]) -> str:
    """SQL for the bare texts ``b_<name>`` of numeric fields."""
    return "".join(f", {bare_sql(f't_{name}')} as b_{name}" for name in names)


def number_columns_sql(names: Iterable[str], settled: Settled) -> str:
    """SQL for the numbers ``n_<name>`` of numeric fields, under the file's decimal mark."""
    return "".join(f", {number_sql(f'b_{n}', settled.mark, scientific=settled.scientific)} as n_{n}" for n in names)


def _snowflake_sql(text: str, field: FieldSpec) -> str:
    """Ids whose upper bits are Unix seconds. Some tools cut the last of the 19 digits off: the printed day then
    tells whether the id, scaled back, is right, and an id that disagrees with it is refused."""
    scaled = f"try_cast(rpad({text}, 19, '0') as hugeint) // 4294967296"
    moment = f"make_timestamp(cast({scaled} as bigint) * 1000000)"
    if not field.printed_day:
        return f"case when regexp_full_match({text}, '\\d{{19}}') then {moment} end"
    month, day = f"m_{field.printed_day}", f"d_{field.printed_day}"
    swapped = rf"regexp_matches(t_{field.printed_day}, '^\d{{1,2}}[-/.]\d{{1,2}}[-/.]\d{{4}}')"
    near = " or ".join(
        f"{guard}abs(date_diff('day', cast({moment} as date), "
        f"try_cast((year({moment}) + {shift}) || '-' || {m} || '-' || {d} as date))) <= 1"
        for shift in (-1, 0, 1)
        for m, d, guard in ((month, day, ""), (day, month, f"{swapped} and "))
    )
    return f"case when regexp_full_match({text}, '\\d{{10,19}}') and ({near}) then {moment} end"
