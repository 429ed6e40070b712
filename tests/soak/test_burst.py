"""Twenty ingests at the same moment, each of its own file: whatever they got in each other's way, nothing is missed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.run import ingest
from pipelines.settings import Home, Settings
from pipelines.warehouse import open_warehouse
from tests.land.files import text, tweet, tweets

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

BURST = 20
VERB = "from pipelines.cli import main; main()"


def start(home: Home, path: Path, key: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", VERB, "--home", str(home.root), "ingest", str(path)]
    environment = os.environ | {"SOCIAL_ROI_KEY_FILE": str(key)}
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def test_a_burst_of_ingests_loses_and_doubles_no_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, key = Home(tmp_path / "home"), tmp_path / "key"
    monkeypatch.setenv("SOCIAL_ROI_KEY_FILE", str(key))
    folder = home.landing / "x" / "acme"
    folder.mkdir(parents=True)
    for number in range(BURST):
        rows = [tweets()[0], *(tweet(10 * number + each, f"{number + each}.0") for each in range(3))]
        (folder / f"{number:02}.csv").write_text(text(rows), encoding="utf-8")
    started = [start(home, path, key) for path in sorted(folder.iterdir())]
    ended = [(process.communicate()[1], process.returncode) for process in started]
    assert all("another run is writing" in told for told, code in ended if code), ended
    assert any(code == 0 for _, code in ended)
    assert len(list((home.lake / "receipts").glob("*.json"))) == BURST
    done = ingest(home, Settings())
    assert done.summary.statuses == {"loaded": BURST}
    with open_warehouse(home, read_only=True) as connection:
        found = connection.execute(
            """select count(*), count(distinct action_id), sum(impressions)
            from (select action_id, impressions from raw.action_metrics)"""
        ).fetchone()
    assert found == (3 * BURST, 3 * BURST, sum(number + each for number in range(BURST) for each in range(3)))
    assert ingest(home, Settings()).summary.unchanged
