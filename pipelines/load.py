"""The one writer of the raw layer: from the lake's receipts and rows into DuckDB, in one transaction.

Loading compares what the lake holds with what the ledger says, never what an event announced, so it may be called at
any time, any number of times, after any number of landings. Where the same bytes lie under several paths, one reading
is believed (the best status, then the first path) and the others are duplicates: the order of landing never matters.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.errors import SocialRoiError
from pipelines.in_place import LARGE, leave_in_place, write_views
from pipelines.lake import RANK, Receipt, read_receipt, readings_folder, receipts_folder
from pipelines.own_tables import LEDGER_TABLES, REFERENCE_TABLES
from pipelines.schema import raw_tables
from pipelines.settings import Home, Settings
from pipelines.spec import KINDS, load_specs, metrics_offered
from pipelines.upgrade import upgrade
from pipelines.warehouse import FEW_ROWS, LOADED, RAW, add_rows, open_warehouse, writer_lock

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class LoadSummary:
    """What a load did: files whose rows came in or changed, the rows now in each raw table, how many files of the
    landing folder stand in which status, and what became of a warehouse of another version."""

    files: int
    rows: dict[str, int]
    unchanged: bool
    statuses: dict[str, int]
    upgrade: str | None = None


def load(home: Home, settings: Settings, *, afresh: bool = False) -> LoadSummary:
    """Bring the raw layer to what the lake holds.

    A warehouse of another version is brought to this one first (see :mod:`pipelines.upgrade`).

    Args:
        home: the deployment.
        settings: the owner's.
        afresh: throw the warehouse away first, and all that was made in it.

    Raises:
        BusyError: another run holds the writer lock.
    """
    with writer_lock(home, purpose="load"):
        upgraded = upgrade(home, afresh=afresh)
        connection = open_warehouse(home)
        connection.execute("set preserve_insertion_order = false")  # else rows wait in memory for those before them
        try:
            receipts, current = _receipts(home)
            wanted = _believed(receipts)
            connection.execute("begin")
            _write_references(connection, settings)
            changed = _changed_files(connection, wanted, current)
            _forget(connection, changed)
            due = [receipt for receipt in wanted if receipt.file_sha256 in changed]
            _write_ledger(connection, due, current)
            for receipt in due:
                _insert_reading(connection, receipt, home)
            write_views(connection, home)
            connection.execute("commit")
            rows = {name: _count(connection, name) for name in raw_tables()}
            statuses = dict(
                connection.execute(
                    f"select status, count(*) from {RAW}.loads where is_current group by status order by status"
                ).fetchall()
            )
        finally:
            connection.close()
    return LoadSummary(files=len(changed), rows=rows, unchanged=not changed, statuses=statuses, upgrade=upgraded.words)


def _receipts(home: Home) -> tuple[list[Receipt], set[tuple[str, str]]]:
    """The receipts that count, and the (path, content) pairs that still lie in the landing folder.

    A file that was taken away, or replaced by another at its path, keeps what was loaded from it; where nothing was,
    there is nothing left to say of it.
    """
    folder = receipts_folder(home)
    receipts = [read_receipt(path) for path in sorted(folder.glob("*.json"))] if folder.is_dir() else []
    by_path: dict[str, list[Receipt]] = {}
    for receipt in receipts:
        by_path.setdefault(receipt.path, []).append(receipt)
    current = {
        (path, sha256) for path, group in by_path.items() if (sha256 := _lying_there(home.landing / path, group))
    }
    return [r for r in receipts if r.status == "loaded" or (r.path, r.file_sha256) in current], current


def _lying_there(path: Path, receipts: list[Receipt]) -> str | None:
    """Which of the contents that were read at a path lies there now."""
    if not path.exists():
        return None
    if len(receipts) == 1:
        return receipts[0].file_sha256
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _believed(receipts: Iterable[Receipt]) -> list[Receipt]:
    """The receipts with duplicates marked: of each content, one reading is believed."""
    best: dict[str, Receipt] = {}
    for receipt in receipts:
        known = best.get(receipt.file_sha256)
        if known is None or (RANK[receipt.status], receipt.path) < (RANK[known.status], known.path):
            best[receipt.file_sha256] = receipt
    marked = []
    for receipt in receipts:
        believed = best[receipt.file_sha256]
        if receipt.path != believed.path:
            receipt = receipt.at(receipt.path, status="duplicate", reason=f"the same bytes as {believed.path}")
        marked.append(receipt)
    return sorted(_unpacked(marked), key=lambda receipt: (receipt.path, receipt.file_sha256))


def _unpacked(receipts: Sequence[Receipt]) -> list[Receipt]:
    """The receipts with those marked whose whole content lies in an archive that is loaded: that loads it once."""
    holders: dict[str, list[Receipt]] = {}
    for receipt in receipts:
        for member in receipt.members if receipt.status == "loaded" else ():
            holders.setdefault(member, []).append(receipt)
    return [_believed_beside(receipt, holders) for receipt in receipts]


def _believed_beside(receipt: Receipt, holders: dict[str, list[Receipt]]) -> Receipt:
    """A receipt, or its duplicate where a loaded archive holds all that it holds: a larger one, or the same in an
    archive where the file is none, or is one further on in the order of paths."""
    content = set(receipt.members) or {receipt.file_sha256}
    others = [
        other.path
        for other in holders.get(min(content), ())
        if other.file_sha256 != receipt.file_sha256
        and content <= {*other.members}
        and (content != {*other.members} or not receipt.members or other.path < receipt.path)
    ]
    if not others or receipt.status != "loaded":
        return receipt
    return receipt.at(receipt.path, status="duplicate", reason=f"the same bytes as are in {min(others)}")


def _changed_files(
    connection: duckdb.DuckDBPyConnection, wanted: list[Receipt], current: set[tuple[str, str]]
) -> set[str]:
    """The contents whose readings, statuses, paths or presence differ from the ledger's."""
    rows = connection.execute(f"select file_sha256, path, reading_id, status, is_current from {RAW}.loads").fetchall()
    known = {tuple(row) for row in rows}
    now = {(r.file_sha256, r.path, r.reading_id, r.status, (r.path, r.file_sha256) in current) for r in wanted}
    return {entry[0] for entry in known ^ now}


