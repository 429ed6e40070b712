"""``social-roi new-source``: a network of one's own, from one of its exports."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click

from pipelines.cli.session import Result, Session, verb
from pipelines.errors import UsageError
from pipelines.spec import load_specs, parse_spec, use_own_sources


@click.command("new-source")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--name", help="The source's name, such as mynetwork. Default: from the file's name.")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="Where to write. Default: sources/ in the home."
)
@verb
def new_source(session: Session, *, file: Path, name: str | None, out: Path | None) -> Result:
    """Draft how to read a FILE that no source knows yet: a specification, and a fixture of invented values.

    What the draft is unsure of is marked "# ?" in it. Specifications in sources/ in the home are read beside the
    built-in ones, so FILE is read by the draft at once: look at it with `social-roi inspect FILE`, mend the draft,
    look again. docs/adding-a-source.md goes through it.
    """
    from pipelines.land import draft

    source = name or re.sub(r"[^a-z0-9]+", "_", file.stem.lower()).strip("_")
    if not re.fullmatch("[a-z][a-z0-9_]*", source):
        raise UsageError(f"{source!r} cannot name a source", remedy="Give one: --name mynetwork")
    folder = out or session.prepare().sources
    target = folder / f"{source}.yml"
    if source in load_specs() or target.exists():
        raise UsageError("there is such a source already", where=source, remedy="Give another name: --name")
    drafted = draft.draft_source(file, source=source)
    text = draft.spec_text(drafted)
    parse_spec(text, where=target.name)
    fixtures = folder / "fixtures" / source
    written = {target: text, fixtures / "expected.yml": draft.expected_text(drafted)}
    for number, table in enumerate(drafted.tables, start=1):
        written[fixtures / draft.fixture_name(drafted, number)] = draft.fixture_text(drafted, table)
    for path, content in written.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    use_own_sources(folder)
    told = {
        "source": source,
        "written": [str(path) for path in written],
        "layouts": [layout.layout for layout in load_specs()[source].layouts],
        "unsure": list(
            dict.fromkeys(line.strip() for line in text.splitlines() if "# ?" in line and not line.startswith("#"))
        ),
    }
    return Result(told, lambda console: _show(console, told, file))


def _show(console: Any, told: dict[str, Any], file: Path) -> None:
    for path in told["written"]:
        console.print(f"[green]wrote[/] {path}", soft_wrap=True)
    console.print(f"\n[bold]{len(told['unsure'])} lines to look at[/], each marked # ? in the first of these:")
    for line in told["unsure"]:
        text, _, doubt = line.partition("# ?")
        shown = text.strip() if len(text.strip()) < 60 else text.strip()[:57] + "..."
        console.print(f"  {_escape(shown)}  [yellow]# ?{_escape(doubt)}[/]", soft_wrap=True)
    console.print(f"\nThen: social-roi inspect --columns {_escape(file)}", soft_wrap=True)


def _escape(text: Any) -> str:
    from rich.markup import escape

    return escape(str(text))
