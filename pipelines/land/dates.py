"""Dates as exports print them: one SQL expression for each way to read a text."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.land.words import words

_TIME = r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s*[AaPp]\.?[Mm]\.?)?"
_OFFSET = r"(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})"


@dataclass(frozen=True)
class Reading:
    """One way to read a column of dates: a strptime format, ``named`` for month names, ``epoch`` for Unix times."""

    format: str

    @property
    def style(self) -> str:
        """dmy, mdy or ymd: the order of day, month and year; ``named`` has no doubt."""
        if self.format == "named":
            return "named"
        letters = [letter for letter in self.format if letter in "dmYy"]
        return "".join(letters).lower()


def date_text_sql(text: str) -> str:
    """The date part of a text: without time of day and offset."""
    bare = rf"regexp_replace({text}, '[T,]?\s*{_TIME}\s*{_OFFSET}?$', '')"
    return f"trim(case when contains({text}, ':') then {bare} else {text} end)"


_WHOLE = {
    16: ("%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"),
    19: ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S"),
    20: ("%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M:%SZ"),
    22: ("%Y-%m-%d %H:%M +0000",),
    23: ("%Y-%m-%d %H:%M:%S UTC",),
    25: ("%Y-%m-%d %H:%M:%S +0000", "%Y-%m-%dT%H:%M:%S+00:00"),
}
"""By their length, the forms in which programs write a time: year first, no doubt about any part, local or in UTC."""


def whole_time_sql(text: str) -> str:
    """SQL for a time that is written in one of the usual forms; NULL for any other, which is to be looked at closer."""
    whens = " ".join(f"when {length} then try_strptime({text}, {list(forms)!r})" for length, forms in _WHOLE.items())
    return f"case when {text} between '19' and '21' then case strlen({text}) {whens} end end"


def whole_offset_sql(text: str) -> str:
    """The UTC offset as a text of a time in one of the usual forms."""
    return f"case when strlen({text}) <= 19 then '' else 'Z' end"


def _month_map() -> str:
    pairs = ", ".join(f"'{name.replace(' ', '')}': {number}" for name, number in sorted(words().months.items()))
    return f"map {{{pairs}}}"


def month_sql(text: str, *, slashed: bool = False) -> str:
    """The month number that a text names, in any known language (``28 de abril``) or with its sign (``2月28日``), or
    that stands after its year (``2026-02-28``); NULL where it names none.

    A weekday's short name may look like a month's (``mar``): where two words name a month, the last one does.

    ``slashed`` also takes a number before a year (``2/28/2026``), whichever way round makes a date, the month first
    where both do: good enough for a check that tries both, not for a date.
    """
    bare = f"lower(replace({text}, '.', ''))"
    for name in sorted((name for name in words().months if " " in name), key=len, reverse=True):
        bare = f"replace({bare}, '{name}', '{name.replace(' ', '')}')"
    tokens = rf"regexp_extract_all({bare}, '[\p{{L}}\p{{M}}]+')"
    named = f"list_last(list_filter(list_transform({tokens}, lambda t: {_month_map()}[t]), lambda m: m is not null))"
    signed = rf"try_cast(regexp_extract({text}, '(\d{{1,2}})\s*[月월]', 1) as integer)"
    called = rf"try_cast(regexp_extract(lower({text}), '(?:tháng|thg) (\d{{1,2}})', 1) as integer)"
    numeric = f"{_after_year_sql(text, 1)}{_slashed_sql(text, 1) if slashed else ''}"
    return f"coalesce({named}, {signed}, {called}, {numeric})"


def day_sql(text: str, *, slashed: bool = False) -> str:
    """The day of the month in a text whose month :func:`month_sql` reads."""
    signed = rf"try_cast(regexp_extract({text}, '(\d{{1,2}})\s*[日일号]', 1) as integer)"
    beside_a_word = rf"try_cast(regexp_extract({text}, '(?:^|[^\d])(\d{{1,2}})(?:[^\d:]|$)', 1) as integer)"
    numeric = f"{_after_year_sql(text, 2)}{_slashed_sql(text, 2) if slashed else ''}"
    return f"coalesce({signed}, {numeric}, {beside_a_word})"


def _after_year_sql(text: str, part: int) -> str:
    """The month (1) or day (2) of a date that begins with its year (``2026-03-09``, ``2026. 3. 9.``), else NULL."""
    pattern = r"^\d{4}[-/.] ?(\d{1,2})[-/.] ?(\d{1,2})(?:\D|$)"
    return f"try_cast(regexp_extract({text}, '{pattern}', {part}) as integer)"


def _slashed_sql(text: str, part: int) -> str:
    """The month (1) or day (2) of a date that ends with its year, as one more choice."""
    first, second = (
        rf"try_cast(regexp_extract({text}, '^(\d{{1,2}})[-/.](\d{{1,2}})[-/.]\d{{4}}(?:\D|$)', {place}) as integer)"
        for place in (part, 3 - part)
    )
    leading = first if part == 1 else second
    return f", case when {leading} <= 12 then {first} else {second} end"


def _named_sql(part: str) -> str:
    year = rf"regexp_extract({part}, '(?:^|[^\d])((?:19|20)\d{{2}})(?:[^\d]|$)', 1)"
    return f"try_cast({year} || '-' || lpad(cast({month_sql(part)} as varchar), 2, '0') || '-' || " + (
        f"lpad(cast({day_sql(part)} as varchar), 2, '0') as date)"
    )


def date_sql(text: str, reading: Reading, *, serial: bool) -> str:
    """SQL for the day that a text names under a reading."""
    return near_day_sql(day_of_sql(text, reading, serial=serial, part=date_text_sql(text)))


def near_day_sql(day: str) -> str:
    """SQL for a day in the years of which exports can speak; NULL for any other."""
    return f"case when {day} between date '1990-01-01' and date '2100-01-01' then {day} end"


def day_of_sql(text: str, reading: Reading, *, serial: bool, part: str) -> str:
    """SQL for the day that a text names under a reading, in whatever year. Dates that begin with the year, and
    spreadsheet serials where ``serial``, are never in doubt and always read. ``part`` is the date part of the text."""
    year_first = f"try_strptime({part}, ['%Y-%m-%d', '%Y/%m/%d', '%Y.%m.%d', '%Y年%m月%d日'])"
    options = [rf"case when regexp_matches({part}, '^\d{{4}}\D') then {year_first} end"]
    if serial:
        number = rf"case when regexp_full_match({text}, '[2-7]\d{{4}}(\.\d+)?') then try_cast({text} as double) end"
        options.append(f"date '1899-12-30' + cast(floor({number}) as integer)")
    if reading.format == "named":
        options.append(_named_sql(part))
    elif reading.format == "epoch":
        options.append(epoch_sql(text))
    elif reading.format != "%Y-%m-%d":
        day = f"try_strptime({part}, '{reading.format}')"
        if reading.format[-1] in "yY":  # 1.2.3 is a version or a chapter: no year has one digit
            day = f"case when left(right({part}, 2), 1) between '0' and '9' then {day} end"
        options.append(day)
    return f"cast(coalesce({', '.join(f'cast({option} as date)' for option in options)}) as date)"


def serial_clock_sql(text: str) -> str:
    """SQL for the time of day of a spreadsheet's serial as an interval, to the second; NULL in any other text."""
    number = rf"case when regexp_full_match({text}, '[2-7]\d{{4}}(\.\d+)?') then try_cast({text} as double) end"
    return f"to_seconds(round(({number} - floor({number})) * 86400))"


