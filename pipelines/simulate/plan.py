"""The invented company: what it sells, where it posts and how well each place works. Numbers, no code."""

from __future__ import annotations

from dataclasses import dataclass

COMPANY = "Quillfern Teaware"
HANDLE = "quillfern"
SITE = "https://shop.quillfern.example"
FOUNDER = "Ines Marlow"
SHOP_ZONE = "Europe/Amsterdam"
META_ZONE = "America/Los_Angeles"

CAMPAIGNS = {"first-flush": (0.0, 0.48), "iced-summer": (0.45, 1.0), "always-on": (0.0, 1.0)}
"""Campaigns and the part of the simulated period in which each runs."""

METRICS = (
    "impressions",
    "reactions",
    "comments",
    "shares",
    "saves",
    "link_clicks",
    "follows",
    "profile_visits",
)


@dataclass(frozen=True)
class NetworkPlan:
    """One account on one network.

    Attributes:
        key: unique; equal to ``network`` but for a second account on the same network.
        audience: impressions that a post of quality 1 collects in its life.
        rates: events per impression, in the order of ``METRICS`` after impressions.
        first_weight, later_weight: how often a journey's first or later touch is here.
        pull: probability that one touch here makes the person buy.
        paid_share: part of the touches that were paid for.
    """

    key: str
    network: str
    posts_per_week: float
    audience: float
    rates: tuple[float, ...]
    kinds: tuple[str, ...]
    first_weight: float
    later_weight: float
    pull: float
    paid_share: float
    referrer: str
    click_parameter: str


NETWORKS = (
    NetworkPlan("facebook", "facebook", 3.0, 2600, (0.014, 0.0022, 0.0018, 0.0, 0.006, 0.0004, 0.002),
                ("Photos", "Links", "Reels"), 13, 9, 0.27, 0.55, "https://l.facebook.com/", "fbclid"),
    NetworkPlan("instagram", "instagram", 3.6, 5200, (0.031, 0.0021, 0.0026, 0.0043, 0.004, 0.0011, 0.006),
                ("IG reel", "IG image", "IG carousel"), 27, 16, 0.36, 0.35, "https://l.instagram.com/", ""),
    NetworkPlan("x", "x", 4.4, 1500, (0.006, 0.0012, 0.0011, 0.0008, 0.003, 0.0002, 0.0018),
                ("text",), 7, 3, 0.07, 0.45, "https://t.co/", "twclid"),
    NetworkPlan("linkedin", "linkedin", 2.2, 1300, (0.017, 0.0018, 0.0011, 0.0, 0.008, 0.0009, 0.0),
                ("article",), 4, 3, 0.12, 0.3, "https://www.linkedin.com/", "li_fat_id"),
    NetworkPlan("linkedin_founder", "linkedin", 1.4, 1900, (0.019, 0.0036, 0.0008, 0.0, 0.004, 0.0012, 0.0),
                ("text",), 2, 1, 0.12, 0.0, "https://www.linkedin.com/", ""),
    NetworkPlan("youtube", "youtube", 0.9, 9000, (0.012, 0.0017, 0.0012, 0.0, 0.004, 0.0019, 0.0),
                ("video",), 8, 3, 0.27, 0.0, "https://www.youtube.com/", ""),
    NetworkPlan("tiktok", "tiktok", 3.2, 8800, (0.029, 0.0009, 0.0013, 0.0, 0.002, 0.0008, 0.005),
                ("video",), 14, 7, 0.25, 0.5, "https://www.tiktok.com/", "ttclid"),
    NetworkPlan("pinterest", "pinterest", 1.1, 3200, (0.004, 0.0002, 0.0009, 0.012, 0.009, 0.0003, 0.0),
                ("pin",), 5, 3, 0.24, 0.8, "https://www.pinterest.com/", "epik"),
)  # fmt: skip


