"""Publishing: what a publication holds, and what readers see while and after it is made."""

from __future__ import annotations

import hashlib
from pathlib import Path

import duckdb
import pytest

from pipelines.errors import BusyError, CheckStopError, SocialRoiError
from pipelines.publish import Publication, latest, publish, table_hashes
from pipelines.settings import Home, Settings
from pipelines.warehouse import writer_lock

from .conftest import Verdict, fill


def accept(_: Path) -> list[Verdict]:
    return [Verdict()]


def published(home: Home, *, run_id: str = "r1", settings: Settings | None = None) -> Publication:
    return publish(home, settings or Settings(), run_id=run_id, check=accept)


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(query).fetchall()


def everything_in(folder: Path) -> dict[str, str]:
    """The content of each file, and the target of each link."""
    return {
        str(path.relative_to(folder)): str(path.readlink())
        if path.is_symlink()
        else hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_symlink() or path.is_file()
    }


def test_every_published_table_is_copied_in_sorted_order(warehouse: Home) -> None:
    publication = published(warehouse)
    assert publication.path == latest(warehouse)
    assert rows(publication.path, "select conversion_id from published.fct_conversions") == [
        ("1",),
        ("2",),
        ("3",),
    ]
    assert rows(publication.path, "select path, conversions from published.fct_journeys") == [(["email", "direct"], 2)]


def test_meta_publication_says_which_day_the_data_reach(warehouse: Home) -> None:
    publication = published(warehouse)
    (row,) = rows(publication.path, "select * exclude git_sha from published.meta_publication")
    assert row[0] == publication.publication_id
    assert str(row[2]) == "2026-08-03"
    assert len(str(row[3])) == 16
    assert row[4:] == ("r1", "EUR", "UTC")


def test_verdicts_reached_after_dbt_and_on_the_candidate_are_in_it(warehouse: Home) -> None:
    found = rows(published(warehouse).path, "select stage, expectation from published.meta_checks order by all")
    assert found == [("marts", "m"), ("published", "credits add up"), ("raw", "e")]


def test_an_old_storage_version_is_written(warehouse: Home) -> None:
    tags = rows(published(warehouse).path, "select tags['storage_version'] from duckdb_databases() where not internal")
    assert tags == [("v1.2.0+",)]


def test_parquet_holds_the_same_rows(warehouse: Home) -> None:
    publication = published(warehouse)
    folder = warehouse.published / "parquet"
    tables = {str(name) for (name,) in rows(publication.path, "select table_name from duckdb_tables()")}
    assert {path.name for path in folder.iterdir()} == tables
    for table in tables:
        files = str(folder / table / "*.parquet").replace("'", "''")
        difference = f"""
            (from published.{table} except all from read_parquet('{files}'))
            union all (from read_parquet('{files}') except all from published.{table})
        """
        assert rows(publication.path, difference) == []


def test_a_new_connection_sees_the_new_data_while_an_old_one_is_open(warehouse: Home) -> None:
    published(warehouse)
    link = str(warehouse.published / "roi.duckdb")
    query = "select revenue from published.fct_conversions where conversion_id = '1'"
    with duckdb.connect(link, read_only=True) as reader:
        assert str(reader.execute(query).fetchone()) == "(Decimal('10.500000'),)"
        fill(warehouse, revenue="99.000000")
        published(warehouse, run_id="r2")
        with duckdb.connect(link, read_only=True) as newer:
            assert str(newer.execute(query).fetchone()) == "(Decimal('99.000000'),)"
        assert str(reader.execute(query).fetchone()) == "(Decimal('10.500000'),)"


def test_links_are_relative_so_that_a_home_can_be_moved(warehouse: Home) -> None:
    published(warehouse)
    moved = Home(warehouse.root.with_name("elsewhere"))
    warehouse.root.rename(moved.root)
    assert rows(moved.published / "roi.duckdb", "select count(*) from published.fct_conversions") == [(3,)]
    assert (moved.published / "parquet" / "fct_conversions").is_dir()


def test_a_refused_candidate_leaves_every_byte_as_it_was(warehouse: Home) -> None:
    published(warehouse)
    before = everything_in(warehouse.published)
    fill(warehouse, revenue="99.000000")

    def refuse(candidate: Path) -> list[Verdict]:
        assert rows(candidate, "select count(*) from published.meta_publication") == [(1,)]
        raise CheckStopError("credits do not add up")

    with pytest.raises(CheckStopError):
        publish(warehouse, Settings(), run_id="r2", check=refuse)
    assert everything_in(warehouse.published) == before


@pytest.mark.parametrize("step", ["write_parquet", "sync", "sync_tree", "append_verdicts", "point"])
def test_a_failure_at_any_moment_leaves_every_byte_as_it_was(
    warehouse: Home, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    published(warehouse)
    before = everything_in(warehouse.published)

    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(f"pipelines.publish.{step}", fail)
    with pytest.raises(OSError, match="No space left"):
        published(warehouse, run_id="r2")
    assert everything_in(warehouse.published) == before


def test_when_the_second_link_cannot_be_flipped_the_first_goes_back(
    warehouse: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipelines.publish import files

    published(warehouse)
    before = everything_in(warehouse.published)

    def only_parquet(link: Path, target: Path) -> None:
        if link.name != "parquet":
            raise OSError(5, "Input/output error")
        files.point(link, target)

    monkeypatch.setattr("pipelines.publish.point", only_parquet)
    with pytest.raises(OSError, match="Input/output"):
        published(warehouse, run_id="r2")
    assert everything_in(warehouse.published) == before


def test_only_the_kept_number_of_earlier_publications_stays(warehouse: Home) -> None:
    made = [published(warehouse, run_id=f"r{n}", settings=Settings(keep_publications=2)) for n in range(5)]
    versions = warehouse.published / "versions"
    assert sorted(path.name for path in versions.glob("*.duckdb")) == [item.path.name for item in made[-3:]]
    assert len([path for path in versions.iterdir() if path.is_dir()]) == 3
    assert [item.publication_id for item in made] == sorted(item.publication_id for item in made)


def test_hashes_ignore_the_order_of_rows_and_the_run_but_not_the_data(warehouse: Home) -> None:
    first = table_hashes(published(warehouse).path)
    fill(warehouse, revenue="10.500000", backwards=True)
    assert table_hashes(published(warehouse, run_id="r2").path) == first
    fill(warehouse, revenue="10.500001")
    changed = table_hashes(published(warehouse, run_id="r3").path)
    assert {table for table in first if first[table] != changed[table]} == {"fct_conversions"}


def test_nothing_to_publish_is_said_so(home: Home) -> None:
    with pytest.raises(SocialRoiError, match="nothing to publish"):
        published(home)
    assert latest(home) is None


def test_a_busy_warehouse_is_said_so(warehouse: Home) -> None:
    with writer_lock(warehouse, purpose="the test"), pytest.raises(BusyError, match="the test"):
        published(warehouse)
