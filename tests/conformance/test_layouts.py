"""Each layout's own files, made from its specification (``tests/fixtures/from_spec.py``): every locale's header is
known for what it is, column by column; and each layout is read to the end, in one locale after the other."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from pipelines.land import inspect_file
from pipelines.land.readers import read_members
from pipelines.land.recognise import Table, recognise
from pipelines.schema import catalogue
from pipelines.settings import Answer, Home, Settings
from pipelines.spec import LayoutSpec, SourceSpec, load_specs
from tests.fixtures.from_spec import Fixture, fixture_of, locales_of

LAYOUTS = [(spec, layout) for spec in load_specs().values() for layout in spec.layouts if layout.fields]
HEADERS = [(spec, layout, locale) for spec, layout in LAYOUTS for locale in locales_of(layout)]


def tables_of(made: Fixture, source: str) -> list[Table]:
    """The tables recognised in a made file in its source's folder, in the first reading of it that has any."""
    for _, readings in read_members(made.content, name=made.file_name):
        for sheets in readings:
            if found := recognise(sheets, PurePosixPath(source, made.file_name)).tables:
                return found
    return []


@pytest.mark.parametrize(
    ("spec", "layout", "locale"), HEADERS, ids=[f"{s.source}/{x.layout}-{z}" for s, x, z in HEADERS]
)
@pytest.mark.parametrize("only_required", [False, True], ids=["all", "required"])
def test_headers(spec: SourceSpec, layout: LayoutSpec, locale: str, only_required: bool) -> None:
    made = fixture_of(spec, layout, locale, only_required=only_required)
    (table,) = tables_of(made, spec.source)
    match = table.match
    assert (match.spec.source, match.layout.layout) == (spec.source, layout.layout)
    assert [match.header.cells[place] for place in match.unknown] == []
    if not layout.titles:
        read = {name: match.header.cells[places[0]] for name, places in match.columns.items()}
        assert read == made.columns
    if spec.kind == "network" and not only_required:
        spoken = {name for name, count in match.locales.items() if count == max(match.locales.values())}
        assert locale in spoken or spoken & made.shared_locales


READ = [
    (spec, layout, locales_of(layout)[place % len(locales_of(layout))]) for place, (spec, layout) in enumerate(LAYOUTS)
]


@pytest.mark.parametrize(("spec", "layout", "locale"), READ, ids=[f"{s.source}/{x.layout}-{z}" for s, x, z in READ])
def test_reads(tmp_path: Path, spec: SourceSpec, layout: LayoutSpec, locale: str) -> None:
    made = fixture_of(spec, layout, locale, only_required=False)
    path = tmp_path / "landing" / spec.source / made.file_name
    path.parent.mkdir(parents=True)
    path.write_bytes(made.content)
    network = layout.fields["network"].const if "network" in layout.fields else None
    answers = {
        "network": network or next(iter(spec.networks), None),
        "year": 2026,
        "time_zone": "UTC",
        "currency": "EUR",
    }
    settings = Settings(answers=(Answer.model_validate({"files": "*"} | answers),))
    receipt = inspect_file(path, home=Home(tmp_path), settings=settings)
    assert (receipt.source, [part.layout for part in receipt.parts]) == (spec.source, [layout.layout]), receipt.reason
    assert receipt.rows_read == 3
    if not layout.fills():
        assert receipt.status == ("refused" if layout.refused else "ignored")
        return
    assert (receipt.status, receipt.rows_loaded) == ("loaded", 3), receipt.quarantine or receipt.reason
    found = {total.native_name: (total.total, total.rows_with_value) for total in receipt.totals}
    for native, total, kind in made.totals:
        expected = total if kind not in catalogue() or catalogue()[kind].is_summable else None
        assert found[native] == (expected, 3)


def test_every_source_makes_files() -> None:
    assert {spec.source for spec, _, _ in HEADERS} == set(load_specs())
    assert len(HEADERS) > 400
    assert {locale for _, _, locale in READ} >= {"en", "fr", "de", "es", "pt", "it", "nl", "ja"}
