"""What a dbt call built: the nodes of its manifest that ran, as plain values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True)
class Built:
    """One model or seed. ``node`` is dbt's name for it, ``path`` its file in the project, ``table`` is named with its
    schema; ``sql`` is the compiled query, None for a seed; ``began`` and ``ended`` are UTC, None where it is not known.
    """

    node: str
    path: str
    name: str
    table: str
    description: str
    column_descriptions: dict[str, str]
    sql: str | None
    began: datetime | None
    ended: datetime | None


def built_of(results: Iterable[Any]) -> tuple[Built, ...]:
    """The models and seeds among the results of a dbt call that ended well."""
    return tuple(_built(each) for each in results if each.node.resource_type in ("model", "seed"))


def _built(result: Any) -> Built:
    node = result.node
    times = [timing for timing in result.timing if timing.name == "execute"]
    return Built(
        node=node.unique_id,
        path=node.original_file_path,
        name=node.name,
        table=f"{node.schema}.{node.alias}",
        description=node.description or "",
        column_descriptions={name: column.description for name, column in node.columns.items() if column.description},
        sql=getattr(node, "compiled_code", None),
        began=_utc(times[0].started_at) if times else None,
        ended=_utc(times[0].completed_at) if times else None,
    )


def _utc(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment
