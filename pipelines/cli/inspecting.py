"""What ``inspect`` prints: what a file is, what will happen to it, and what to do about what it leaves open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from decimal import Decimal
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from pipelines.schema import metrics
from pipelines.spec import load_specs

if TYPE_CHECKING:
    from pipelines.land import Explained, Receipt
    from pipelines.land.explain import Use

LANGUAGES = {
    "en": "English", "fr": "French", "de": "German", "es": "Spanish", "pt": "Portuguese", "it": "Italian",
    "nl": "Dutch", "sv": "Swedish", "ja": "Japanese", "da": "Danish", "nb": "Norwegian", "fi": "Finnish",
    "pl": "Polish", "tr": "Turkish", "ru": "Russian", "ko": "Korean", "zh": "Chinese", "cs": "Czech", "hu": "Hungarian",
    "ar": "Arabic", "vi": "Vietnamese", "id": "Indonesian",
}  # fmt: skip

VERDICTS = {
    "loaded": ("black on green", "WILL BE LOADED"),
    "needs_answer": ("black on yellow", "WAITS FOR AN ANSWER"),
    "ignored": ("black on bright_cyan", "IS SET ASIDE"),
    "refused": ("white on red", "IS REFUSED"),
}

FATES = {"loaded": "to load", "needs_answer": "to answer", "ignored": "to set aside", "refused": "refused"}

EXAMPLES = {
    "year": "2026",
    "date_style": "dmy",
    "decimal_mark": "','",
    "time_zone": "Europe/Paris",
    "currency": "EUR",
    "account": "acme",
    "period_start": "2026-01-01",
    "period_end": "2026-01-31",
}
CHOICES = {"date_style": "dmy, mdy or ymd", "decimal_mark": "'.' or ','"}
FOLDERS = ("network", "year", "account")
"""What a folder below the source's may say instead."""

MOST_ROWS = 5
MOST_NAMES = 8


def told(one: Explained) -> dict[str, Any]:
    """One file as plain values: its receipt, its columns, what it nearly is, and how to answer what it asks."""
    return one.receipt.to_dict() | {
        "columns": [asdict(use) for use in one.columns],
        "near": [asdict(near) | {"missing": list(near.missing)} for near in one.near],
        "answers": answers(one.receipt),
    }


def answers(receipt: Receipt) -> list[dict[str, Any]]:
    """How to say what a file does not: the key under ``answers`` in roi.yml, an example, and a folder that says it."""
    found = []
    for text in receipt.unknown:
        key = text.split(":", 1)[0].strip().replace(" ", "_")
        keys = ("period_start", "period_end") if key == "period" else (key,)
        values = {each: _example(each, receipt) for each in keys if each in EXAMPLES or each == "network"}
        if not values:
            continue
        path = PurePosixPath(receipt.path)
        folder = None
        if key in FOLDERS and receipt.source:
            folder = str(PurePosixPath("landing", receipt.source, str(values[key]), path.name))
        found.append({"question": text, "values": values, "choices": _choices(key, receipt), "folder": folder,
                      "is_needed": receipt.status == "needs_answer"})  # fmt: skip
    return found


def _served(receipt: Receipt) -> list[str]:
    return sorted(load_specs()[receipt.source].served) if receipt.source else []


def _example(key: str, receipt: Receipt) -> str:
    known = (network for spec in load_specs().values() for network in spec.served)
    return next(iter(_served(receipt)), None) or min(known) if key == "network" else EXAMPLES[key]


def _choices(key: str, receipt: Receipt) -> str | None:
    return " or ".join(_served(receipt)) if key == "network" else CHOICES.get(key)


def inspected(console: Any, files: Sequence[Explained], *, all_columns: bool = False) -> None:
    """A block for each file, and a line over all where there are several."""
    for one in files:
        _verdict(console, one.receipt)
        _facts(console, one.receipt)
        _rows(console, one.receipt)
        _figures(console, one.receipt)
        _columns(console, one, all_columns=all_columns)
        _notes(console, one)
    if len(files) > 1:
        counts = Counter(one.receipt.status for one in files)
        parts = [f"{counts[status]} {text}" for status, text in FATES.items() if counts[status]]
        console.print(f"[bold]{len(files)} files:[/] {', '.join(parts)}.", soft_wrap=True)


