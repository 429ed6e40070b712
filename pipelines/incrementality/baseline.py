"""What sales would do without social media, as columns that are projected out: level, trend, season, week, the end of
the year, controls."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipelines.incrementality.evidence import Floats, Panel

KNOT_DAYS = 120
"""A knot of the trend about every so many days: slow enough that it does not follow campaigns."""
YEAR = 365.25
TWO_YEARS = 540
"""From so many days on, what comes back every year can be told from what does not."""


A_YEAR = 365
"""From so many days on, the days of the year's end are few beside all others, and can be given levels of their own."""


def baseline(panel: Panel) -> Floats:
    """(T, P) columns: trend (natural cubic splines), day of the week, yearly waves and the year's end where the panel
    is long enough, and the panel's controls; scaled, and without columns that say nothing new. Of a panel whose sales
    are known by week, sums over weeks (W, P)."""
    place = np.arange(panel.days, dtype=float)
    weekday = (panel.dates.astype("datetime64[D]").astype(np.int64) + 3) % 7
    columns = [np.ones(panel.days), *_splines(place / max(1, panel.days - 1), panel.days // KNOT_DAYS)]
    columns += [(weekday == day).astype(float) for day in range(6)]
    if panel.days >= TWO_YEARS:
        for wave in (1, 2):
            columns += [np.sin(2 * np.pi * wave * place / YEAR), np.cos(2 * np.pi * wave * place / YEAR)]
    if panel.days >= A_YEAR:
        columns += year_end(panel.dates)
    columns += [(column - column.mean()) / column.std() for column in panel.controls.T if column.std() > 0]
    return _independent(panel.observed(np.stack(columns, axis=1)))


def year_end(dates: NDArray[np.datetime64]) -> list[Floats]:
    """(T,) each: Black Friday to Cyber Monday, 1 to 23 December, 24 December to 1 January. Sales and advertising both
    leap there, whatever one owes to the other. Other holidays differ by country: they are controls."""
    days = dates.astype("datetime64[D]")
    month = days.astype("datetime64[M]").astype(np.int64) % 12 + 1
    day = (days - days.astype("datetime64[M]")).astype(np.int64) + 1
    november = days - (day - 1)  # its first; (x + 3) % 7 is the day of the week from Monday on
    thursday = (3 - (november.astype(np.int64) + 3)) % 7 + 22
    friday = (month == 11) & (day > thursday) & (day <= thursday + 4)
    friday |= (month == 12) & (day <= _monday_in_december(days, day))
    advent = (month == 12) & (day <= 23)
    between = ((month == 12) & (day >= 24)) | ((month == 1) & (day == 1))
    return [column.astype(float) for column in (friday, advent, between)]


def _monday_in_december(days: NDArray[np.datetime64], day: NDArray[np.int64]) -> NDArray[np.int64]:
    """The day of December on which Cyber Monday falls, where it does; at most 2, else 0 or less."""
    first = (days - (day - 1)).astype(np.int64) - 30  # the first of November, for days of December
    return (3 - (first + 3)) % 7 + 22 + 4 - 30


def _splines(place: Floats, knots: int) -> list[Floats]:
    """A straight line and cubic pieces between knots, natural at both ends (Hastie et al., The Elements of Statistical
    Learning, 5.2.1)."""
    ends = np.linspace(0, 1, max(2, knots + 1))

    def piece(knot: float) -> Floats:
        def cube(at: float) -> Floats:
            cubed: Floats = np.maximum(place - at, 0) ** 3
            return cubed

        found: Floats = (cube(knot) - cube(ends[-1])) / (ends[-1] - knot)
        return found

    last = piece(ends[-2])
    return [place, *(piece(knot) - last for knot in ends[:-2])]


def _independent(columns: Floats) -> Floats:
    """Without columns that others make up already."""
    kept: list[int] = []
    for index in range(columns.shape[1]):
        trial = columns[:, [*kept, index]]
        if np.linalg.matrix_rank(trial, tol=1e-8 * len(trial)) == len(kept) + 1:
            kept.append(index)
    return columns[:, kept]
