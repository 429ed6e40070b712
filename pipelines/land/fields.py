"""SQL for the value of each field type, over text columns of one table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pipelines.land.dates import Reading, date_sql, offset_minutes_sql, time_of_day_sql
from pipelines.land.numbers import DecimalMark, bare_sql, number_sql
from pipelines.land.words import fold, words
from pipelines.schema import MONEY
from pipelines.spec import FieldSpec, load_specs

KIND_NAMES = {
    "count": "a whole number", "amount": "a number", "duration": "a duration", "date": "a date",
    "timestamp": "a point in time", "yearless_date": "a month and day", "boolean": "true or false",
    "currency": "a currency code of three letters", "snowflake": "an id that tells its time",
}  # fmt: skip

ISO = Reading("%Y-%m-%d")


@dataclass(frozen=True)
class Settled:
    """What the whole file has settled for one table.

    Attributes:
        mark: the decimal mark.
        readings: how each date column is read.
        zone: the time zone of times that state none; None refuses them.
        serial: numbers may be spreadsheet dates.
    """

    mark: DecimalMark
    readings: dict[str, Reading]
    zone: str | None
    serial: bool


def literal(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def text_sql(column: str, field: FieldSpec) -> str:
    """A cell's text; NULL where it is blank or, for typed fields, says that there is no value."""
    if field.type in ("text", "url", "person", "content_id"):
        return f"nullif({column}, '')"
    missing = ", ".join(literal(word) for word in sorted(words().missing))
    return f"case when lower({column}) in ({missing}) then null else {column} end"


def value_sql(name: str, field: FieldSpec, settled: Settled) -> str:
    """SQL for a field's typed value from its text ``t_<name>``, and for numbers from ``n_<name>``; NULL where the text
    is no such value (a fraction is no count, ``1938.0`` is one)."""
    text = f"t_{name}"
    reading = settled.readings.get(name, ISO)
    if field.type == "count":
        return f"case when n_{name} = floor(n_{name}) then try_cast(n_{name} as bigint) end"
    if field.type == "amount":
        return f"try_cast(n_{name} as {MONEY})"
    if field.type == "date":
        return date_sql(text, reading, serial=settled.serial)
    if field.type == "timestamp":
        return _timestamp_sql(text, field, reading, settled)
    if field.type == "duration":
        return _duration_sql(name)
    if field.type == "snowflake":
        return _snowflake_sql(text, field)
    if field.type == "boolean":
        yes, no = "('true', 'yes', '1', 't', 'y')", "('false', 'no', '0', 'f', 'n')"
        since = rf"regexp_matches({text}, '^\d{{1,4}}[-/.]\d{{1,2}}[-/.]\d{{1,4}}')"  # the day on which it came true
        return f"case when lower({text}) in {yes} or {since} then true when lower({text}) in {no} then false end"
    if field.type == "currency":
        return f"case when regexp_full_match({text}, '[A-Za-z]{{3}}') then upper({text}) end"
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
        return f"left(regexp_replace({value}, '\\s+', ' ', 'g'), {field.excerpt})"
    if field.pattern:
        return f"case when regexp_full_match({value}, {literal(field.pattern)}) then {value} end"
    return value


def _id_sql(text: str, field: FieldSpec) -> str:
    whole = f"regexp_replace({text}, '^''?(\\d+)(\\.0)?$', '\\1')"
    mangled = f"regexp_full_match({text}, '\\d([.,]\\d+)?[eE]\\+?\\d+')"
    fits = f" and regexp_full_match({whole}, {literal(field.pattern)})" if field.pattern else ""
    return f"case when not {mangled}{fits} then {whole} end"


def _network_sql(text: str) -> str:
    cases = []
    for spec in load_specs().values():
        for network, described in spec.networks.items():
            names = {
                network,
                fold(described.display_name),
                *(fold(source) for source in described.utm_sources),
            }
            listed = ", ".join(literal(name) for name in sorted(names))
            cases.append(f"when lower({text}) in ({listed}) then {literal(network)}")
    return f"case {' '.join(cases)} else trim(regexp_replace(lower({text}), '[^\\p{{L}}\\d]+', '_', 'g'), '_') end"


def _timestamp_sql(text: str, field: FieldSpec, reading: Reading, settled: Settled) -> str:
    printed = f"({date_sql(text, reading, serial=settled.serial)} + {time_of_day_sql(text)})"
    offset = offset_minutes_sql(text)
    zone = field.zone if field.zone not in (None, "not stated", "required") else settled.zone
    local = f"timezone('UTC', timezone({literal(zone)}, {printed}))" if zone else "null"
    return f"case when {offset} is not null then {printed} - to_minutes({offset}) else {local} end"


def printed_day_sql(name: str, settled: Settled) -> str:
    """SQL for the day that a timestamp field prints, before any change of zone."""
    return date_sql(f"t_{name}", settled.readings.get(name, ISO), serial=settled.serial)


def _duration_sql(name: str) -> str:
    text = f"t_{name}"
    clock = f"regexp_full_match({text}, '\\d+:\\d{{2}}(:\\d{{2}})?')"
    parts = f"list_transform(string_split({text}, ':'), lambda p: try_cast(p as integer))"
    sixties = f"list_reduce({parts}, lambda a, b: cast(a as bigint) * 60 + b)"
    return f"try_cast(case when {clock} then {sixties} else n_{name} end as {MONEY})"


NUMERIC = ("count", "amount", "duration")


def bare_columns_sql(names: Iterable[str]) -> str:
    """SQL for the bare texts ``b_<name>`` of numeric fields."""
    return "".join(f", {bare_sql(f't_{name}')} as b_{name}" for name in names)


def number_columns_sql(names: Iterable[str], settled: Settled) -> str:
    """SQL for the numbers ``n_<name>`` of numeric fields, under the file's decimal mark."""
    return "".join(f", {number_sql(f'b_{n}', settled.mark, scientific=settled.serial)} as n_{n}" for n in names)


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
