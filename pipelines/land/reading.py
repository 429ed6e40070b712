"""One reading of one file: recognise, settle, convert, and write the receipt."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from pipelines.errors import UnreadableFileError
from pipelines.lake import Receipt
from pipelines.land import emit
from pipelines.land.bulk import Bulk, read_bulk
from pipelines.land.canonical import keep_judged, write_rows
from pipelines.land.columns import choose_columns
from pipelines.land.convert import convert
from pipelines.land.drift import notes_of, refuse_new_columns
from pipelines.land.evidence import Evidence, gather, hints_from
from pipelines.land.kin import hold_back_kin
from pipelines.land.members import recognise_members, why_unknown
from pipelines.land.outcome import NeedsAnswer, Unusable
from pipelines.land.readers import Sheet, member_digests, read_members
from pipelines.land.recognise import Recognition, Table
from pipelines.land.settle import settle
from pipelines.land.source import Watch
from pipelines.land.tally import (
    counts_of,
    description_of,
    found_networks,
    only_account,
    parts_of,
    rows_of,
    unknowns,
    verdict_of,
    warnings_of,
)
from pipelines.land.work import Work, load_text
from pipelines.settings import Settings
from pipelines.spec import all_specs_version, load_specs
from pipelines.warehouse import open_workbench

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class Outcome:
    """A receipt, and how to write the reading's rows into a folder (None where there are none to keep)."""

    receipt: Receipt
    write_to: Callable[[Path], None] | None = None


def reading_id(sha256: str, relative: PurePosixPath, settings: Settings, source: str | None) -> str:
    """The identity of a reading: the bytes, where they lay, the owner's answers and the specification's version."""
    version = load_specs()[source].version if source in load_specs() else all_specs_version()
    parts = [sha256, str(relative), json.dumps(settings.answer_for(relative), sort_keys=True), version]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]


def read_large(
    path: Path, relative: PurePosixPath, sha256: str, settings: Settings, *, watch: Watch | None = None
) -> Outcome | None:
    """Read a large file where it lies, in bounded memory; None where it must be read by :func:`read_file`."""
    bulk = read_bulk(path, relative, watch=watch)
    if bulk is None:
        return None
    draft = replace(_draft(sha256, relative, settings), members=bulk.members)
    import duckdb

    try:
        return _read(draft, bulk.recognition, bulk.sheets, relative, settings, bulk=bulk)
    except duckdb.OutOfMemoryException:  # the room of the engine's own reader says nothing of the file
        return None


def refuse_large(relative: PurePosixPath, sha256: str, settings: Settings, *, size: int, most: int) -> Outcome:
    """Refuse a file of ``size`` bytes that can only be read row by row, where at most ``most`` are read so. The
    identity of the reading is of its own, so that the file is looked at again once more are allowed."""
    reason = (
        f"it holds {size / 1e6:,.0f} MB and has to be read row by row, which takes some 30 times that in memory; at "
        f"most {most / 1e6:,.0f} MB are. Export shorter periods or fewer accounts at a time, or set "
        "SOCIAL_ROI_ROWS_BYTES to more on a machine with the memory"
    )
    identity = hashlib.sha256(f"{sha256}\nover {most}".encode()).hexdigest()[:24]
    return Outcome(replace(_draft(sha256, relative, settings), reading_id=identity, reason=reason))


def _draft(sha256: str, relative: PurePosixPath, settings: Settings) -> Receipt:
    return Receipt(
        reading_id=reading_id(sha256, relative, settings, None),
        file_sha256=sha256,
        path=str(relative),
        spec_version=all_specs_version(),
        status="refused",
    )


def read_file(relative: PurePosixPath, content: bytes, settings: Settings) -> Outcome:
    """Read a file that lies (or would lie) at ``relative`` below ``landing/``. Never raises for what a file holds:
    a refusal is a receipt too."""
    sha256 = hashlib.sha256(content).hexdigest()
    draft = replace(_draft(sha256, relative, settings), members=member_digests(content))
    try:
        recognition, sheets = recognise_members(read_members(content, name=str(relative)), relative)
    except UnreadableFileError as error:
        return Outcome(replace(draft, reason=f"{error.what}. {error.remedy}" if error.remedy else error.what))
    if not recognition.tables:
        return Outcome(
            replace(draft, encoding=sheets[0].encoding, reason=why_unknown(recognition, hints_from(relative).source))
        )
    return _read(draft, recognition, sheets, relative, settings)


def _read(
    draft: Receipt,
    recognition: Recognition,
    sheets: list[Sheet],
    relative: PurePosixPath,
    settings: Settings,
    *,
    bulk: Bulk | None = None,
) -> Outcome:
    evidence = gather(relative, recognition, sheets, settings)
    spec = recognition.tables[0].match.spec
    draft = replace(
        draft,
        reading_id=reading_id(draft.file_sha256, relative, settings, spec.source),
        spec_version=spec.version,
        **description_of(recognition.tables, sheets, evidence),
    )
    if bulk:
        return _read_tables(draft, recognition, evidence, bulk.connection, bulk.works)
    connection = open_workbench(rows=sum(len(table.rows) for table in recognition.tables))
    return _read_tables(draft, recognition, evidence, connection, load_text(connection, recognition.tables))


