"""Nested records of JSON and Parquet as columns, and archives that keep one record a file."""

from __future__ import annotations

import io
import json
from typing import Any

from pipelines.land.readers import Sheet, read_members
from tests.land.files import zipped

EVENT = {
    "event_date": "20260105",
    "event_params": [
        {"key": "page_location", "value": {"string_value": "https://acme.example/", "int_value": None}},
        {"key": "ga_session_id", "value": {"string_value": None, "int_value": 1767600000}},
        {"key": "value", "value": {"string_value": None, "int_value": None, "double_value": 12.5}},
        {"key": "nothing", "value": {"string_value": None, "int_value": None}},
    ],
    "traffic_source": {"name": None, "source": "x"},
    "items": [{"item_id": "a"}, {"item_id": "b"}],
    "tags": ["one", "two"],
}


def first_reading(content: bytes) -> list[Sheet]:
    ((_, readings),) = read_members(content, name="export")
    return next(iter(readings))


def columns_of(sheet: Sheet) -> dict[str, str]:
    header, row = sheet.rows
    return dict(zip(header.cells, row.cells, strict=True))


def test_pairs_become_columns_and_lists_their_length() -> None:
    (sheet,) = first_reading(json.dumps([EVENT]).encode())
    assert columns_of(sheet) == {
        "event_date": "20260105",
        "event_params.page_location": "https://acme.example/",
        "event_params.ga_session_id": "1767600000",
        "event_params.value": "12.5",
        "traffic_source.source": "x",
        "items.count": "2",
        "tags": "one, two",
    }


def test_a_key_that_occurs_twice_is_no_column() -> None:
    twice = {"params": [{"key": "a", "value": "1"}, {"key": "a", "value": "2"}]}
    (sheet,) = first_reading(json.dumps([twice]).encode())
    assert columns_of(sheet) == {"params.count": "2"}


def test_parquet_is_flattened_alike() -> None:
    import pyarrow as pa
    from pyarrow import parquet

    sink = io.BytesIO()
    parquet.write_table(pa.Table.from_pylist([EVENT]), sink)
    (sheet,) = first_reading(sink.getvalue())
    (expected,) = first_reading(json.dumps([EVENT]).encode())
    assert columns_of(sheet) == columns_of(expected)


def test_each_list_is_a_sheet_and_then_the_document_is_a_record() -> None:
    document = {"name": "acme", "posts": [{"id": 1}], "deep": {"stories": [{"id": 2}, {"id": 3}]}}
    ((_, readings),) = read_members(json.dumps(document).encode(), name="export")
    lists, record = list(readings)
    assert {sheet.name: len(sheet.rows) - 1 for sheet in lists} == {"posts": 1, "deep.stories": 2}
    assert columns_of(record[0]) == {"name": "acme", "posts.count": "1", "deep.stories.count": "2"}


def archive(**members: Any) -> list[tuple[str, list[Sheet]]]:
    content = zipped(**{name: json.dumps(member) for name, member in members.items()})
    return [(member, list(readings)[-1]) for member, readings in read_members(content, name="export.zip")]


def test_like_records_of_one_folder_are_one_table() -> None:
    found = archive(a_json={"url": "1", "text": "x"}, b_json={"url": "2", "likes": 3, "text": "y"}, c_json=[{"n": 1}])
    assert [member for member, _ in found] == [".", "c.json"]
    (sheet,) = found[0][1]
    assert [row.cells for row in sheet.rows] == [("url", "text", "likes"), ("1", "x", ""), ("2", "y", "3")]
    assert str(sheet.stamped) == "2026-03-01"


def test_unlike_records_stay_by_themselves() -> None:
    assert [member for member, _ in archive(a_json={"a": 1, "b": 2}, b_json={"c": 1, "d": 2})] == ["a.json", "b.json"]
