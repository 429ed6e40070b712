"""The walk-through of docs/adding-a-source.md, played for real: each command is run and its output written down."""

from __future__ import annotations

import difflib
import os
import tempfile
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from pathlib import Path

from click.testing import CliRunner

from pipelines.cli import main
from pipelines.spec import use_own_sources

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "adding-a-source.md"
EXAMPLE = ROOT / "docs" / "examples" / "clapboard"
BEGIN = "<!-- The walk-through is played and written down by `make docs`: change scripts/walkthrough.py. -->\n"
END = "<!-- End of the walk-through. -->\n"
EXPORT = "clapboard-stats.csv"
DRAFT = Path("var/sources/clapboard.yml")
EDITS = """\
The draft validates, and its fixture (`var/sources/fixtures/clapboard/`) has the shape of the export and none of its
values. It is a draft: files are inspected by it and not loaded. These are ten minutes of edits. Views of a story are
impressions, claps are reactions, the id is the end of the link, the times are UTC; reads and fans are nothing that
another network has, so they stay in the lake. Then `draft: true` goes out.
"""


def adding_page() -> str:
    """docs/adding-a-source.md with its walk-through played anew."""
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    with _elsewhere():
        played = "\n".join(_steps())
    return f"{before}{BEGIN}\n{played}\n{END}{after}"


@contextmanager
def _elsewhere() -> Iterator[None]:
    """An empty folder with the export in it, a key of its own, and afterwards no trace of either."""
    kept = {name: os.environ.get(name) for name in ("SOCIAL_ROI_KEY_FILE", "SOCIAL_ROI_HOME")}
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        os.environ["SOCIAL_ROI_KEY_FILE"] = str(Path(folder, "identifiers.key"))
        os.environ.pop("SOCIAL_ROI_HOME", None)
        Path(EXPORT).write_bytes((EXAMPLE / EXPORT).read_bytes())
        try:
            yield
        finally:
            use_own_sources(Path(folder, "nowhere"))
            for name, value in kept.items():
                os.environ.pop(name, None) if value is None else os.environ.update({name: value})


def _steps() -> Iterator[str]:
    """The pieces of the section, in order."""
    export = Path(EXPORT).read_text(encoding="utf-8")
    yield f"Clapboard is a small network that nothing here knows. This is its export, `{EXPORT}`:\n"
    yield _block("", export)
    yield "Nothing is loaded from it, and nothing is guessed:\n"
    yield _command("inspect", EXPORT)
    yield "So have a draft made. It goes into `sources/` of the home, where specifications of your own live:\n"
    yield _command("new-source", EXPORT, "--name", "clapboard")
    yield EDITS
    drafted = DRAFT.read_text(encoding="utf-8").splitlines(keepends=True)
    mended = (EXAMPLE / DRAFT.name).read_text(encoding="utf-8").splitlines(keepends=True)
    changed = difflib.unified_diff(drafted, mended, f"{DRAFT} (drafted)", f"{DRAFT} (mended)", n=0)
    yield _block("diff", "".join(changed))
    DRAFT.write_text("".join(mended), encoding="utf-8")
    yield "Look again. The totals are what the network's own total row says:\n"
    yield _command("inspect", EXPORT, "--columns")
    yield "And load it, with the rest of the night from here on:\n"
    yield _command("ingest", EXPORT)


def _command(*arguments: str) -> str:
    result = CliRunner().invoke(main, list(arguments), catch_exceptions=False)
    here = str(Path.cwd())
    told = (result.stdout + result.stderr).replace(f"{Path(here).resolve()}/", "").replace(f"{here}/", "")
    return _block("console", f"$ social-roi {' '.join(arguments)}\n{told}")


def _block(language: str, text: str) -> str:
    lines = (line.rstrip() for line in text.strip("\n").splitlines())
    return f"```{language}\n" + "\n".join(lines) + "\n```\n"
