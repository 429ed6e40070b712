"""What the members of a file are, and why none of them is known."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from pipelines.errors import UnreadableFileError
from pipelines.land.drift import renamed_note
from pipelines.land.headers import NearMiss
from pipelines.land.readers import Readings, Sheet
from pipelines.land.recognise import HEADER_SCAN_ROWS, NOWHERE, Recognition, recognise


def recognise_members(
    members: list[tuple[str, Readings]], place: PurePosixPath = NOWHERE
) -> tuple[Recognition, list[Sheet]]:
    """Recognise the tables of every member of the file at ``place``, each in the reading whose header is known.

    Raises:
        UnreadableFileError: no member can be read; one that can carries the others' errors as warnings.
    """
    whole, sheets = Recognition(), list[Sheet]()
    troubles: dict[str, list[str]] = {}
    for member, readings in members:
        chosen: Recognition | None = None
        try:
            for read in readings:
                found = recognise(read, place)
                if chosen is None or (found.tables and not chosen.tables):
                    chosen, kept = found, read
                if chosen.tables:
                    break
        except UnreadableFileError as error:
            if len(members) == 1:
                raise
            troubles.setdefault(error.what, []).append(member)
        if chosen is not None:
            whole.add(chosen)
            sheets += kept
            for note in dict.fromkeys(note for sheet in kept for note in sheet.notes):
                troubles.setdefault(note, []).append(member)
    whole.warnings += [_told(where, what) for what, where in troubles.items()]
    if not sheets:
        raise UnreadableFileError("; ".join(whole.warnings))
    return whole, sheets


def _told(members: Sequence[str], what: str) -> str:
    """What several members have in common, said once."""
    more = f" and {len(members) - 1} more" if len(members) > 1 else ""
    return f"{members[0]}{more}: {what}" if members[0] else what


def _is_near(miss: NearMiss) -> bool:
    _, _, layout, missing = miss
    return len(missing) * 2 <= sum(field.required for field in layout.fields.values()) or len(missing) == 1


def why_unknown(recognition: Recognition, folder: str | None) -> str:
    """Name the nearest known format and what it lacks, one of the folder's own source if there is any, or say that none
    is near: one that lacks more of what it must have than it has is not, whatever else it knows."""
    misses = [miss for miss in recognition.near_misses if miss[1].source == folder or _is_near(miss)]
    if not misses:
        return "no table in it has a header that any source knows: docs/adding-a-source.md says how to add one"
    _, spec, layout, missing = max(misses, key=lambda miss: (miss[1].source == folder, miss[0], -len(miss[3])))
    names = [next(iter(layout.fields[name].names.values()), (name,))[0] for name in missing]
    said = f"looks like {spec.display_name} ({layout.about}), but has no column {', '.join(map(repr, names))}"
    headers = [cell for _, row in recognition.strays[:HEADER_SCAN_ROWS] for cell in row.cells if 0 < len(cell) < 80]
    lacking = layout.fields.keys() - set(missing)
    note = renamed_note(layout, lacking, list(dict.fromkeys(headers)))
    return f"{said}; {note}" if note else said
