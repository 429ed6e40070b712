"""What every generated page is written with."""

from __future__ import annotations

from collections.abc import Iterable

GENERATED = "<!-- Made by `make docs`: change the source it names, not this page. -->\n\n"


def table(header: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A Markdown table; pipes and line breaks in cells are escaped."""
    lines = [list(header)]
    lines.append(["---"] * len(lines[0]))
    lines += [[" ".join(str(cell).replace("|", r"\|").split()) for cell in row] for row in rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines) + "\n"
