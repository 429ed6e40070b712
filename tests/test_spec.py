"""The specification's schema is closed, and no name of a shipped one stands for two things."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.errors import SpecError
from pipelines.land.words import fold
from pipelines.spec import LayoutSpec, SourceSpec, catalogue, kinds_of_sources, load_specs, parse_spec

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
        ("basis: lifetime", "ignore_rows: [{field: gone, in: [x], because: y}]", "'gone', which is no field"),
        ("basis: lifetime", "ignore_rows: [{field: action_id, because: y}]", "says either in or not_in"),
        ("table: action_metrics", "targets: {action_metrics: {where: {field: gone, in: [x]}}}", "'gone', which is no"),
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
    monkeypatch.setattr(catalogue, "SOURCES", tmp_path)
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
    for other in spec.layouts:  # and the finer level of a report its own to the coarser, which reads some of it
        if other.format == layout.format and other is not layout:
            ignored -= {fold(name) for names in other.columns_ignored.values() for name in names}
    personal = {fold(name) for names in layout.columns_personal.values() for name in names}
    assert not (ignored | personal) & set(owners)
    assert not ignored & personal


@pytest.mark.parametrize(("line", "reads_all"), [("kind: network", False), ('kind: "network"  # ours', True)])
def test_the_kinds_of_sources_are_those_of_their_specifications(tmp_path: Path, line: str, reads_all: bool) -> None:
    (tmp_path / "demo.yml").write_text(GOOD.replace("kind: network", line), encoding="utf-8")
    catalogue.use_own_sources(tmp_path)
    try:
        kinds = kinds_of_sources()
        assert bool(load_specs.cache_info().currsize) is reads_all  # type: ignore[attr-defined]
        assert kinds == {name: spec.kind for name, spec in load_specs().items()}
        assert kinds["demo"] == "network"
    finally:
        catalogue.use_own_sources(tmp_path / "none")


@pytest.mark.parametrize(("spec", "layout"), LAYOUTS, ids=lambda each: getattr(each, "layout", None))
def test_layout_names_are_unique(spec: SourceSpec, layout: LayoutSpec) -> None:
    assert [other.layout for _, other in LAYOUTS].count(layout.layout) == 1


MARKS = {
    "hosts": {
        "t.co": "x", "lnkd.in": "linkedin", "fb.me": "facebook", "l.facebook.com": "facebook", "m.me": "facebook",
        "l.instagram.com": "instagram", "instagr.am": "instagram", "l.threads.com": "threads", "youtu.be": "youtube",
        "vm.tiktok.com": "tiktok", "pin.it": "pinterest", "redd.it": "reddit", "out.reddit.com": "reddit",
        "go.bsky.app": "bluesky", "com.linkedin.android": "linkedin", "com.twitter.android": "x",
    },
    "click_ids": {"epik": "pinterest"},
    "ad_click_ids": {
        "li_fat_id": "linkedin", "twclid": "x", "ttclid": "tiktok", "ScCid": "snapchat", "rdt_cid": "reddit",
    },
}  # fmt: skip


@pytest.mark.parametrize(("kind", "mark"), [(kind, mark) for kind in MARKS for mark in MARKS[kind]])
def test_what_a_network_hangs_on_links_and_sends_readers_through_says_that_network(kind: str, mark: str) -> None:
    named = [
        network
        for spec in load_specs().values()
        for network, described in spec.networks.items()
        if mark in getattr(described, kind)
    ]
    assert named == [MARKS[kind][mark]]


def test_the_click_id_that_two_networks_share_decides_none() -> None:
    named = {
        n for spec in load_specs().values() for n, described in spec.networks.items() if "fbclid" in described.click_ids
    }
    assert named == {"facebook", "instagram"}
