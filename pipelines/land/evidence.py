"""What is known of a file besides its tables: its place, its name, its archive, its owner's answers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import PurePosixPath
from typing import Any

from pipelines.land.networks import network_named
from pipelines.land.readers import Sheet
from pipelines.land.recognise import Recognition, Table
from pipelines.land.words import fold, words
from pipelines.settings import Settings
from pipelines.spec import FileName, SourceSpec, load_specs

_EPOCH = re.compile(r"(?<!\d)(1[4-9]\d{8}(?:\d{3})?)(?!\d)")


@dataclass(frozen=True)
class Hints:
    """What the folders below ``landing/`` say: ``landing/<source or network>/[<account>|<network>|<year>]/``."""

    source: str | None = None
    network: str | None = None
    account: str | None = None
    year: int | None = None


@dataclass
class Evidence:
    """Everything that may settle what a file's content leaves open."""

    hints: Hints
    answers: dict[str, Any]
    exported_on: date | None = None
    period: tuple[date | None, date | None] = (None, None)
    account: str | None = None
    network: str | None = None
    identified: set[str] = field(default_factory=set)
    periods: dict[str, tuple[date, date]] = field(default_factory=dict)

    def period_of(self, table: Table) -> tuple[date | None, date | None]:
        """The period that the lines above a table state, else the file's."""
        return self.periods.get(table.name, self.period)

    def network_for(self, spec: SourceSpec) -> str | None:
        """The network that the owner or the file's name says, or the folder where it is one of this source's; a tool's
        files may be of any network, a template's are of the one that the owner names."""
        named = self.answers.get("network") or self.network or self.hints.network
        if spec.kind == "tool":
            return named
        return named if named in spec.served else self.answers.get("network") if spec.kind == "template" else None

    @property
    def known_account(self) -> str | None:
        return self.answers.get("account") or self.account or self.hints.account

    def last_day(self) -> date | None:
        """The latest day that the file can speak of, for dates without a year: where it was exported it may have been a
        day later than the clock of its stamp says."""
        if "year" in self.answers:
            return date(int(self.answers["year"]), 12, 31)
        if self.hints.year:
            return date(self.hints.year, 12, 31)
        return self.period[1] or (self.exported_on + timedelta(days=1) if self.exported_on else None)


def hints_from(path: PurePosixPath) -> Hints:
    """Read the folders of a path below ``landing/``."""
    specs = load_specs()
    networks = {network: spec.source for spec in specs.values() for network in spec.networks}
    source = network = account = None
    year = None
    for part in path.parts[:-1]:
        if source is None and part in specs:
            source = part
        elif part in networks:
            source, network = source or networks[part], part
        elif re.fullmatch(r"20\d{2}", part):
            year = int(part)
        else:
            account = part
    if source and network is None and len(specs[source].served) == 1:
        network = specs[source].served[0]
    return Hints(source, network, account if source else None, year)


def _from_epoch(digits: str) -> date:
    """The day of a Unix time in seconds (10 digits) or milliseconds (13)."""
    return datetime.fromtimestamp(int(digits[:10]), tz=UTC).date()


def _day(text: str, order: str | None = None) -> date | None:
    """A day in a file name or a line: 20210131, 2021-01-31, Jan-31-2021 or Jan 31, 2021. Of 8/1/2021 the order must be
    known."""
    digits = re.fullmatch(r"(\d{4})[-_/]?(\d{2})[-_/]?(\d{2})", text)
    named = re.fullmatch(r"([^\W\d]{3,10})\.?[- ](\d{1,2}),?[- ](\d{4})", text)
    doubtful = re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", text) if order else None
    try:
        if doubtful:
            first, second, year = (int(part) for part in doubtful.groups())
            return date(year, first, second) if order == "mdy" else date(year, second, first)
        if digits:
            return date(*(int(part) for part in digits.groups()))
        if named and fold(named.group(1)) in words().months:
            return date(int(named.group(3)), words().months[fold(named.group(1))], int(named.group(2)))
    except ValueError:
        return None
    return None


def _apply_file_name(evidence: Evidence, pattern: FileName, names: Iterable[str], source: str) -> None:
    for name in names:
        found = re.search(pattern.pattern, unicodedata.normalize("NFC", name))  # macOS sets accents apart
        if not found:
            continue
        groups = {key: value for key, value in found.groupdict().items() if value}
        start, end = (_day(groups.get(name, ""), pattern.day_order) for name in ("from", "to"))
        if end and pattern.end_exclusive:
            end -= timedelta(days=1)
        if start and end:
            evidence.period = (start, end)
        if "epoch" in groups:
            evidence.exported_on = _from_epoch(groups["epoch"])
        elif _day(groups.get("exported", "")):
            evidence.exported_on = _day(groups["exported"])
        evidence.account = evidence.account or groups.get("account")
        if "network" in groups:
            evidence.network = network_named(groups["network"])
        if pattern.identifies:
            evidence.identified.add(source)
        return


def gather(path: PurePosixPath, recognition: Recognition, sheets: list[Sheet], settings: Settings) -> Evidence:
    """Collect the evidence for a file at ``path`` (below ``landing/``)."""
    evidence = Evidence(hints_from(path), settings.answer_for(path))
    stamps = [sheet.stamped for sheet in sheets if sheet.stamped]
    epoch = _EPOCH.search(path.name)
    if epoch:
        evidence.exported_on = _from_epoch(epoch.group(1))
    elif stamps:
        evidence.exported_on = max(stamps)
    names = [path.name, *(sheet.name for sheet in sheets if sheet.name)]
    for table in recognition.tables:
        for pattern in table.match.layout.file_names:
            _apply_file_name(evidence, pattern, names, table.match.spec.source)
    for table in reversed(recognition.tables):  # what stands above the first speaks for the file
        for pattern in table.match.layout.lines_above:
            _apply_file_name(evidence, pattern, [table.above], table.match.spec.source)
            start, end = evidence.period
            if start and end and "(?P<from>" in pattern.pattern and re.search(pattern.pattern, table.above):
                evidence.periods[table.name] = (start, end)
    start, end = evidence.answers.get("period_start"), evidence.answers.get("period_end")
    if start and end:
        evidence.period = (date.fromisoformat(start), date.fromisoformat(end))
    return evidence