@dataclass(frozen=True)
class ChannelPlan:
    """Touches that no network brought. ``utm``: source and medium; with neither it nor referrer, direct."""

    key: str
    first_weight: float
    later_weight: float
    pull: float
    referrer: str = ""
    utm: tuple[str, str] = ("", "")
    click_parameter: str = ""
    given_channel: str = ""


CHANNELS = (
    ChannelPlan("direct", 8, 20, 0.36),
    ChannelPlan("organic_search", 13, 16, 0.3, referrer="https://www.google.com/"),
    ChannelPlan("paid_search", 4, 5, 0.28, "https://www.google.com/", ("google", "cpc"), "gclid"),
    ChannelPlan("email", 2, 15, 0.3, utm=("newsletter", "email")),
    ChannelPlan("referral", 4, 2, 0.16, referrer="https://blog.teakettle-diaries.example/"),
    ChannelPlan("podcast", 1.5, 0.5, 0.2, given_channel="podcast"),
)

PRODUCTS = (
    ("QF-POT-06", "Glass teapot 0.6 l", 3450),
    ("QF-POT-12", "Glass teapot 1.2 l", 4650),
    ("QF-KYU-03", "Side-handle pot 0.3 l", 5900),
    ("QF-CUP-02", "Double-wall cups, set of 2", 2290),
    ("QF-TIN-01", "Tea tin 100 g", 890),
    ("QF-SIE-01", "Fine steel strainer", 1250),
    ("QF-TEA-GR", "Green tea, spring picking 80 g", 1480),
    ("QF-TEA-HB", "Herbal blend, lemon verbena 60 g", 1120),
    ("QF-BOX-04", "Taster box, 4 teas", 2600),
)
"""SKU, name, price in euro cents, tax included."""

DISCOUNTS = (("WELCOME10", 10), ("STEEPTHIS15", 15), ("ICED20", 20))
"""Code and per cent; the second is a creator's."""

AD_SPEND = {
    ("facebook", "first-flush"): 20.0,
    ("facebook", "always-on"): 11.0,
    ("facebook", "iced-summer"): 12.0,
    ("instagram", "first-flush"): 16.0,
    ("instagram", "iced-summer"): 21.0,
    ("x", "first-flush"): 17.0,
    ("x", "always-on"): 9.0,
    ("tiktok", "iced-summer"): 26.0,
    ("tiktok", "always-on"): 6.0,
    ("linkedin", "always-on"): 24.0,
    ("pinterest", "always-on"): 7.5,
}
"""Euro a day while the campaign runs. ``engagement_daily`` tells Pinterest's, ``costs`` the others'."""

MONTHLY_COSTS = (
    ("production", "instagram", 240.0),
    ("production", "tiktok", 150.0),
    ("creator_fee", "tiktok", 180.0),
    ("labour", "x", 420.0),
    ("labour", "linkedin", 350.0),
    ("tool", "", 89.0),
)
"""Cost type, network (empty: shared by all), euro a month. Nothing is spent on YouTube, so it has no ROI."""

OPENERS = (
    "Water at 80 degrees, not more.",
    "What a second steep tells you",
    "Our new glass pot, seen from the side.",
    "Three mistakes with green tea",
    "From the workshop: how a spout is pulled",
    "Cold brew in eight hours, hot brew in three minutes",
    "Which cup keeps its heat? We measured.",
    "Behind the scenes of the spring picking",
    "You asked: can the pot go on a flame?",
    "A quiet Monday, a slow pour.",
    "Lemon verbena, and why we dry it whole",
    "Packing day. Every box by hand.",
)
CLOSERS = (
    "Link in our shop.",
    "Tell us how you steep yours.",
    "Save it for the weekend.",
    "More on the site, as ever.",
    "Thanks for being here \N{TEACUP WITHOUT HANDLE}",
    'We call it "the lazy pour", and it works.',
)
TAGS = ("#tea", "#teaware", "#slowliving", "#coldbrew", "#handmade", "#kitchen")
