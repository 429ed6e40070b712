"""A short soak: 20 kills at random moments, in two nights. ``make soak`` kills 200 times."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.soak.killing import kill_again_and_again, make_world, summary

pytestmark = [pytest.mark.slow, pytest.mark.timeout(2400)]


def test_whenever_a_run_is_killed_readers_see_a_whole_publication_and_the_next_run_mends_all(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    found = list(kill_again_and_again(world, tmp_path, kills=20, seed=20261126, rerun_every=10))
    assert len(found) == 20
    assert len({each.stage for each in found}) >= 3, summary(found)
    assert [each.fault for each in found if each.fault] == [], summary(found)
