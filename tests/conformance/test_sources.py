"""Each source as a whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.spec import load_specs

DOCS = Path(__file__).parents[2] / "docs" / "sources"


@pytest.mark.parametrize("source", sorted(load_specs()), ids=lambda source: f"{source}/docs")
def test_documented(source: str) -> None:
    assert (DOCS / f"{source}.md").exists(), f"docs/sources/{source}.md is missing: make docs"
