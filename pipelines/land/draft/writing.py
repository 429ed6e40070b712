"""A draft as YAML, with what it is unsure of marked ``# ?``, and a fixture of the same shape with invented values."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from decimal import Decimal

import yaml

from pipelines.land.draft.drafting import Column, Draft, DraftTable
from pipelines.schema import metrics

ROWS = 4
"""Of a fixture."""

_CURRENCY = re.compile(r"([(\[])[A-Z]{3}([)\]])")
"""A currency in a header, which another account's export has another of."""

NOTICE = """\
# Drafted by `social-roi new-source`. What it is unsure of is marked "# ?": look at each, mend it, take the mark away.
# The keys are explained in docs/adding-a-source.md, the metrics in docs/metrics.md.
"""


def spec_text(draft: Draft) -> str:
    """The specification."""
    return NOTICE + "\n".join(_spec_lines(draft)) + "\n"


def _quoted(text: str) -> str:
    """A text as a YAML scalar in a flow list."""
    return yaml.safe_dump([text], allow_unicode=True, default_flow_style=True, width=10_000).strip()[1:-1]


def _spec_lines(draft: Draft) -> Iterator[str]:
    title = draft.source.replace("_", " ").title()
    yield f"source: {draft.source}"
    yield f"display_name: {title}  # ?"
    yield "kind: network"
    yield "draft: true  # ? files are inspected and not loaded until this line is gone"
    yield "docs:"
    yield '  export: "Where in the menus this file is downloaded."  # ?'
    yield '  holds: "What the file says."  # ?'
    yield "networks:"
    yield f"  {draft.source}:"
    yield f"    display_name: {title}  # ?"
    if draft.host:
        yield f"    hosts: [{draft.host}]  # ? of links to it, to know its visitors by"
    yield f"    utm_sources: [{draft.source}]  # ?"
    yield "layouts:"
    for number, table in enumerate(draft.tables, start=1):
        yield from _layout(draft, table, number if len(draft.tables) > 1 else None)


def _layout(draft: Draft, table: DraftTable, number: int | None) -> Iterator[str]:
    what = "days" if table.grain == "account-day" else "posts"
    name = f"{draft.source}_{what}" + (f"_{number}" if number else "")
    yield f"  - layout: {name}"
    yield f"    format: {draft.source}_{what}"
    if table.grain == "account-day":
        yield "    about: the account by day  # ?"
        yield "    grain: account-day  # ?"
        yield "    table: account_metrics"
    else:
        by_day = table.grain == "post-day"
        yield f"    about: {'posts by day' if by_day else 'posts over their life'}  # ?"
        yield f"    grain: {table.grain}  # ?"
        yield "    table: action_metrics"
        yield f"    basis: {'day' if by_day else 'lifetime'}  # ? lifetime, range or day: what the figures cover"
    if number and table.sheet:
        yield f"    sheets: {{en: [{_quoted(table.sheet.rsplit('/', 1)[-1])}]}}  # ?"
    if table.totals:
        yield f"    # rows that read like totals: {table.totals}. They are known by their word and never counted"
    yield "    fields:"
    yield f"      network: {{const: {draft.source}}}"
    yield from _fields(table)
    yield from _unused(table)


def _fields(table: DraftTable) -> Iterator[str]:
    for field, column in table.fields.items():
        settings, doubts = _settings(field, column)
        shown = ", ".join(f"{key}: {value}" for key, value in settings.items())
        yield f"      {field}: {{{shown}}}" + (f"  # ? {'; '.join(doubts)}" if doubts else "")
    if "permalink" in table.fields and "action_id" not in table.fields and table.id_pattern:
        taken = f"{{column: permalink, pattern: {_quoted(table.id_pattern)}}}"
        yield f"      action_id: {{type: id, needed: true, extract: {taken}}}  # ? what in the link tells posts apart"


