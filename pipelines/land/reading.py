"""One reading of one file: recognise, settle, convert, and write the receipt."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from pipelines.errors import UnreadableFileError
from pipelines.lake import Receipt
from pipelines.land import emit
from pipelines.land.columns import choose_columns
from pipelines.land.convert import Work, convert, load_text
from pipelines.land.evidence import Evidence, gather
from pipelines.land.outcome import NeedsAnswer, Unusable
from pipelines.land.readers import Readings, Sheet, read_members
from pipelines.land.recognise import Recognition, Table, recognise
from pipelines.land.settle import settle
from pipelines.land.structure import CAPPED_NOTE
from pipelines.land.tally import fates_of, parts_of, rows_of, unknowns, warnings_of
from pipelines.settings import Settings
from pipelines.spec import all_specs_version, load_specs
from pipelines.warehouse import open_memory

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


def source_of(content: bytes, *, name: str) -> str | None:
    """The source whose format a file has; None where it has none."""
    try:
        recognition, _ = _recognise(read_members(content, name=name))
    except UnreadableFileError:
        return None
    return recognition.tables[0].match.spec.source if recognition.tables else None


def read_file(relative: PurePosixPath, content: bytes, settings: Settings) -> Outcome:
    """Read a file that lies (or would lie) at ``relative`` below ``landing/``. Never raises for what a file holds:
    a refusal is a receipt too."""
    sha256 = hashlib.sha256(content).hexdigest()
    draft = Receipt(
        reading_id=reading_id(sha256, relative, settings, None),
        file_sha256=sha256,
        path=str(relative),
        spec_version=all_specs_version(),
        status="refused",
    )
    try:
        recognition, sheets = _recognise(read_members(content, name=str(relative)))
    except UnreadableFileError as error:
        return Outcome(replace(draft, reason=f"{error.what}. {error.remedy}" if error.remedy else error.what))
    if not recognition.tables:
        return Outcome(replace(draft, encoding=sheets[0].encoding, reason=_why_unknown(recognition)))
    evidence = gather(relative, recognition, sheets, settings)
    spec = recognition.tables[0].match.spec
    draft = replace(
        draft,
        reading_id=reading_id(sha256, relative, settings, spec.source),
        spec_version=spec.version,
        **_description(recognition.tables, sheets, evidence),
    )
    return _read_tables(draft, recognition, evidence)


def _recognise(members: list[tuple[str, Readings]]) -> tuple[Recognition, list[Sheet]]:
    """Recognise the tables of every member, each in the reading whose header is known.

    Raises:
        UnreadableFileError: no member can be read; one that can carries the others' errors as warnings.
    """
    whole, sheets = Recognition(), list[Sheet]()
    for member, readings in members:
        chosen: Recognition | None = None
        try:
            for read in readings:
                found = recognise(read)
                if chosen is None or (found.tables and not chosen.tables):
                    chosen, kept = found, read
                if chosen.tables:
                    break
        except UnreadableFileError as error:
            if len(members) == 1:
                raise
            whole.warnings.append(f"{member}: {error.what}")
        if chosen is not None:
            whole.add(chosen)
            sheets += kept
    if not sheets:
        raise UnreadableFileError("; ".join(whole.warnings))
    return whole, sheets


def _why_unknown(recognition: Recognition) -> str:
    """Name the nearest known format and what it lacks, or say that none is near."""
    if not recognition.near_misses:
        return "no table in it has a header that any source knows: docs/adding-a-source.md says how to add one"
    _, spec, layout, missing = max(recognition.near_misses, key=lambda miss: miss[0])
    names = [next(iter(layout.fields[name].names.values()), (name,))[0] for name in missing]
    return f"looks like {spec.display_name} ({layout.about}), but has no column {', '.join(map(repr, names))}"


def _description(tables: Sequence[Table], sheets: Sequence[Sheet], evidence: Evidence) -> dict[str, Any]:
    filling = [table for table in tables if table.match.layout.fills()] or list(tables)
    locales: Counter[str] = sum((table.match.locales for table in tables), Counter())
    best = max(locales.values(), default=0)
    spoken = sorted(locale for locale, count in locales.items() if count == best)
    networks = {table.title.network for table in tables if table.title and table.title.network}
    networks |= {spec.const for table in tables if (spec := table.match.layout.fields.get("network")) and spec.const}
    return {
        "source": tables[0].match.spec.source,
        "format": "+".join(dict.fromkeys(table.match.layout.format for table in filling)),
        "networks": tuple(sorted(networks)),
        "account": evidence.known_account,
        "locale": ("en" if "en" in spoken else spoken[0]) if spoken else None,
        "encoding": sheets[0].encoding,
        "grain": " and ".join(dict.fromkeys(table.match.layout.grain for table in filling)),
    }


def _read_tables(draft: Receipt, recognition: Recognition, evidence: Evidence) -> Outcome:
    import duckdb

    connection = open_memory()
    works = load_text(connection, recognition.tables)
    rows_read = len(rows_of(recognition, works))
    filling = [work for work in works if work.table.match.layout.fills()]
    try:
        _ask_for_network(recognition.tables, evidence)
        notes = [note for work in filling for note in choose_columns(connection, work)]
        settled = settle(connection, filling, evidence)
        for work in filling:
            convert(connection, work, settled[work.name])
    except NeedsAnswer as question:
        connection.close()
        asked = str(question)
        way_out = "Answer it in roi.yml (answers:), or by a folder name: docs/settings.md"
        held = replace(draft, status="needs_answer", reason=f"{asked}. {way_out}", unknown=(asked,))
        return Outcome(replace(held, rows_read=rows_read, rows_ignored=rows_read))
    except (Unusable, duckdb.Error) as refusal:  # one file that cannot be converted never stops the others
        connection.close()
        return Outcome(replace(draft, reason=str(refusal).split("\n")[0], rows_read=rows_read, rows_ignored=rows_read))
    return _finish(connection, draft, recognition, works, evidence, notes=notes)


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
        if layout.titles and table.title is None:
            raise NeedsAnswer(f"metric: {table.title_text!r} is no known label of {spec.display_name}")
        if layout.titles and table.title and not table.title.network and not network:
            raise NeedsAnswer(
                f"network: {table.title_text!r} is written alike for {' and for '.join(sorted(spec.networks))}"
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
    fates = fates_of(connection, recognition, works)
    counts = Counter(fates.values())
    start, end = emit.spoken_period(connection, filling)
    as_of = evidence.exported_on or evidence.period[1] or end
    receipt = replace(
        draft,
        status="loaded" if filling else "ignored",
        account=draft.account or _only_account(connection, filling),
        networks=draft.networks or _found_networks(connection, filling, evidence),
        period_start=_iso(start),
        period_end=_iso(end),
        as_of=_iso(as_of),
        rows_read=len(fates),
        rows_loaded=counts["loaded"],
        rows_quarantined=counts["quarantined"],
        rows_ignored=counts["ignored"],
        unknown=unknowns(filling, evidence, start),
        warnings=(*warnings_of(recognition, works, evidence), *notes),
        parts=parts_of(recognition, works, quarantine),
        totals=tuple(total for work in filling for total in emit.totals(connection, work)),
        quarantine=tuple(quarantine),
    )
    receipt = replace(receipt, **_verdict(receipt, works))

    def write_to(folder: Path) -> None:
        for index, work in enumerate(works):
            emit.write_original(connection, work, folder / f"original-{index}.parquet")
        if filling:
            emit.write_rows(connection, filling, folder, sha256=receipt.file_sha256, evidence=evidence, as_of=as_of)

    return Outcome(receipt, write_to)


def _verdict(receipt: Receipt, works: Sequence[Work]) -> dict[str, Any]:
    """The status of a file that could be read, and its reason where it is not simply loaded."""
    if receipt.status == "ignored":
        return {"status": "ignored", "reason": works[0].table.match.layout.ignored_because}
    data_rows = receipt.rows_loaded + receipt.rows_quarantined
    if data_rows == 0:
        return {"status": "loaded", "reason": "no data rows: a header and nothing below it"}
    if receipt.rows_loaded == 0:
        first = receipt.quarantine[0]
        return {
            "status": "refused",
            "reason": f"every row was refused; line {first.row_number}: {first.reason}",
        }
    capped = any(reason == CAPPED_NOTE for work in works for _, reason in work.rows.ignored)
    return {"status": "loaded", "reason": "capped: the network cut this export" if capped else None}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _distinct(connection: duckdb.DuckDBPyConnection, works: Sequence[Work], name: str) -> list[str]:
    found: set[str] = set()
    for work in works:
        if name in work.fields and (name in work.columns or work.fields[name].extract):
            rows = connection.execute(
                f"select distinct v_{name} from {work.name}_done where problem is null and v_{name} is not null"
            ).fetchall()
            found |= {row[0] for row in rows}
    return sorted(found)


def _only_account(connection: duckdb.DuckDBPyConnection, works: Sequence[Work]) -> str | None:
    accounts = _distinct(connection, works, "account")
    return accounts[0] if len(accounts) == 1 else None


def _found_networks(
    connection: duckdb.DuckDBPyConnection, works: Sequence[Work], evidence: Evidence
) -> tuple[str, ...]:
    networks = _distinct(connection, works, "network")
    network = evidence.network_for(works[0].table.match.spec) if works else None
    return tuple(networks) or ((network,) if network else ())
