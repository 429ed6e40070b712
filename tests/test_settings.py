"""What roi.yml refuses: the key, the value and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.errors import NotReadyError
from pipelines.settings import Home, load_settings

REFUSED = {
    "no yaml": ("models: [", ["is no valid YAML"]),
    "unknown key": ("lookback: 30", ["lookback", "docs/settings.md"]),
    "no time zone": ("time_zone: Paris", ["time_zone", "'Paris'", "Europe/Paris"]),
    "shares below 100": (
        "models: [{name: mine, positions: {first: 40, last: 40}}]",
        ["models", "add up to 80 (first 40 + last 40 + others 0)", "change them so that they add up to 100"],
    ),
    "shares above 100": (
        "models: [{name: mine, stages: {first_touch: 60, opportunity: 60}}]",
        ["add up to 120", "change them so that they add up to 100"],
    ),
    "a weight below 0": ("models: [{name: mine, channels: {email: -1}}]", ["channels.email", "greater than or equal"]),
    "two ways to weigh": (
        "models: [{name: mine, half_life_days: 3, positions: {first: 50, last: 50}}]",
        ["half_life_days", "positions"],
    ),
    "a model that is none": ("models: [last_click]", ["'last_click' is no known model", "Known: first_touch"]),
    "a model twice": ("models: [linear, {name: a}, {name: a}]", ["'a' is declared twice", "Give one another name"]),
    "only totals": ("models: [markov]", ["markov credit no touches", "Add linear"]),
    "a window of no model": ("windows: [{days: 1, model: mine}]", ["windows: 'mine' is no known model"]),
    "a pattern that is none": (
        "utm: {network: {parameter: utm_source, pattern: '('}}",
        ["utm", "no regular expression"],
    ),
    "a pattern without a group": (
        "utm: {network: {parameter: utm_source, pattern: '[a-z]+'}}",
        ["has 0 groups", "brackets around the value"],
    ),
    "a pattern that looks ahead": (
        "utm: {network: {parameter: utm_source, pattern: '(a(?=b))'}}",
        ["looks around or back"],
    ),
    "a parameter with a blank": ("utm: {network: utm source}", ["utm.network.0.parameter"]),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_is_refused_with_what_to_do(tmp_path: Path, case: str) -> None:
    text, said = REFUSED[case]
    home = Home(tmp_path)
    home.settings_file.write_text(text, encoding="utf-8")
    with pytest.raises(NotReadyError) as refusal:
        load_settings(home)
    message = str(refusal.value)
    assert str(home.settings_file) in message
    for words in said:
        assert words in message


def test_a_parameter_may_stand_alone_or_be_none(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.settings_file.write_text("utm: {action_id: null, campaign: hsa_cam, network: [utm_source, hsa_net]}", "utf-8")
    utm = load_settings(home).utm
    assert utm.action_id == ()
    assert [part.parameter for part in utm.campaign] == ["hsa_cam"]
    assert [part.parameter for part in utm.network] == ["utm_source", "hsa_net"]