def _settings(field: str, column: Column) -> tuple[dict[str, str], list[str]]:
    """The keys of a field, and what is unsure about them."""
    doubts = [text for text in (column.doubt, column.guess.doubt) if text]
    settings = {"type": str(column.guess.type)}
    is_key = field in ("action_id", "metric_date", "published_at", "permalink")
    if is_key or column.guess.type in ("count", "amount"):
        settings["required"] = "true"
    if field in ("action_id", "metric_date", "published_at"):
        settings["needed"] = "true"
    if field == "metric_date" and column.guess.type == "timestamp":
        settings["type"] = "date"
    if column.guess.type in ("date", "timestamp"):
        settings["formats"] = f"[{', '.join(_quoted(each) for each in column.guess.formats)}]"
    if field == "published_at":
        settings["type"] = "timestamp"
        if not column.guess.has_offset:
            settings["zone"] = "not stated"
            doubts.append("in which time zone: UTC, Europe/Paris, ...")
    if field == "text_excerpt":
        settings["excerpt"] = "140"
    known = metrics().get(field)
    if known and not known.is_summable:
        doubts.append("distinct people or a level: never added up")
    if known and known.kind != "amount" and settings["type"] == "amount":
        settings["type"] = "count"
        doubts.append("has decimals")
    header = _CURRENCY.sub(r"\1{currency}\2", column.header) if settings["type"] == "amount" else column.header
    settings["names"] = f"{{en: [{_quoted(header)}]}}"
    return settings, doubts


def _unused(table: DraftTable) -> Iterator[str]:
    unused = [column for column in table.columns if column.field is None]
    plain = [column for column in unused if not column.personal]
    if plain:
        yield "    columns_ignored:"
        yield "      en:"
        for column in plain:
            is_figure = column.guess.type in ("count", "amount", "duration")
            mark = "  # ? a figure: is it one of docs/metrics.md?" if is_figure else ""
            yield f"        - {_quoted(column.header)}{mark}"
    if personal := [column for column in unused if column.personal]:
        yield "    columns_personal:  # ? about people: never kept"
        yield f"      en: [{', '.join(_quoted(column.header) for column in personal)}]"


def fixture_rows(draft: Draft, table: DraftTable) -> list[list[str]]:
    """The header, and rows with invented values."""
    header = [column.header for column in table.columns]
    return [header, *([_cell(draft, column, place, row) for place, column in enumerate(table.columns)]
                      for row in range(ROWS))]  # fmt: skip


def _cell(draft: Draft, column: Column, place: int, row: int) -> str:
    kind = column.guess.type
    if column.personal:
        return f"person{row + 1}@example.com"
    if kind in ("date", "timestamp"):
        form = column.guess.formats[0]
        day = f"Feb {13 + row}, 2026" if form == "named" else _day(form, 13 + row)
        return day + (" 10:30" if kind == "timestamp" else "") + (" +0000" if column.guess.has_offset else "")
    made = {
        "id": str(100_000_001 + row),
        "url": f"https://{draft.host or 'example.com'}/p/{100_000_001 + row}",
        "rate": f"{row + 1}.5%",
        "count": str((row + 1) * 10 + place * 100),
        "amount": f"{row + 1 + place * 10}.25",
        "duration": f"0:0{row + 1}:00",
        "currency": "EUR",
    }
    return made.get(str(kind), f"{column.header} {row + 1}")


def _day(form: str, day: int) -> str:
    return form.replace("%Y", "2026").replace("%y", "26").replace("%m", "02").replace("%d", f"{day:02d}")


def fixture_text(draft: Draft, table: DraftTable) -> str:
    """A table's fixture as CSV."""
    sink = io.StringIO(newline="")
    csv.writer(sink, lineterminator="\n").writerows(fixture_rows(draft, table))
    return sink.getvalue()


def expected_text(draft: Draft) -> str:
    """What the fixtures must become, in the form of ``tests/fixtures/<source>/expected.yml``."""
    entries = {}
    for number, table in enumerate(draft.tables, start=1):
        rows = fixture_rows(draft, table)[1:]
        totals: dict[str, float | int | None] = {}
        for place, column in enumerate(table.columns):
            known = metrics().get(column.field or "")
            if known is not None and column.guess.type in ("count", "amount"):
                total = sum((Decimal(row[place]) for row in rows), Decimal())
                totals[known.name] = (
                    (int(total) if total == int(total) else float(total)) if known.is_summable else None
                )
        what = "days" if table.grain == "account-day" else "posts"
        entries[fixture_name(draft, number)] = {
            "status": "loaded", "format": f"{draft.source}_{what}", "rows": {"loaded": ROWS, "quarantined": 0},
            "totals": totals,
        }  # fmt: skip
    return yaml.safe_dump(entries, allow_unicode=True, sort_keys=False, default_flow_style=None, width=118)


def fixture_name(draft: Draft, number: int) -> str:
    """The file of the fixture of a table."""
    return f"{draft.source}.csv" if len(draft.tables) == 1 else f"{draft.source}_{number}.csv"
