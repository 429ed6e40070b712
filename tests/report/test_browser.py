"""The page in a real browser with the network off: nothing complains, and the credit rule can be switched."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.report.browser import Browser, find_browser

pytestmark = pytest.mark.skipif(find_browser() is None, reason="needs chromium, which is not installed here")

VISIBLE_ROWS = """
[...document.querySelectorAll('tr[data-network]')].filter(row => row.getClientRects().length)
    .map(row => [...row.cells].map(cell => cell.textContent.trim()))
"""
HEADLINE = (
    "[...document.querySelectorAll('p.big')].filter(line => line.getClientRects().length).map(p => p.textContent)"
)


@pytest.fixture(scope="module")
def browser(report, tmp_path_factory) -> Iterator[Browser]:
    executable = find_browser()
    assert executable
    with Browser(executable, tmp_path_factory.mktemp("profile")) as browser:
        browser.open(report)
        yield browser


def test_one_model_is_shown_and_switching_changes_the_figures(browser, page):
    before = browser.run(VISIBLE_ROWS)
    headline = browser.run(HEADLINE)
    assert len(headline) == 1
    assert {tuple(row) for row in before} == {
        tuple(row) for (model, key), row in page.rows.items() if model == "linear" and key.startswith("data-network")
    }
    browser.run("document.querySelector('input[value=first_touch]').click()")
    after = browser.run(VISIBLE_ROWS)
    assert {tuple(row) for row in after} == {
        tuple(row)
        for (model, key), row in page.rows.items()
        if model == "first_touch" and key.startswith("data-network")
    }
    assert [row[0] for row in after][-1] == "Total"
    assert before != after
    assert len(browser.run(HEADLINE)) == 1
    rings = "[...document.querySelectorAll('.wide .chosen')].filter(c => c.getClientRects().length).length"
    assert browser.run(rings) == 8
    browser.run("document.querySelector('input[value=linear]').click()")
    assert browser.run(VISIBLE_ROWS) == before


def test_the_switch_works_from_the_keyboard(browser):
    browser.run("document.querySelector('input[value=linear]').focus()")
    for kind in ("rawKeyDown", "keyUp"):
        browser.call("Input.dispatchKeyEvent", type=kind, key="ArrowRight", code="ArrowRight", windowsVirtualKeyCode=39)
    assert browser.run("document.querySelector('input[name=model]:checked').value") == "position_based"
    browser.run("document.querySelector('input[value=linear]').click()")


CUT_OFF = """
[...document.querySelectorAll('table.counts tbody :is(td, th)')].filter(cell => cell.scrollWidth > cell.clientWidth
    || cell.getBoundingClientRect().right > cell.closest('.scroll').getBoundingClientRect().right + 1)
    .map(cell => cell.textContent + cell.dataset.label)
"""


@pytest.mark.parametrize("width", [360, 400, 768, 1280])
def test_nothing_spills_over_the_edge(browser, width):
    browser.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
    assert browser.run("document.documentElement.scrollWidth") <= width
    drawn = "[...document.querySelectorAll('svg.chart')].filter(s => s.getClientRects().length).length"
    assert browser.run(drawn) == 10, "each picture once, for this width"
    if width <= 720:
        assert browser.run(CUT_OFF) == [], "counts are stacked on a phone, not cut off"
    browser.call("Emulation.clearDeviceMetricsOverride")


CONTRAST = """
(() => {
  const light = c => { const [r, g, b] = c.match(/[0-9.]+/g).slice(0, 3).map(v => v / 255)
      .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126*r + 0.7152*g + 0.0722*b; };
  const behind = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor;
      if (c !== 'rgba(0, 0, 0, 0)') return c; } return 'rgb(255, 255, 255)'; };
  const ratio = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  return [...document.querySelectorAll('p, td, th, dt, dd, a, h1, h2, h3, li, caption, .rules span')]
      .filter(e => e.getClientRects().length)
      .map(e => [ratio(light(getComputedStyle(e).color), light(behind(e))), e.textContent.trim().slice(0, 40)])
      .filter(([r]) => r < 4.5);
})()
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_in_light_and_dark(browser, scheme):
    browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    dark = browser.run("matchMedia('(prefers-color-scheme: dark)').matches")
    assert dark == (scheme == "dark")
    assert browser.run(CONTRAST) == []
    browser.call("Emulation.setEmulatedMedia", features=[])


def test_on_paper_only_the_chosen_rule_is_named(browser):
    browser.call("Emulation.setEmulatedMedia", media="print")
    named = (
        "[...document.querySelectorAll('.rules label')].filter(l => l.getClientRects().length).map(l => l.textContent)"
    )
    assert browser.run(named) == ["Linear"]
    browser.call("Emulation.setEmulatedMedia", media="")


def test_nothing_was_asked_of_a_network_and_nothing_complained(browser):
    assert [address for address in browser.requests if not address.startswith(("file:", "data:"))] == []
    assert browser.complaints == []
