"""From files to published touches: links, marks, codes and answers, with the networks as they are specified."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from pipelines.cli import main

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

SETTINGS = """
models: [linear, last_touch]
utm:
  network: [{parameter: utm_campaign, pattern: '^([a-z]+)_', names: {ig: instagram}}, utm_source]
  campaign: [{parameter: utm_campaign, pattern: '^[a-z]+_([a-z]+)_'}, utm_campaign]
  action_id: [{parameter: utm_campaign, pattern: '_([0-9]{5,})$'}, utm_content]
"""
FILES = {
    "touchpoints/touches.csv": """touch_id,customer_id,touched_at,landing_url,referrer,utm_campaign
li-ad,c1,2026-03-01T10:00:00Z,https://acme.example/?li_fat_id=1-2-3,,
li-link,c1,2026-03-01T11:00:00Z,https://acme.example/,https://lnkd.in/e1xY,
search-ad,c1,2026-03-01T12:00:00Z,https://acme.example/?gclid=Cj0K,https://www.google.com/,
meta,c1,2026-03-01T13:00:00Z,https://acme.example/?fbclid=IwAR0,,
meta-ig,c1,2026-03-01T14:00:00Z,https://acme.example/?fbclid=PAZX,https://l.instagram.com/,
short,c1,2026-03-01T15:00:00Z,https://go.acme.example/spring?fbclid=IwAR1,,
convention,c1,2026-03-01T16:00:00Z,https://acme.example/,,ig_spring_17841400000000001
columns-of-the-link,c1,2026-03-01T17:00:00Z,https://acme.example/?utm_source=youtube&utm_campaign=Big+Launch,,
""",
    "orders/orders.csv": """order_id,customer_id,ordered_at,revenue,currency,discount_code,How did you hear about us?
A,c1,2026-03-02T10:00:00Z,80,EUR,,TikTok
B,c2,2026-03-02T10:00:00Z,10,EUR,JANE-77X,
C,c3,2026-03-02T10:00:00Z,10,EUR,,I think I saw you on TikTok!
D,c4,2026-03-02T10:00:00Z,10,EUR,,Facebook or Instagram
E,c5,2026-03-02T10:00:00Z,10,EUR,SUMMER,a friend
""",
    "marks/marks.csv": """mark_type,mark,network,campaign,seller_id
short_link,go.acme.example/spring,linkedin,spring,
discount_code,jane-*,instagram,creators,jane
""",
}
PUBLISHED = {
    "li-ad": ("linkedin_paid", "linkedin", None, None, "network", "click_id"),
    "li-link": ("linkedin", "linkedin", None, None, "network", "referrer"),
    "search-ad": ("paid_search", None, None, None, "channel", None),
    "meta": ("organic_social", None, None, None, "channel", None),
    "meta-ig": ("instagram", "instagram", None, None, "network", "referrer"),
    "short": ("linkedin", "linkedin", "spring", None, "campaign", "short_link"),
    "convention": ("instagram", "instagram", "spring", None, "campaign", "utm"),
    "columns-of-the-link": ("youtube", "youtube", "Big Launch", None, "campaign", "utm"),
    "code:B": ("instagram", "instagram", "creators", "instagram:jane-*", "action", "discount_code"),
    "said:order:C": ("tiktok", "tiktok", None, None, "network", "self_reported"),
    "said:order:D": ("organic_social", None, None, None, "channel", "self_reported"),
}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("touches")
    (home / "roi.yml").write_text(SETTINGS, encoding="utf-8")
    for path, text in FILES.items():
        file = home / "landing" / path
        file.parent.mkdir(parents=True)
        file.write_text(text, encoding="utf-8")
    result = CliRunner().invoke(main, ["--home", str(home), "run"], catch_exceptions=False)
    assert result.exit_code == 0, result.stderr
    return home / "published" / "roi.duckdb"


def test_each_touch_says_where_it_came_from_and_by_what(published: Path) -> None:
    with duckdb.connect(str(published), read_only=True) as reader:
        found = reader.execute(
            """select touch_id, channel, network, campaign, action_key, match_level, match_evidence
            from published.fct_touchpoints"""
        ).fetchall()
    assert {touch: tuple(rest) for touch, *rest in found} == PUBLISHED


def test_what_is_answered_takes_nothing_from_what_is_known_and_a_code_earns_its_creator(published: Path) -> None:
    with duckdb.connect(str(published), read_only=True) as reader:
        credited = reader.execute(
            """select conversion_id, network, sum(revenue_credited)::double from published.fct_attributed_revenue
            where model = 'last_touch' group by all order by all"""
        ).fetchall()
        creator = reader.execute(
            "select action_type, campaign, seller_id from published.dim_actions where action_id = 'jane-*'"
        ).fetchall()
        warned = reader.execute(
            "select observed from published.meta_checks where expectation = 'answers_understood' and not success"
        ).fetchall()
    assert credited == [
        ("A", "youtube", 80), ("B", "instagram", 10), ("C", "tiktok", 10), ("D", None, 10), ("E", None, 10),
    ]  # fmt: skip
    assert creator == [("creator_code", "creators", "jane")]
    assert warned == [("1 row",)]
