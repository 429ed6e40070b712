"""Write the reference pages of docs/ from what the code really holds: specs, metrics, settings, verbs, tables.

``make docs`` runs it; a test checks that the committed pages are what it would write.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
import yaml

from pipelines.cli import main
from pipelines.schema import metrics
from pipelines.settings import Answer, Settings
from pipelines.spec import SourceSpec, load_specs

ROOT = Path(__file__).resolve().parents[1]
GENERATED = "<!-- Made by `make docs`: change the source it names, not this page. -->\n\n"


def table(header: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A Markdown table; pipes and line breaks in cells are escaped."""
    lines = [list(header)]
    lines.append(["---"] * len(lines[0]))
    lines += [[" ".join(str(cell).replace("|", r"\|").split()) for cell in row] for row in rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines) + "\n"


def metrics_page() -> str:
    """docs/metrics.md, from pipelines/metrics.yml and the specs."""
    offered: dict[str, list[str]] = {name: [] for name in metrics()}
    for spec in load_specs().values():
        for network in spec.networks:
            for name in spec.metrics_offered(network):
                offered[name].append(network)
    rows = (
        (
            f"`{m.name}`",
            m.kind,
            m.unit or "",
            "yes" if m.is_summable else "never",
            m.description,
            ", ".join(offered[m.name]),
        )
        for m in metrics().values()
    )
    head = (
        "# Metrics\n\nOne name for one quantity, whatever the network calls it. `NULL` means that it was not reported, "
        "never 0. Counts of people and levels are kept and never added up.\n\n"
    )
    return GENERATED + head + table(("metric", "kind", "unit", "may be added up", "meaning", "reported by"), rows)


def _names(names: dict[str, tuple[str, ...]]) -> str:
    return "; ".join(f"{locale}: {', '.join(f'`{s}`' for s in spellings)}" for locale, spellings in names.items())


def _source(spec: SourceSpec) -> str:
    parts = [f"## {spec.display_name}\n\n", f"`landing/{spec.source}/`. {spec.docs.export}\n\n", f"{spec.docs.holds}"]
    parts.append(f" **Not in it:** {spec.docs.not_held}\n\n" if spec.docs.not_held else "\n\n")
    for layout in spec.layouts:
        fate = ", ".join(f"`{name}`" for name in layout.fills()) or f"set aside: {layout.ignored_because}"
        parts.append(f"### `{layout.layout}`: {layout.about}\n\nOne row is one {layout.grain}. Goes to {fate}.\n\n")
        rows = [
            (f"`{n}`", f.type, "yes" if f.required else "", _names(f.names))
            for n, f in layout.fields.items()
            if f.names
        ]
        parts.append(table(("field", "type", "must be there", "column names by language"), rows) if rows else "")
    return "".join(parts)


def sources_page() -> str:
    """docs/sources.md, from pipelines/sources/*.yml."""
    head = "# Sources\n\nWhat is read, and under which names. A file is recognised by its header, in any folder.\n\n"
    return GENERATED + head + "".join(_source(spec) for spec in load_specs().values())


def _field_rows(model: Any) -> list[tuple[str, ...]]:
    rows = []
    for name, field in model.model_fields.items():
        default = "" if field.is_required() else field.get_default(call_default_factory=True)
        shown = (
            ""
            if default in (None, "", (), {})
            else f"`{', '.join(default) if isinstance(default, tuple) else default}`"
        )
        rows.append((f"`{name}`", shown, field.description or ""))
    return rows


def settings_page() -> str:
    """docs/settings.md, from pipelines/settings.py."""
    head = "# Settings\n\n`roi.yml` in the home folder. Every key is optional; an unknown one is refused.\n\n"
    example = (
        "```yaml\ncurrency: EUR\ntime_zone: Europe/Paris\nanswers:\n"
        "  - {files: 'tiktok/*.csv', year: 2026}\n"
        "  - {files: 'meta_business_suite/shop/Reach.csv', network: instagram}\n```\n\n"
    )
    folders = (
        "## Answers\n\nA file that leaves open what decides its numbers waits (`needs_answer`) until its owner "
        "says it: here, or by a folder name below `landing/<source>/`: a network (`facebook`), a year (`2026`), or "
        "else an account.\n\n"
    )
    columns = ("key", "default", "meaning")
    return (
        GENERATED
        + head
        + table(columns, _field_rows(Settings))
        + example
        + folders
        + table(columns, _field_rows(Answer))
    )


def commands_page() -> str:
    """docs/commands.md, from the command line itself."""
    context = click.Context(main, info_name="social-roi", terminal_width=80, **main.context_settings)
    parts = ["# Commands\n\n", f"```\n{main.get_help(context)}\n```\n\n"]
    for name in sorted(main.commands):
        command = main.commands[name]
        help_text = command.get_help(click.Context(command, info_name=name, parent=context, terminal_width=80))
        parts.append(f"## {name}\n\n```\n{help_text}\n```\n\n")
    return GENERATED + "".join(parts)


def published_page() -> str:
    """docs/published.md, from the contracts of dbt_project/models/published."""
    parts = [
        "# Published tables\n\nSchema `published` of `published/roi.duckdb`, and `published/parquet/<table>/`.\n\n"
    ]
    for path in sorted((ROOT / "dbt_project" / "models" / "published").glob("*.yml")):
        for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models", []):
            rows = [(f"`{c['name']}`", c.get("data_type", ""), c.get("description", "")) for c in model["columns"]]
            parts.append(f"## {model['name']}\n\n{' '.join(model['description'].split())}\n\n")
            parts.append(table(("column", "type", "meaning"), rows))
    return GENERATED + "".join(parts)


PAGES = {
    "metrics.md": metrics_page,
    "sources.md": sources_page,
    "settings.md": settings_page,
    "commands.md": commands_page,
    "published.md": published_page,
}


if __name__ == "__main__":
    for page, make in PAGES.items():
        (ROOT / "docs" / page).write_text(make().rstrip() + "\n", encoding="utf-8")