def _verdict(console: Any, receipt: Receipt) -> None:
    style, text = VERDICTS.get(receipt.status, ("bold", receipt.status.upper()))
    console.print(f"[{style}] {text} [/]  [bold]{_escape(receipt.path)}[/]", soft_wrap=True)
    if receipt.reason:
        colour = {"refused": "red", "needs_answer": "yellow"}.get(receipt.status, "default")
        _line(console, f"[{colour}]{_escape(receipt.reason)}[/]")


def _facts(console: Any, receipt: Receipt) -> None:
    if receipt.source is None:
        return
    spec = load_specs()[receipt.source]
    parts = {part.layout for part in receipt.parts}
    layouts = [layout for layout in spec.layouts if layout.layout in parts]
    about = dict.fromkeys(each.about for each in layouts if each.fills() or receipt.status == "ignored")
    language = LANGUAGES.get(receipt.locale or "", receipt.locale)
    facts = [
        ("what", f"[bold]{_escape(spec.display_name)}[/]" + (f", {_escape('; '.join(about))}" if about else "")),
        ("format", _escape(f"{receipt.format} (source {receipt.source})")),
        ("network", _escape(", ".join(receipt.networks)) if receipt.networks != (receipt.source,) else ""),
        ("account", _escape(receipt.account or "")),
        ("one row", _escape(receipt.grain or "")),
        ("period", _period(receipt)),
        ("language", f"{language}, {receipt.encoding}" if language else str(receipt.encoding or "")),
    ]
    for name, value in facts:
        if value:
            console.print(f"  [dim]{name:<9}[/] {value}", soft_wrap=True)


def _period(receipt: Receipt) -> str:
    if receipt.period_start is None:
        return ""
    days = receipt.period_start if receipt.period_start == receipt.period_end else (
        f"{receipt.period_start} to {receipt.period_end}")  # fmt: skip
    told = receipt.as_of if receipt.as_of not in (None, receipt.period_end) else None
    return days + (f", as of {told}" if told else "")


def _rows(console: Any, receipt: Receipt) -> None:
    if not receipt.rows_read:
        return
    fates = [("green", receipt.rows_loaded, "loaded"), ("red", receipt.rows_quarantined, "quarantined"),
             ("cyan", receipt.rows_ignored, "ignored" if receipt.status == "loaded" else "not loaded")]  # fmt: skip
    shown = ", ".join(f"[{colour}]{count:,} {fate}[/]" for colour, count, fate in fates if count)
    console.print(f"  [dim]{'rows':<9}[/] {receipt.rows_read:,} read: {shown}")
    reasons: Counter[str] = Counter()
    for part in receipt.parts:
        reasons.update(part.ignored_reasons)
    for reason, count in reasons.most_common() if receipt.status == "loaded" else ():
        console.print(f"  {'':<9} [cyan]{count:,} ignored[/]: {_escape(reason)}", soft_wrap=True)


def _figures(console: Any, receipt: Receipt) -> None:
    """What is taken from the file, to hold against what its network shows."""
    if not receipt.totals or receipt.status != "loaded":
        return
    from rich.box import SIMPLE_HEAD
    from rich.padding import Padding
    from rich.table import Table

    several = len({total.part for total in receipt.totals}) > 1
    table = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="dim")
    for name in ("figure", "in the file", "total", "rows with a value", *(["table"] if several else [])):
        table.add_column(name, justify="right" if name in ("total", "rows with a value") else "left", overflow="fold")
    for total in receipt.totals:
        known = metrics().get(total.metric)
        never = known is not None and not known.is_summable
        shown = "[dim]never added up[/]" if never else "-" if total.total is None else _amount(total.total)
        cells = [total.metric, _escape(total.native_name), shown, f"{total.rows_with_value:,}"]
        table.add_row(*cells, *([_escape(total.part)] if several else []))
    console.print(Padding(table, (0, 0, 0, 2), expand=False))


