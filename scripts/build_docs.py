"""Write the reference pages of docs/ from what the code really holds: specs, metrics, settings, verbs, tables.

``make docs`` runs it; a test checks that the committed pages are what it would write.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import click
import yaml
from checks_page import checks_page
from markdown_text import GENERATED, table
from pydantic import BaseModel
from source_pages import index_page, source_page
from walkthrough import adding_page

from pipelines.cli import main
from pipelines.credit_models import OwnModel, Window
from pipelines.schema import metrics
from pipelines.settings import Answer, Markov, Settings
from pipelines.spec import load_specs, metrics_offered
from pipelines.utm import Utm, UtmPart

ROOT = Path(__file__).resolve().parents[1]


def metrics_page() -> str:
    """docs/metrics.md, from pipelines/metrics.yml and the specs."""
    offered: dict[str, list[str]] = {name: [] for name in metrics()}
    for spec in load_specs().values():
        for network in spec.networks:
            for name in metrics_offered(network):
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


def _field_rows(model: Any) -> list[tuple[str, ...]]:
    rows = []
    for name, field in model.model_fields.items():
        default = "" if field.is_required() else field.get_default(call_default_factory=True)
        rows.append((f"`{name}`", _shown(default), field.description or ""))
    return rows


def _shown(default: Any) -> str:
    """A default as a reader would write it; that of a mapping stands in the table of its own keys."""
    if default in (None, "", (), {}) or (isinstance(default, BaseModel) and not isinstance(default, UtmPart)):
        return ""
    several = default if isinstance(default, tuple) else (default,)
    return f"`{', '.join(each.parameter if isinstance(each, UtmPart) else str(each) for each in several)}`"


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
    windows = "## Windows\n\nOne entry of `windows`. What it leaves out fits every touch.\n\n"
    utm = (
        "## Links\n\nThe keys of `utm`. Each is the name of a parameter, a mapping as below, or a list of these, of "
        "which the first that says something counts; `null` is none. A utm parameter is read from the touch's own "
        "column, else, like any other parameter, from the address of its landing page.\n\n"
        "```yaml\nutm:\n  network: [{parameter: utm_campaign, pattern: '^([a-z]+)[|]', names: {fbk: facebook}}, "
        "utm_source]\n  action_id: [utm_content, hsa_ad]\n```\n\n"
    )
    models = (
        "## Models of one's own\n\nOne entry of `models` that is no name. docs/attribution.md shows some. At most one "
        "of `like`, `positions`, `stages` and `half_life_days`.\n\n"
    )
    columns = ("key", "default", "meaning")
    return (
        GENERATED
        + head
        + table(columns, _field_rows(Settings))
        + example
        + "## Chains\n\nThe keys of `markov`, such as `markov: {order: 2, path_grain: campaign}`. What they mean is in "
        + "[attribution](attribution.md).\n\n"
        + table(columns, _field_rows(Markov))
        + "\n"
        + folders
        + table(columns, _field_rows(Answer))
        + utm
        + table(columns, _field_rows(Utm))
        + "One parameter:\n\n"
        + table(columns, _field_rows(UtmPart))
        + windows
        + table(columns, _field_rows(Window))
        + models
        + table(columns, _field_rows(OwnModel))
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
    """docs/published.md, from the contracts of dbt_project/models/published and of what publishing adds."""
    parts = [
        "# Published tables\n\nSchema `published` of `published/roi.duckdb`, and `published/parquet/<table>/`.\n\n"
    ]
    contracts = sorted((ROOT / "dbt_project" / "models" / "published").glob("*.yml"))
    for path in (*contracts, ROOT / "pipelines" / "publish" / "tables.yml"):
        for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models", []):
            rows = [(f"`{c['name']}`", c.get("data_type", ""), c.get("description", "")) for c in model["columns"]]
            parts.append(f"## {model['name']}\n\n{' '.join(model['description'].split())}\n\n")
            parts.append(table(("column", "type", "meaning"), rows))
    return GENERATED + "".join(parts)


PAGES: dict[str, Callable[[], str]] = {
    "metrics.md": metrics_page,
    "sources.md": index_page,
    **{f"sources/{name}.md": partial(source_page, spec) for name, spec in load_specs().items()},
    "settings.md": settings_page,
    "commands.md": commands_page,
    "published.md": published_page,
    "checks.md": checks_page,
    "adding-a-source.md": adding_page,
}


if __name__ == "__main__":
    (ROOT / "docs" / "sources").mkdir(exist_ok=True)
    for old in (ROOT / "docs" / "sources").glob("*.md"):
        old.unlink()  # of a source that is no more
    for page, make in PAGES.items():
        (ROOT / "docs" / page).write_text(make().rstrip() + "\n", encoding="utf-8")