def epoch_sql(text: str) -> str:
    """SQL for the moment of a Unix time in seconds, milliseconds or microseconds; NULL in any other text."""
    sizes = ((9, 10, 1_000_000), (12, 13, 1000), (15, 16, 1))
    whens = " ".join(
        rf"when regexp_full_match({text}, '[1-9]\d{{{low - 1},{high - 1}}}') then "
        rf"make_timestamp(try_cast({text} as bigint) * {factor})"
        for low, high, factor in sizes
    )
    return f"case {whens} end"


def epoch_clock_sql(text: str) -> str:
    """SQL for the time of day of a Unix time as an interval."""
    return f"{epoch_sql(text)} - date_trunc('day', {epoch_sql(text)})"


def time_of_day_sql(text: str) -> str:
    """The time of day in a text as an interval; zero where it has none."""
    clock = f"upper(replace(regexp_extract({text}, '({_TIME})', 1), '.M', 'M'))"
    formats = "['%H:%M:%S', '%H:%M', '%H:%M:%S.%f', '%I:%M:%S %p', '%I:%M %p', '%I:%M:%S%p', '%I:%M%p']"
    instant = f"try_strptime({clock}, {formats})"
    return f"coalesce({instant} - date_trunc('day', {instant}), interval 0 second)"


def offset_minutes_sql(text: str) -> str:
    """The UTC offset in a text in minutes; NULL where it has none."""
    return minutes_of_sql(offset_text_sql(text))


def offset_text_sql(text: str) -> str:
    """The UTC offset in a text as it stands there; empty where there is none."""
    return rf"regexp_extract({text}, '\d{{1,2}}:\d{{2}}.*?\s*({_OFFSET})(?: \d{{4}})?$', 1)"


def minutes_of_sql(offset: str) -> str:
    """The minutes of a written UTC offset; NULL where there is none."""
    hours = rf"try_cast(regexp_extract({offset}, '[+-](\d{{2}}):?(\d{{2}})', 1) as integer)"
    minutes = rf"try_cast(regexp_extract({offset}, '[+-](\d{{2}}):?(\d{{2}})', 2) as integer)"
    sign = f"case when {offset} like '-%' then -1 else 1 end"
    return (
        f"case when {offset} in ('Z', 'UTC', 'GMT') then 0 "
        f"when {offset} <> '' then {sign} * ({hours} * 60 + {minutes}) end"
    )
