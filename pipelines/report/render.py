"""Writing the report: one HTML file that loads nothing else."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.report import figures
from pipelines.report.attention_view import MEASURE_WORDS, attention_view, row_name
from pipelines.report.data import read_report
from pipelines.report.panels import caused_picture, channel_name, comparison, coverage_picture, network_styles, panel
from pipelines.report.story import KIND_WORDS, REASON_WORDS, REMEDIES, STATUS_WORDS, model_label
from pipelines.report.svg import HUES
from pipelines.report.values import ReportData, total_row
from pipelines.settings import Home, load_settings

if TYPE_CHECKING:
    from jinja2 import Environment

DATABASE = "roi.duckdb"
REPORT = "report.html"


def environment() -> Environment:
    """Templates that escape all they print, with foreign text freed of control characters first."""
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    def printed(value: object) -> object:
        return value if isinstance(value, Markup) or not isinstance(value, str) else figures.clean(value)

    environment = Environment(
        loader=PackageLoader("pipelines.report"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=printed,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    formats = (
        "money",
        "whole",
        "credit",
        "compact",
        "ratio",
        "percent",
        "portion",
        "day",
        "month",
        "moment",
        "web_link",
        "shorten",
    )
    environment.filters.update({name: getattr(figures, name) for name in formats})
    environment.filters["total_row"] = total_row
    environment.globals.update(share=figures.share, channel_name=channel_name, model_label=model_label)
    environment.globals.update(row_name=row_name, measure_words=MEASURE_WORDS)
    return environment


def render(data: ReportData) -> str:
    """The report as HTML text."""
    panels = [panel(data, result, index) for index, result in enumerate(data.models)]
    ranges, models_picture = comparison(data)
    return (
        environment()
        .get_template("report.html.j2")
        .render(
            data=data,
            panels=panels,
            main=next(shown for shown in panels if shown.model == data.main_model),
            ranges=ranges,
            models_picture=models_picture,
            coverage=coverage_picture(data),
            caused=data.caused,
            next_steps=data.next_steps,
            caused_picture=caused_picture(data),
            attention=attention_view(data),
            credited=any(shown.result.actions or shown.total.conversions_credited for shown in panels),
            priced=any(shown.total.cost is not None or shown.total.costs_without_rate for shown in panels),
            styles=network_styles(data),
            hues=range(HUES),
            status_words=STATUS_WORDS,
            remedies=REMEDIES,
            reason_words=REASON_WORDS,
            kind_words=KIND_WORDS,
        )
    )


def write_report(home: Home) -> Path:
    """Write ``published/report.html`` from what is published, in one step: a reader sees the old or the new.

    Raises:
        SocialRoiError: nothing is published, or the file is no publication.
    """
    return put(home.published / REPORT, render(read_report(home.published / DATABASE, load_settings(home))))


def put(path: Path, text: str) -> Path:
    """Put a page in the place of an earlier one, in one step."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
    return path
