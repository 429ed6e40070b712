"""The documentation says what the code does: generated pages are fresh, and what it promises to name is named."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from pipelines.cli import main
from pipelines.schema import metrics
from pipelines.spec import load_specs

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"


def _builder():
    spec = importlib.util.spec_from_file_location("build_docs", ROOT / "scripts" / "build_docs.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


BUILDER = _builder()


@pytest.mark.parametrize("page", sorted(BUILDER.PAGES))
def test_generated_page_is_fresh(page):
    written = (DOCS / page).read_text(encoding="utf-8")
    assert written == BUILDER.PAGES[page]().rstrip() + "\n", f"docs/{page} is stale: run `make docs`"


def test_every_verb_metric_source_and_published_column_is_documented():
    commands = (DOCS / "commands.md").read_text(encoding="utf-8")
    assert [verb for verb in main.commands if f"## {verb}\n" not in commands] == []
    metric_page = (DOCS / "metrics.md").read_text(encoding="utf-8")
    assert [name for name in metrics() if f"`{name}`" not in metric_page] == []
    sources = (DOCS / "sources.md").read_text(encoding="utf-8")
    assert [layout.layout for spec in load_specs().values() for layout in spec.layouts
            if f"`{layout.layout}`" not in sources] == []  # fmt: skip
    undescribed = re.findall(
        r"^\| `(\w+)` \| [^|]+ \|\s*\|$", (DOCS / "published.md").read_text(encoding="utf-8"), re.M
    )
    assert undescribed == []


def test_links_between_pages_lead_somewhere():
    broken = []
    for page in [*DOCS.rglob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]:
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if "://" not in target and not (page.parent / target).exists():
                broken.append(f"{page.name}: {target}")
    assert broken == []
