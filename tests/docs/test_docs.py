"""The documentation says what the code does: generated pages are fresh, and what it promises to name is named."""

from __future__ import annotations

import csv
import importlib.util
import re
import sys
from pathlib import Path

import pytest

from expectations.stages import STAGES, suites, tables_present
from pipelines.cli import main
from pipelines.schema import metrics
from pipelines.settings import Settings
from pipelines.spec import load_specs, parse_spec

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"


def _builder():
    sys.path.insert(0, str(ROOT / "scripts"))  # where its siblings are
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
    sources = {source: (DOCS / "sources" / f"{source}.md").read_text(encoding="utf-8") for source in load_specs()}
    assert [layout.layout for spec in load_specs().values() for layout in spec.layouts
            if f"`{layout.layout}`" not in sources[spec.source]] == []  # fmt: skip
    index = (DOCS / "sources.md").read_text(encoding="utf-8")
    assert [source for source in sources if f"(sources/{source}.md)" not in index] == []
    undescribed = re.findall(
        r"^\| `(\w+)` \| [^|]+ \|\s*\|$", (DOCS / "published.md").read_text(encoding="utf-8"), re.M
    )
    assert undescribed == []


def test_every_check_has_its_entry_with_what_to_do():
    page = (DOCS / "checks.md").read_text(encoding="utf-8")
    held = [check for stage in STAGES for suite in (tables_present(stage), *suites(stage, Settings()))
            for check in suite.checks]  # fmt: skip
    assert len({check.name for check in held}) > 90
    lines = {line.split("`")[1]: line for line in page.splitlines() if line.startswith("| `")}
    assert [check.name for check in held if check.name not in lines] == []
    assert [
        check.name for check in held if " ".join(check.remedy.replace("|", r"\|").split()) not in lines[check.name]
    ] == []
    told = (DOCS / "runbook.md").read_text(encoding="utf-8").split("| check | what it means", 1)[1].split("\n\n")[0]
    assert set(re.findall(r"`([a-z]+_[a-z_0-9]+)`", told)) <= set(lines)


def test_links_between_pages_lead_somewhere():
    broken = []
    for page in [*DOCS.rglob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]:
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if "://" not in target and not (page.parent / target).exists():
                broken.append(f"{page.name}: {target}")
    assert broken == []


def test_the_walk_through_ends_with_what_the_export_adds_up_to():
    page = (DOCS / "adding-a-source.md").read_text(encoding="utf-8")
    example = DOCS / "examples" / "clapboard"
    with (example / "clapboard-stats.csv").open(encoding="utf-8", newline="") as handle:
        *_, header, _, _, _, total = csv.reader(handle)
    added_up = dict(zip(header, total, strict=True))
    figures = page.split("inspect clapboard-stats.csv --columns")[1].split("columns   ")[0]
    found = {line.split()[1]: line.split()[-2] for line in figures.splitlines() if line.endswith(" 3")}
    assert found.keys() == {"Views", "Claps", "Responses", "Earnings"}
    assert {name: added_up[name] for name in ("Views", "Claps", "Responses")} == {
        name: found[name] for name in ("Views", "Claps", "Responses")
    }
    mended = (example / "clapboard.yml").read_text(encoding="utf-8")
    assert "# ?" not in mended
    assert not parse_spec(mended, where="clapboard.yml").draft
    assert "Loaded 1 files: 3 action_metrics." in page
