"""Data Docs: the validations as a website in the home folder, which grows by the pages of each run.

Only the pages of the run at hand are rendered; the index is built from all. Runs that are no longer kept lose
their results, and the index builder then removes their pages.
"""

from __future__ import annotations

import logging
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from expectations.engine import open_context

BEACON = re.compile(r"https://great-expectations-web-assets[^\"\s]*")


def build(state: Path, *, run_name: str | None, keep: int) -> Path:
    """Render a run's pages (of every kept run, without ``run_name``) and the index.

    Args:
        state: the home's state folder.
        run_name: the run whose pages are new.
        keep: how many runs stay, counted from the latest.

    Returns:
        Path of the index page.

    Raises:
        OSError: a page could not be written.
    """
    context = open_context(state)
    store = context.validation_results_store
    results = sorted(store.list_keys(), key=lambda key: key.run_id.run_time, reverse=True)
    names = list(dict.fromkeys(key.run_id.run_name for key in results))
    for key in results:
        if key.run_id.run_name in names[keep:]:
            store.remove_key(key)
    rendered = None
    if run_name is not None:
        own = [key for key in results if key.run_id.run_name == run_name]
        rendered = [*own, *{key.expectation_suite_identifier for key in own}]
    with _telling():
        context.build_data_docs(resource_identifiers=rendered)
    site = state / "data_docs"
    _use_own_logo(site)
    return site / "index.html"


@contextmanager
def _telling() -> Iterator[None]:
    """Great Expectations logs what keeps it from writing a page, with its traceback, and goes on: raise the first."""
    logger = logging.getLogger("great_expectations.render.renderer.site_builder")
    failures: list[OSError] = []

    def is_other(_: logging.LogRecord) -> bool:
        error = sys.exc_info()[1]
        if isinstance(error, OSError):
            failures.append(error)
        return not isinstance(error, OSError)

    logger.addFilter(is_other)
    try:
        yield
    finally:
        logger.removeFilter(is_other)
    if failures:
        raise failures[0]


def _use_own_logo(site: Path) -> None:
    """Great Expectations' pages fetch their logo from its server, with the site's id: use the copy beside them."""
    logo = site / "static" / "images" / "logo-long.png"
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        own = BEACON.sub(os.path.relpath(logo, page.parent), text)
        if own != text:
            page.write_text(own, encoding="utf-8")
