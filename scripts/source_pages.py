"""The page of each source, and the list of them, from pipelines/sources/*.yml."""

from __future__ import annotations

from collections.abc import Iterator

from markdown_text import GENERATED, table

from pipelines.schema import metrics
from pipelines.spec import FieldSpec, LayoutSpec, Names, SourceSpec, load_specs

KINDS = {
    "network": "Networks",
    "shop": "Shops",
    "payments": "Payments",
    "analytics": "Web analytics",
    "crm": "Sales in stages",
    "rates": "Exchange rates",
    "template": "Templates of your own",
}
BASES = {
    "day": "each figure is of one day",
    "lifetime": "figures since publication: the difference to the last export is what counts",
    "range": "figures over the range of the export",
}


def index_page() -> str:
    """docs/sources.md: every source, with what it holds and in how many layouts and languages."""
    head = (
        "# Sources\n\nWhat is read. A file is recognised by its header, in any folder; the folder is a hint, and is "
        "asked for where the content alone cannot say. `social-roi inspect FILE` says what a file is taken for.\n\n"
    )
    parts = [GENERATED, head]
    specs = load_specs().values()
    for kind in dict.fromkeys(spec.kind for spec in sorted(specs, key=lambda each: list(KINDS).index(each.kind)
                                                           if each.kind in KINDS else 99)):  # fmt: skip
        parts.append(f"## {KINDS.get(kind, kind.capitalize())}\n\n")
        rows = [
            (
                f"[{spec.display_name}](sources/{spec.source}.md)" + _retired(spec),
                f"`{spec.source}`",
                spec.docs.holds,
                len(spec.layouts),
                ", ".join(spoken(spec)),
            )
            for spec in specs
            if spec.kind == kind
        ]
        parts.append(table(("source", "folder", "holds", "layouts", "languages"), rows))
    return "".join(parts)


def _retired(spec: SourceSpec) -> str:
    statuses = {network.status for network in spec.networks.values()}
    return " (retired)" if statuses == {"retired"} else ""


def spoken(spec: SourceSpec) -> list[str]:
    """The languages of a source's headers, English first."""
    found = {locale for layout in spec.layouts for field in layout.fields.values() for locale in field.names}
    return sorted(found, key=lambda locale: (locale != "en", locale))


def source_page(spec: SourceSpec) -> str:
    """docs/sources/<source>.md."""
    return GENERATED + "".join(_source(spec))


def _source(spec: SourceSpec) -> Iterator[str]:
    yield f"# {spec.display_name}\n\nBack to [all sources](../sources.md). Files go to `landing/{spec.source}/`"
    yield ", in a folder of the account's name if there are several accounts.\n\n"
    yield f"## How to export\n\n{spec.docs.export}\n\n"
    yield f"## What it holds\n\n{spec.docs.holds}\n\n"
    if spec.docs.not_held:
        yield f"**What it does not hold.** {spec.docs.not_held}\n\n"
    if spec.docs.not_comparable:
        yield f"**What is not comparable.** {spec.docs.not_comparable}\n\n"
    yield from _networks(spec)
    yield from _overview(spec)
    yield from _set_aside(spec)
    yield from _questions(spec)
    yield "## Columns\n\n"
    for layout in spec.layouts:
        yield from _layout(layout)


def _networks(spec: SourceSpec) -> Iterator[str]:
    if not spec.networks:
        return
    yield "## Networks\n\n"
    rows = [
        (
            f"`{name}`",
            network.display_name,
            network.status,
            ", ".join(f"`{each}`" for each in (*network.hosts, *network.utm_sources)),
            ", ".join(f"`{metric}`" for metric in spec.metrics_offered(name)),
        )
        for name, network in spec.networks.items()
    ]
    yield table(("network", "name", "status", "recognised in links by", "metrics"), rows)


def _overview(spec: SourceSpec) -> Iterator[str]:
    yield "## Tables that are read\n\n"
    rows = [
        (
            f"`{layout.layout}`",
            layout.about,
            layout.grain,
            BASES.get(layout.basis or "", "") or "as dated",
            ", ".join(f"`{name}`" for name in layout.fills()),
            ", ".join(sorted({loc for f in layout.fields.values() for loc in f.names}, key=lambda x: (x != "en", x))),
        )
        for layout in spec.layouts
        if layout.fills()
    ]
    yield table(("layout", "what it is", "one row is one", "figures", "goes to", "languages"), rows)


def _set_aside(spec: SourceSpec) -> Iterator[str]:
    rows = [
        (f"`{layout.layout}`", layout.about, layout.ignored_because) for layout in spec.layouts if not layout.fills()
    ]
    if rows:
        yield "## Recognised and set aside\n\nKept in the lake as text, and in no figure.\n\n"
        yield table(("layout", "what it is", "why"), rows)


