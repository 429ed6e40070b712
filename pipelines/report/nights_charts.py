"""The pictures of the page of runs: a run stage by stage, the runs before it, and each network's rhythm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from markupsafe import Markup

from pipelines.report.charts import Canvas
from pipelines.report.figures import MONTHS, duration, moment, shorten, whole
from pipelines.report.nights import RunShown
from pipelines.report.svg import EMPTY, bar, drawing, label, line, scale, tag, ticks
from pipelines.rhythm import GRACE_DAYS

STYLES = {"done": "social", "nothing_new": "other", "running": "none"}
"""How a run is coloured; whatever ended badly is hollow, so that it is told without colour."""

BADLY = "loss"
ROOM = 3
"""The axis of rhythms ends at so many times the longest rhythm: a network silent for years must not flatten all."""


def stage_bars(run: RunShown, canvas: Canvas) -> Markup:
    """A bar for each stage and for the checks after it, in the order in which they ran."""
    narrow = canvas.is_narrow
    left, step = (0.0, 44.0) if narrow else (200.0, 30.0)
    middle = canvas.width - left - 90
    highest = max((stage.seconds for stage in run.stages), default=0.0)
    body = EMPTY
    for index, stage in enumerate(run.stages):
        y = step * index + (22 if narrow else 6)
        name = shorten(stage.name.replace("_", " "), 30)
        at = (0.0, y - 6) if narrow else (left - 12, y + 14)
        body += label(name, *at, anchor=None if narrow else "end", class_="name")
        width = max(scale(stage.seconds, highest, middle), 1.0)
        words = f"{stage.name}: {duration(stage.seconds)}"
        style = BADLY if stage.is_end else "other" if stage.is_check else "social"
        body += bar(left, y, width, 18, class_=style, hint=words)
        body += label(duration(stage.seconds), left + width + 8, y + 14, class_="value")
    said = "; ".join(f"{stage.name} {duration(stage.seconds)}" for stage in run.stages) or "no stage ended"
    return drawing(
        body,
        width=canvas.width,
        height=step * len(run.stages) + 8,
        key=canvas.key,
        title="How long each stage of the last run took",
        description=said + ".",
    )


def run_columns(runs: Sequence[RunShown], canvas: Canvas) -> Markup:
    """A column for each run, the oldest first, as high as it took; one that was killed is as high as it worked."""
    left, top, height = 62.0, 10.0, 190.0
    floor = height - 26.0
    shown = list(reversed(runs[: 12 if canvas.is_narrow else len(runs)]))
    axis = _minutes(max((_long(run) for run in shown), default=0.0))
    body = EMPTY
    for value in axis:
        y = floor - scale(value, axis[-1], floor - top)
        body += line(left, y, canvas.width, y, class_="grid")
        body += label(duration(value) if value else "0", left - 6, y + 4, anchor="end", class_="tick")
    slot = min((canvas.width - left - 4) / max(len(shown), 1), 64.0)
    every = max(1, ceil(len(shown) / (4 if canvas.is_narrow else 12)))
    for index, run in enumerate(shown):
        x, size = left + slot * index, max(scale(_long(run), axis[-1], floor - top), 2.0)
        words = f"{moment(run.started_at)}: {run.words}, {duration(_long(run))}"
        body += bar(x + slot * 0.12, floor - size, slot * 0.76, size, class_=STYLES.get(run.outcome, BADLY), hint=words)
        if (len(shown) - 1 - index) % every == 0:
            day = f"{run.started_at.day} {MONTHS[run.started_at.month - 1]}"
            body += label(day, x + slot / 2, height - 8.0, anchor="middle", class_="tick")
    badly = sum(not run.ended_well and run.outcome != "running" for run in shown)
    said = f"{whole(len(shown))} runs, {whole(badly)} of which did not end well"
    longest = max(shown, key=_long, default=None)
    if longest:
        said += f"; the longest took {duration(_long(longest))}, on {moment(longest.started_at)}"
    title = "How long the last runs took, and how they ended"
    return drawing(body, width=canvas.width, height=height, key=canvas.key, title=title, description=said + ".")


def _long(run: RunShown) -> float:
    return run.took if run.took is not None else run.worked


def _minutes(highest: float) -> list[float]:
    """Round times from 0 to at least ``highest`` seconds: steps of minutes where it is minutes, else of seconds."""
    unit = next((unit for unit in (3600, 60) if highest > 2 * unit), 1)
    return [value * unit for value in ticks(highest / unit, count=3)] if highest > 0 else [0.0]


@dataclass(frozen=True)
class Rhythm:
    """One network: the days since the last day of its metrics, and the usual days between its exports."""

    network: str
    display_name: str
    days_behind: int
    usual_gap_days: float | None
    is_late: bool | None

    @property
    def due_after(self) -> int | None:
        """The days after which the next export is overdue; None without a rhythm."""
        return None if self.usual_gap_days is None else ceil(self.usual_gap_days) + GRACE_DAYS

    @property
    def words(self) -> str:
        behind = f"{whole(self.days_behind)} day{'' if self.days_behind == 1 else 's'} behind"
        if self.due_after is None:
            return f"{behind}, no rhythm yet"
        return f"{behind}, {'late' if self.is_late else 'in time'}: due after {whole(self.due_after)}"


def rhythm_bars(rows: Sequence[Rhythm], canvas: Canvas) -> Markup:
    """For each network how far its data are behind; the track is what its own rhythm allows."""
    narrow = canvas.is_narrow
    left, step, top = (0.0, 46.0, 0.0) if narrow else (160.0, 32.0, 0.0)
    middle = canvas.width - left - (0 if narrow else 190)
    allowed = max((row.due_after or 0 for row in rows), default=0)
    most = float(min(max([row.days_behind for row in rows] + [allowed, 1]), ROOM * max(allowed, 5)))
    body = EMPTY
    for index, row in enumerate(rows):
        y = top + step * index + (24 if narrow else 8)
        behind, due = min(float(row.days_behind), most), row.due_after
        style = BADLY if row.is_late else "social" if row.is_late is False else "other"
        name_at = (0.0, y - 8) if narrow else (left - 12, y + 12)
        body += label(shorten(row.display_name, 21), *name_at, anchor=None if narrow else "end", class_="name")
        if due is not None:
            body += tag("rect", x=left, y=y, width=scale(float(due), most, middle), height=16, rx=2, class_="track")
        width = max(scale(behind, most, middle), 2.0)
        body += bar(left, y + 3, width, 10, class_=style, hint=f"{row.display_name}: {row.words}")
        if due is not None:
            x = left + scale(float(due), most, middle)
            body += line(x, y - 2, x, y + 18, class_="cost-mark")
        said = f"{whole(row.days_behind)} d{' →' if row.days_behind > most else ''}{' late' if row.is_late else ''}"
        if narrow:
            body += label(said, canvas.width, y - 8, anchor="end", class_="value" if row.is_late else "quiet")
        else:
            reach = max(width, scale(float(due or 0), most, middle))
            body += label(said, left + reach + 10, y + 12, class_="value" if row.is_late else "quiet")
    return drawing(
        body,
        width=canvas.width,
        height=top + step * len(rows) + 6,
        key=canvas.key,
        title="Days behind of each network, held against its own rhythm",
        description="; ".join(f"{row.display_name}: {row.words}" for row in rows) + ".",
    )
