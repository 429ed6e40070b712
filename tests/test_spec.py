"""The specification's schema is closed, and every shipped specification recognises its own files and no other's."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines import spec as spec_module
from pipelines.errors import SpecError
from pipelines.land import inspect_file
from pipelines.land.words import fold
from pipelines.schema import metrics
from pipelines.settings import Answer, Home, Settings
from pipelines.spec import LayoutSpec, SourceSpec, load_specs, parse_spec
from tests.fixtures.from_spec import Fixture, fixture_of, locales_of

GOOD = """
source: demo
display_name: Demo
kind: network
docs: {export: "Menu > Export", holds: posts}
networks: {demo: {display_name: Demo}}
layouts:
  - layout: demo_posts
    format: demo_posts
    about: posts
    grain: lifetime post
    table: action_metrics
    basis: lifetime
    fields:
      network: {const: demo}
      action_id: {type: id, required: true, needed: true, names: [Id]}
      impressions: {type: count, required: true, names: [Seen]}
"""


def test_a_good_specification_is_read() -> None:
    assert parse_spec(GOOD, where="demo.yml").layouts[0].fields["impressions"].names == {"en": ("Seen",)}


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("kind: network", "kind: network\ncolour: red", "colour"),
        ("kind: network", "kind: shed", "kind"),
        ("    basis: lifetime", "    basis: lifetime\n    tables: 3", "layouts.0.tables"),
        ("table: action_metrics", "table: deeds", "table 'deeds'"),
        ("    table: action_metrics\n", "", "ignored_because"),
        ("impressions: {type: count", "sightings: {type: count", "fields.sightings"),
        ("type: count", "type: number", "layouts.0.fields.impressions.type"),
        ("names: [Id]", "names: [Id], extract: {column: link, pattern: '(x)'}", "fields.action_id refers to 'link'"),
        ("names: [Id]", "names: [Id], pattern: '(x'", "fields.action_id"),
        ("names: [Id]", "names: [Id], fallback: nothing", "fields.action_id refers to 'nothing'"),
        ("basis: lifetime", "basis: weekly", "layouts.0.basis"),
        ('docs: {export: "Menu > Export", holds: posts}\n', "", "docs"),
        ("source: demo", "source: Demo Network", "source"),
        ("layouts:", "layouts: [", "YAML"),
    ],
)
def test_an_error_names_the_file_and_the_key(old: str, new: str, key: str) -> None:
    assert old in GOOD
    with pytest.raises(SpecError) as caught:
        parse_spec(GOOD.replace(old, new, 1), where="demo.yml")
    assert "demo.yml" in str(caught.value)
    assert key in str(caught.value)


@pytest.mark.parametrize(
    ("names", "key"), [({"one": "demo", "two": "demo"}, "networks.demo"), ({"one": "other"}, "named otherwise")]
)
def test_files_and_networks_are_claimed_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names: dict[str, str], key: str
) -> None:
    for stem, network in names.items():
        source = stem if network == "demo" else network
        (tmp_path / f"{stem}.yml").write_text(GOOD.replace("source: demo", f"source: {source}"))
    monkeypatch.setattr(spec_module, "SOURCES", tmp_path)
    with pytest.raises(SpecError, match=key):
        load_specs.__wrapped__()


def test_the_version_changes_with_the_specification_only() -> None:
    version = parse_spec(GOOD, where="demo.yml").version
    assert parse_spec(GOOD + "\n# a remark\n", where="demo.yml").version == version
    assert parse_spec(GOOD.replace("Seen", "Saw"), where="demo.yml").version != version


LAYOUTS = [(spec, layout) for spec in load_specs().values() for layout in spec.layouts]


@pytest.mark.parametrize(("spec", "layout"), LAYOUTS, ids=lambda each: getattr(each, "layout", None))
def test_no_name_stands_for_two_fields(spec: SourceSpec, layout: LayoutSpec) -> None:
    owners: dict[str, str] = {}
    for field, described in layout.fields.items():
        for name in (name for names in described.names.values() for name in names):
            assert owners.setdefault(fold(name), field) == field, name
    ignored = {fold(name) for names in layout.columns_ignored.values() for name in names}
    if layout.when:  # the layout that sets such a column aside lends its list to the one that reads it
        ignored -= {fold(name) for names in layout.when.column.values() for name in names}
    personal = {fold(name) for names in layout.columns_personal.values() for name in names}
    assert not (ignored | personal) & set(owners)
    assert not ignored & personal


@pytest.mark.parametrize(("spec", "layout"), LAYOUTS, ids=lambda each: getattr(each, "layout", None))
def test_layout_names_are_unique(spec: SourceSpec, layout: LayoutSpec) -> None:
    assert [other.layout for _, other in LAYOUTS].count(layout.layout) == 1


FIXTURES = [
    (spec, layout, locale) for spec, layout in LAYOUTS if layout.fields for locale in locales_of(layout)
]  # fmt: skip


def test_there_are_fixtures_for_every_source() -> None:
    assert {spec.source for spec, _, _ in FIXTURES} == set(load_specs())
    assert len(FIXTURES) > 60


@pytest.mark.parametrize(
    ("spec", "layout", "locale"),
    FIXTURES,
    ids=[f"{layout.layout}-{locale}" for _, layout, locale in FIXTURES],
)
@pytest.mark.parametrize("only_required", [False, True])
def test_a_layout_recognises_its_own_files(
    tmp_path: Path, spec: SourceSpec, layout: LayoutSpec, locale: str, only_required: bool
) -> None:
    made: Fixture = fixture_of(spec, layout, locale, only_required=only_required)
    home = Home(tmp_path)
    path = home.landing / spec.source / made.file_name
    path.parent.mkdir(parents=True)
    path.write_bytes(made.content)
    network = layout.fields["network"].const if "network" in layout.fields else None
    answers = {"network": network or next(iter(spec.networks), None), "year": 2026, "time_zone": "UTC"}
    settings = Settings(answers=(Answer.model_validate({"files": "*"} | answers),))
    receipt = inspect_file(path, home=home, settings=settings)
    assert (receipt.source, [part.layout for part in receipt.parts]) == (spec.source, [layout.layout]), receipt.reason
    assert receipt.rows_read == 3
    if not layout.fills():
        assert receipt.status == "ignored"
        return
    assert (receipt.status, receipt.rows_loaded) == ("loaded", 3), receipt.quarantine or receipt.reason
    found = {total.native_name: (total.total, total.rows_with_value) for total in receipt.totals}
    for native, total, kind in made.totals:
        expected = total if kind not in metrics() or metrics()[kind].is_summable else None
        assert found[native] == (expected, 3)
    if spec.kind == "network" and not only_required:
        assert receipt.locale == locale or locale in made.shared_locales