def _forget(connection: duckdb.DuckDBPyConnection, changed: set[str]) -> None:
    if not changed:
        return
    loaded = [f"{LOADED}.{name}" for name in (*raw_tables(), "in_place")]
    for table in (*loaded, f"{RAW}.loads", f"{RAW}.file_totals", f"{RAW}.quarantine"):
        connection.execute(
            f"delete from {table} where file_sha256 in (select unnest(cast(? as varchar[])))", [sorted(changed)]
        )


def _write_ledger(connection: duckdb.DuckDBPyConnection, due: Sequence[Receipt], current: set[tuple[str, str]]) -> None:
    """What the receipts of changed contents say; one statement a table, for files come by the thousand."""
    now = datetime.now(UTC).replace(tzinfo=None)
    entries = [
        receipt.to_dict()
        | {
            "networks": ",".join(receipt.networks) or None,
            "loaded_at": now,
            "is_current": (receipt.path, receipt.file_sha256) in current,
        }
        for receipt in due
    ]
    _insert(connection, "loads", entries)
    read = [(receipt, {"file_sha256": receipt.file_sha256}) for receipt in due if receipt.status != "duplicate"]
    totals = [of | vars(each) | {"total_loaded": each.total} for receipt, of in read for each in receipt.totals]
    _insert(connection, "file_totals", totals)
    _insert(connection, "quarantine", [of | vars(row) for receipt, of in read for row in receipt.quarantine])


def _insert_reading(connection: duckdb.DuckDBPyConnection, receipt: Receipt, home: Home) -> None:
    """Add the rows of a reading, or note where they lie; those of a duplicate stand there already."""
    if receipt.status != "loaded":
        return
    folder = readings_folder(home) / receipt.reading_id
    if not folder.is_dir():
        raise SocialRoiError("its rows are missing from the lake", where=receipt.path, remedy="Land it again")
    add = leave_in_place if receipt.rows_loaded >= LARGE else _insert_rows
    for name in raw_tables():
        path = folder / f"{name}.parquet"
        if path.exists():
            add(connection, receipt, name, path)


def _insert_rows(connection: duckdb.DuckDBPyConnection, receipt: Receipt, table: str, path: Path) -> None:
    """Add the rows of a reading, each with what the receipt says of all of them."""
    connection.execute(
        f"insert into {LOADED}.{table} by name select columns(name -> name not in ('file_sha256', 'as_of')), "
        "? as file_sha256, cast(? as date) as as_of from read_parquet(?)",
        [receipt.file_sha256, receipt.as_of, str(path)],
    )


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, Any]]) -> None:
    names = [column.name for column in {**LEDGER_TABLES, **REFERENCE_TABLES}[table]]
    if len(rows) < FEW_ROWS:
        columns = f"{RAW}.{table} ({', '.join(names)})"
        add_rows(connection, columns, [[row.get(name) for name in names] for row in rows])
        return
    import pyarrow as pa

    texts = [[None if row.get(name) is None else str(row[name]) for row in rows] for name in names]
    connection.register("incoming", pa.table([pa.array(cells, pa.string()) for cells in texts], names=names))
    connection.execute(f"insert into {RAW}.{table} by name select * from incoming")
    connection.unregister("incoming")


def _write_references(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """What specifications and settings say, as tables."""
    for name in REFERENCE_TABLES:
        connection.execute(f"delete from {RAW}.{name}")
    sources, networks, aliases = [], [], []
    for spec in load_specs().values():
        named = {"source": spec.source, "kind": spec.kind, "display_name": spec.display_name}
        sources.append(named | {"rank": KINDS[spec.kind]})
        for network, described in spec.networks.items():
            networks.append(
                {
                    "network": network,
                    "display_name": described.display_name,
                    "status": described.status,
                    "metrics_offered": ",".join(metrics_offered(network)),
                }
            )
            kinds = {
                "host": described.hosts,
                "utm_source": described.utm_sources,
                "click_id": described.click_ids,
                "ad_click_id": described.ad_click_ids,
            }
            aliases += [
                {"network": network, "kind": kind, "value": value} for kind, values in kinds.items() for value in values
            ]
    _insert(connection, "sources", sources)
    _insert(connection, "networks", networks)
    _insert(connection, "network_aliases", aliases)
    values = settings.model_dump(mode="json", exclude={"answers"})
    _insert(connection, "settings", [{"name": name, "value": str(value)} for name, value in values.items()])


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    row = connection.execute(f"select count(*) from {RAW}.{table}").fetchone()
    return int(row[0]) if row else 0