def _read_tables(
    draft: Receipt,
    recognition: Recognition,
    evidence: Evidence,
    connection: duckdb.DuckDBPyConnection,
    works: list[Work],
) -> Outcome:
    import duckdb

    rows_read = len(rows_of(recognition, works)) + sum(work.rows.elsewhere for work in works)
    filling = [work for work in works if work.table.match.layout.fills()]
    try:
        refuse_new_columns(filling)
        _ask_for_network(recognition.tables, evidence)
        notes = [note for work in filling for note in choose_columns(connection, work)]
        for work in filling:
            network = work.fields.get("network")
            if network and (network.default or network.extract) and evidence.network_for(work.table.match.spec):
                work.given.add("network")
        settled = settle(connection, filling, evidence)
        for work in filling:
            convert(connection, work, settled[work.name])
            keep_judged(connection, work, evidence, known=_said_once(draft))
            hold_back_kin(connection, work)
    except NeedsAnswer as question:
        connection.close()
        asked = str(question)
        way_out = "Answer it in roi.yml (answers:), or by a folder name: docs/settings.md"
        held = replace(draft, status="needs_answer", reason=f"{asked}. {way_out}", unknown=(asked,))
        return Outcome(replace(held, rows_read=rows_read, rows_ignored=rows_read))
    except (Unusable, duckdb.Error) as refusal:  # one file that cannot be converted never stops the others
        connection.close()
        if isinstance(refusal, duckdb.OutOfMemoryException) and works[0].body:
            raise
        return Outcome(replace(draft, reason=str(refusal).split("\n")[0], rows_read=rows_read, rows_ignored=rows_read))
    return _finish(connection, draft, recognition, works, evidence, notes=notes)


def _said_once(draft: Receipt) -> list[str]:
    """The fields that a file says once for all rows."""
    return [name for name, said in (("account", draft.account), ("network", draft.networks)) if said]


def _ask_for_network(tables: Sequence[Table], evidence: Evidence) -> None:
    """Ask where neither the content nor the place says which network (or which metric) a table is of.

    Raises:
        NeedsAnswer: with the question.
    """
    decided = {table.match.spec.source for table in tables if table.match.layout.content_decides} | evidence.identified
    for table in tables:
        layout, spec = table.match.layout, table.match.spec
        if not layout.fills():
            continue
        network = evidence.network_for(spec)
        is_placed = network or spec.source in {evidence.hints.source, *decided}
        if not layout.content_decides and not is_placed:
            raise NeedsAnswer(f"network: the columns are those of {spec.display_name}, and of others too")
        stated = layout.fields.get("network")
        said_in = {"network", stated.extract.column if stated and stated.extract else "network"}
        says_network = network or table.match.network or said_in & set(table.match.columns) or (stated and stated.const)
        if spec.kind == "tool" and not says_network:
            raise NeedsAnswer(f"network: an export of {spec.display_name} may be of any, and this one names none")
        if layout.titles and table.title is None:
            raise NeedsAnswer(f"metric: {table.title_text!r} is no known label of {spec.display_name}")
        if layout.titles and table.title and not table.title.network and not network:
            raise NeedsAnswer(
                f"network: {table.title_text!r} is written alike for {' and for '.join(sorted(spec.served))}"
            )


def _finish(
    connection: duckdb.DuckDBPyConnection,
    draft: Receipt,
    recognition: Recognition,
    works: list[Work],
    evidence: Evidence,
    *,
    notes: Sequence[str],
) -> Outcome:
    filling = [work for work in works if work.table.match.layout.fills()]
    quarantine = [row for work in filling for row in emit.quarantined(connection, work)]
    counts = counts_of(connection, recognition, works)
    start, end = emit.spoken_period(connection, filling)
    if filling and filling[0].table.match.layout.basis == "range":
        stated = evidence.period_of(filling[0].table)
        start, end = stated if any(stated) else (start, end)
    if any("period_end" in work.given for work in filling) and evidence.period[1]:
        end = max(end, evidence.period[1]) if end else evidence.period[1]
    if start is None and any(work.table.match.layout.basis in ("range", "span") for work in filling):
        start, end = evidence.period
    as_of = evidence.exported_on or evidence.period[1] or emit.exported_on(connection, filling, end) or end
    receipt = replace(
        draft,
        status="loaded" if filling else "ignored",
        account=draft.account or only_account(connection, filling),
        networks=draft.networks or found_networks(connection, filling, evidence),
        period_start=_iso(start),
        period_end=_iso(end),
        as_of=_iso(as_of),
        rows_read=sum(counts.values()),
        rows_loaded=counts["loaded"],
        rows_quarantined=counts["quarantined"],
        rows_ignored=counts["ignored"],
        unknown=unknowns(connection, filling, evidence, start),
        warnings=(*warnings_of(recognition, works, evidence), *notes_of(filling), *notes),
        parts=parts_of(recognition, works, quarantine),
        totals=tuple(total for work in filling if not work.table.aside for total in emit.totals(connection, work)),
        quarantine=tuple(quarantine),
    )
    receipt = replace(receipt, **verdict_of(receipt, works))

    def write_to(folder: Path) -> None:
        for index, work in enumerate(works):
            emit.write_original(connection, work, folder / f"original-{index}.parquet")
        if filling:
            write_rows(connection, filling, folder, evidence=evidence)

    return Outcome(receipt, write_to)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
