"""Hold every real export beside the project against its independent reading, and print the table.

    .venv/bin/python scripts/exports_table.py [../shared/exports]

One line a file: what it is taken for, what became of its rows, and one metric's total on both sides. Exit status 1 when
a file is not treated as ``expected.json`` says, or any of its metrics differs.
"""

from __future__ import annotations

import json
import sys
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipelines.lake import Receipt
from pipelines.land import inspect_file
from pipelines.settings import Home, Settings
from pipelines.spec import load_specs

VERDICT = {"loaded": "load", "needs_answer": "ask", "ignored": "aux", "refused": "refuse"}


def found_totals(receipt: Receipt, expected: dict[str, Any]) -> list[tuple[str, Decimal, Decimal]]:
    """(native name, ours, expected) of each summable metric that both sides have."""
    pairs = []
    for metric in expected.get("metrics", {}).values():
        if metric.get("total") is None or metric.get("not_summable"):
            continue
        ours = [t.total for t in receipt.totals if t.native_name == metric["native_name"] and t.total is not None]
        if ours:
            rightly = [Decimal(str(total)) for total in (metric["total"], *metric.get("also_totals", []))]
            wanted = next((total for total in rightly if total in ours), rightly[0])
            pairs.append((metric["native_name"], wanted if wanted in ours else ours[0], wanted))
    return pairs


def main(folder: Path) -> int:
    """Print the table; the number of files that differ decides the exit status."""
    entries = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    wrong = 0
    print("| file | status (must) | format | read | loaded | quarantined | ignored | metric | ours | expected |")
    print("|---|---|---|--:|--:|--:|--:|---|--:|--:|")
    with tempfile.TemporaryDirectory() as scratch:
        home = Home(Path(scratch))
        for path, expected in sorted(entries.items()):
            if path.split("/")[0] not in load_specs():
                continue
            receipt = inspect_file(folder / path, home=home, settings=Settings())
            pairs = found_totals(receipt, expected) if receipt.status == "loaded" else []
            allowed = {expected["must"], *expected.get("also_acceptable", [])}
            is_wrong = VERDICT[receipt.status] not in allowed or any(ours != wanted for _, ours, wanted in pairs)
            wrong += is_wrong
            name, ours, wanted = pairs[0] if pairs else ("", "", "")
            counts = (receipt.rows_read, receipt.rows_loaded, receipt.rows_quarantined, receipt.rows_ignored)
            cells = [path, f"{receipt.status} ({expected['must']})", receipt.format, *counts, name, ours, wanted]
            print(f"| {' | '.join(str(cell) for cell in cells)} |" + (" **differs**" if is_wrong else ""))
    print(f"\n{wrong} files differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    default = Path(__file__).resolve().parents[2] / "shared" / "exports"
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else default))