def _questions(spec: SourceSpec) -> Iterator[str]:
    """What a file of this source may leave open, and how it is answered."""
    asked = [(what, how) for what, how, test in QUESTIONS if any(test(layout) for layout in spec.layouts)]
    if asked:
        yield "## What may be asked\n\nA file that leaves open what decides its numbers waits until you say it: in "
        yield "`roi.yml` under [answers](../settings.md#answers), or by a folder.\n\n"
        yield table(("question", "how to answer"), asked)


def _fields(layout: LayoutSpec) -> list[FieldSpec]:
    return list(layout.fields.values()) if layout.fills() else []


def _is_ambiguous(field: FieldSpec) -> bool:
    day_first = any(each.startswith("%d") for each in field.formats)
    month_first = any(each.startswith("%m") for each in field.formats)
    return day_first and month_first


QUESTIONS = (
    (
        "Which network is it of? The columns are those of several.",
        "Put it into `landing/<source>/`, a folder of the network's name, or answer `network`.",
        lambda layout: bool(layout.fills()) and (not layout.content_decides or bool(layout.titles)),
    ),
    (
        "Which year? The days carry none.",
        "A folder of the year, such as `2026`, or answer `year` (of the last day). The zip as downloaded tells it too.",
        lambda layout: any(field.type == "yearless_date" for field in _fields(layout)),
    ),
    (
        "Day first or month first? No day of the file is past the 12th.",
        "Answer `date_style`: `dmy` or `mdy`.",
        lambda layout: any(_is_ambiguous(field) and not field.told_by for field in _fields(layout)),
    ),
    (
        "Is the comma a decimal mark or a thousands mark? No number tells.",
        "Answer `decimal_mark`.",
        lambda layout: any(field.type in ("count", "amount", "duration") for field in _fields(layout)),
    ),
    (
        "Which days do the figures cover? (Not needed to load it.)",
        "Keep the file's name as downloaded where it says so, or answer `period_start` and `period_end`.",
        lambda layout: layout.basis == "range",
    ),
    (
        "Is each row a day? The days lie a week or a month apart.",
        "Export it by day; where each row is one day after all, answer `rows_are: days`.",
        lambda layout: layout.basis is None and layout.table == "account_metrics",
    ),
    (
        "In which time zone are the times? (Taken as UTC until told.)",
        "Answer `time_zone`.",
        lambda layout: any(field.zone in ("not stated", "required") for field in _fields(layout)),
    ),
)


def _layout(layout: LayoutSpec) -> Iterator[str]:
    rows = [
        (f"`{name}`" + _counted(name), field.type, "yes" if field.required else "", _names(field.names))
        for name, field in layout.fields.items()
        if field.names
    ]
    if not rows:
        return
    yield f"### `{layout.layout}`: {layout.about}\n\n"
    if any(field.meaning for field in layout.fields.values()):
        yield from _template(layout)
    else:
        yield table(("field", "type", "must be there", "column names by language"), rows)
    for title, names in (
        ("Known and not used", layout.columns_ignored),
        ("Personal, never kept", layout.columns_personal),
    ):
        if names:
            yield f"{title}: {_names(names)}.\n\n"


def _template(layout: LayoutSpec) -> Iterator[str]:
    """The columns of a template, with their meaning."""
    rows = [
        (f"`{field.names['en'][0]}`", field.type, _must(field), field.meaning or "")
        for field in layout.fields.values()
        if field.names
    ]
    yield table(("column", "type", "must be there", "meaning"), rows)
    if layout.unpivot:
        needed = ", ".join(f"`{each}`" for each in layout.unpivot.required) or "one"
        yield f"Each further column named like `{layout.unpivot.example}` gives one row for each line in which it "
        yield f"holds something; {needed} must be there.\n\n"
    if layout.collect_rest:
        yield "Any other column of numbers is kept as a control.\n\n"


def _must(field: FieldSpec) -> str:
    """Whether a column of a template must be there, and with what."""
    if field.required:
        return "yes"
    if field.needed:
        return "yes, or answered in `roi.yml`"
    words = {"given": "is given", "missing": "is missing"}
    told = [f"`{other}` {words.get(value, f'is {value}')}" for other, values in field.needed_when.items()
            for value in values]  # fmt: skip
    return f"where {' or '.join(told)}" if told else ""


def _counted(name: str) -> str:
    known = metrics().get(name)
    return " (never added up)" if known and not known.is_summable else ""


def _names(names: Names) -> str:
    return "; ".join(f"{locale}: {', '.join(f'`{s}`' for s in spellings)}" for locale, spellings in names.items())
