"""A first specification for an export that no source knows, with what it is unsure of marked ``# ?``."""

from pipelines.land.draft.drafting import Draft, DraftTable, draft_source
from pipelines.land.draft.writing import expected_text, fixture_name, fixture_text, spec_text

__all__ = ["Draft", "DraftTable", "draft_source", "expected_text", "fixture_name", "fixture_text", "spec_text"]
