"""Every whole file that the fuzz begins with, and what becomes of it once damaged."""

from __future__ import annotations

import io
import json
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineWorkbook

from pipelines.settings import Answer, Home, Settings
from pipelines.spec import load_specs
from tests.conformance.cases import cases, kind_of
from tests.fixtures.from_spec import fixture_of, locales_of
from tests.fuzz.mutations import Mutant, mutants
from tests.fuzz.oracle import Landed, judge, landed
from tests.fuzz.tables import Text, of_sheets, taken_apart


@dataclass(frozen=True)
class Subject:
    """A whole file: where it lands, its bytes, its owner's answers."""

    name: str
    path: str
    content: bytes
    settings: Settings
    table: Text | None


@dataclass(frozen=True)
class Outcome:
    """What became of one mutant."""

    subject: str
    number: int
    kind: str
    verdict: str


def subjects(only: str | None = None) -> Iterator[Subject]:
    """Every fixture of delimited text or sheets that is loaded, and every file that a specification makes of itself."""
    for case in cases():
        if case.status == "loaded" and only in (None, case.source):
            built = case.built()
            table = of_sheets(built) if kind_of(case.file) in ("xlsx", "xls") else None
            table = taken_apart(case.content()) if kind_of(case.file) == "text" else table
            yield Subject(case.id, case.path, case.content(), case.settings, table)
    for spec in load_specs().values():
        if only and spec.source != only:
            continue
        for layout in spec.layouts:
            for locale in locales_of(layout) if layout.fills() else ():
                made = fixture_of(spec, layout, locale, only_required=False)
                answer = Answer(files="*", year=2026, currency="EUR", network=next(iter(spec.networks), None))
                name = f"{layout.layout}.{locale}"
                path = f"{spec.source}/{made.file_name}"
                yield Subject(name, path, made.content, Settings(answers=(answer,)), taken_apart(made.content))


def exports(folder: Path, only: str | None = None) -> Iterator[Subject]:
    """Every real export of a folder that is loaded: ``expected.json`` beside them says which, and of what source."""
    known = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    for name, expected in sorted(known.items()):
        if expected["must"] != "load" or only not in (None, name.split("/")[0]):
            continue
        content = (folder / name).read_bytes()
        if name.endswith((".xlsx", ".xls")):
            table: Text | None = of_sheets(_sheets_of(content))
            content = table.to_bytes() if table else content
        else:
            table = taken_apart(content)
        yield Subject(name, name, content, Settings(), table)


def _sheets_of(content: bytes) -> dict[str, list[list[object]]]:
    """The typed cells of a real workbook."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    rows = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
    return {name: [[None if cell == "" else cell for cell in row] for row in sheet] for name, sheet in rows.items()}


def outcomes(subject: Subject, *, each: int, seed: int, number: int | None = None) -> Iterator[Outcome]:
    """Damage a subject ``each`` times; only the given ``number`` where one is named."""
    if subject.table is None:
        return
    with tempfile.TemporaryDirectory() as scratch:
        whole = landed(Home(Path(scratch) / "whole"), subject.path, subject.content, subject.settings)
        if whole.receipt.status != "loaded":
            yield Outcome(subject.name, -1, "whole", f"wrong: {whole.receipt.status}: {whole.receipt.reason}")
            return
        for index, mutant in enumerate(mutants(subject.table, f"{seed}:{subject.name}", each)):
            if number is None or number == index:
                yield Outcome(subject.name, index, mutant.kind, _verdict(subject, whole, mutant, scratch, index))


def _verdict(subject: Subject, whole: Landed, mutant: Mutant, scratch: str, index: int) -> str:
    home = Home(Path(scratch) / str(index))
    return judge(whole, mutant, landed(home, subject.path, mutant.content, subject.settings))


def table_of(found: list[Outcome]) -> str:
    """Counts by kind of damage and outcome, as text."""
    kinds = sorted({each.kind for each in found})
    verdicts = sorted({each.verdict.split(":")[0] for each in found})
    counts = Counter((each.kind, each.verdict.split(":")[0]) for each in found)
    lines = [f"{'damage':32}" + "".join(f"{verdict:>13}" for verdict in verdicts)]
    lines += [f"{kind:32}" + "".join(f"{counts[kind, verdict]:13}" for verdict in verdicts) for kind in kinds]
    total = Counter(each.verdict.split(":")[0] for each in found)
    lines.append(f"{'all':32}" + "".join(f"{total[verdict]:13}" for verdict in verdicts))
    return "\n".join(lines)