def _columns(console: Any, one: Explained, *, all_columns: bool) -> None:
    if not one.columns:
        return
    words: dict[Use, tuple[str, str]] = {
        "read": ("read", "default"),
        "hashed": ("kept as a digest only", "magenta"),
        "not used": ("known and not used", "dim"),
        "dropped": ("personal, never kept", "magenta"),
        "new": ("new to the specification, kept as text and not used", "yellow"),
    }
    counts = Counter(use.use for use in one.columns)
    shown = ", ".join(f"[{colour}]{counts[use]} {text}[/]" for use, (text, colour) in words.items() if counts[use])
    console.print(f"  [dim]{'columns':<9}[/] {shown}", soft_wrap=True)
    for use in one.columns if all_columns else ():
        text, colour = words[use.use]
        becomes = use.field if use.field else text
        mark = f" [{colour}]({text})[/]" if use.use == "hashed" else ""
        console.print(f"  {'':<9} {_escape(use.column)} [dim]->[/] [{colour}]{becomes}[/]{mark}", soft_wrap=True)


def _notes(console: Any, one: Explained) -> None:
    receipt = one.receipt
    for line in _refused_rows(receipt):
        _line(console, f"[red]x[/] {line}")
    for text in receipt.warnings:
        _line(console, f"[yellow]![/] {_escape(text)}")
    known = answers(receipt)
    for text in receipt.unknown if receipt.status != "needs_answer" else ():
        _line(console, f"[blue]?[/] {_escape(text)}")
    for answer in known if receipt.status == "needs_answer" else ():
        _how_to_answer(console, receipt, answer)
    for near in one.near:
        lacks = ", ".join(map(repr, near.missing[:MOST_NAMES])) + (" ..." if len(near.missing) > MOST_NAMES else "")
        console.print(
            f"  [blue]~[/] near to {_escape(near.about)} ({near.format}): lacks {_escape(lacks)}", soft_wrap=True
        )
    if receipt.source and load_specs()[receipt.source].draft:
        _line(
            console,
            f"[yellow]?[/] {receipt.source}.yml is a draft: files are not loaded until `draft: true` is out of it",
        )
    if receipt.source is None and receipt.encoding:
        _line(console, f"[blue]?[/] to have it read: social-roi new-source {_escape(receipt.path)}")
    console.print()


def _refused_rows(receipt: Receipt) -> Iterator[str]:
    for row in receipt.quarantine[:MOST_ROWS]:
        value = f" [dim]({_escape(row.value_excerpt)})[/]" if row.value_excerpt and row.column_name else ""
        yield f"line {row.row_number}: {_escape(row.reason)}{value}"
    if len(receipt.quarantine) > MOST_ROWS:
        yield f"and {len(receipt.quarantine) - MOST_ROWS:,} more"


def _how_to_answer(console: Any, receipt: Receipt, answer: dict[str, Any]) -> None:
    pairs = ", ".join(f"{key}: {value}" for key, value in answer["values"].items())
    choices = f"   # {answer['choices']}" if answer["choices"] else ""
    _line(console, "[yellow]?[/] say it in roi.yml:")
    console.print("        answers:", soft_wrap=True)
    console.print(_escape(f"          - {{files: '{receipt.path}', {pairs}}}{choices}"), soft_wrap=True)
    if answer["folder"]:
        console.print(f"    or by a folder: {_escape(answer['folder'])}", soft_wrap=True)


def _line(console: Any, text: str) -> None:
    """One line, indented; in a terminal its continuation too, elsewhere unbroken, for other programs."""
    from rich.padding import Padding
    from rich.text import Text

    if console.is_terminal:
        console.print(Padding(Text.from_markup(text), (0, 0, 0, 2)))
    else:
        console.print(f"  {text}", soft_wrap=True)


def _escape(text: Any) -> str:
    from rich.markup import escape

    return escape(str(text))


def _amount(total: Any) -> str:
    """A total as people write it: no zeros after the point."""
    whole = f"{Decimal(total):,f}"
    return whole.rstrip("0").rstrip(".") if "." in whole else whole
