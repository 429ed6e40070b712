"""LinkedIn's exports by era and language, and as people re-save them: exact totals, or the right question."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from pipelines.lake import Receipt
from tests.land.conftest import Landing
from tests.land.files import Rows, text, workbook

DAYS = [date(2026, 3, 1) + timedelta(days=number) for number in range(14)]
POSTED = date(2026, 3, 4)
"""A day that reads two ways."""


def post_id(day: date, number: int = 0) -> int:
    """An id as the network makes them: Unix milliseconds above 22 bits."""
    moment = datetime(day.year, day.month, day.day, 10, tzinfo=UTC)
    return (int(moment.timestamp() * 1000) << 22) + number


def link(day: date, number: int = 0) -> str:
    return f"https://www.linkedin.com/feed/update/urn:li:activity:{post_id(day, number)}/"


def us(day: date) -> str:
    return f"{day:%m/%d/%Y}"


def totals(receipt: Receipt, *, part: str | None = None) -> dict[str, Decimal | int | None]:
    return {found.metric: found.total for found in receipt.totals if part in (None, found.part)}


METRICS = {
    "en": ["Date", "Impressions (organic)", "Impressions (sponsored)", "Impressions (total)",
           "Unique impressions (organic)", "Clicks (total)", "Reactions (total)", "Comments (total)",
           "Reposts (total)", "Engagement rate (total)"],
    "en 2021": ["Date", "Impressions (organic)", "Impressions (sponsored)", "Impressions (total)",
                "Unique impressions (organic)", "Clicks (total)", "Reactions (total)", "Comments (total)",
                "Shares (total)", "Engagement rate (total)"],
    "pt": ["Data", "Impressões (orgânicas)", "Impressões (patrocinadas)", "Impressões (total)",
           "Impressões únicas (orgânicas)", "Cliques (total)", "Reações (total)", "Comentários (total)",
           "Compartilhamentos (total)", "Taxa de engajamento (total)"],
    "es": ["Fecha", "Impresiones (orgánicas)", "Impresiones (patrocinadas)", "Impresiones totales",
           "Impresiones únicas (orgánicas)", "Clics (Totales)", "Reacciones (total)", "Comentarios (totales)",
           "Veces compartido (total)", "Tasa de interacción (total)"],
    "de": ["Datum", "Impressions (organische Updates)", "Impressions (sponsored Updates)", "Impressions (insgesamt)",
           "Individuelle Impressions (organische Updates)", "Klicks (insgesamt)", "Reaktionen (insgesamt)",
           "Kommentare (insgesamt)", "Direkt geteilte Beiträge (insgesamt)", "Engagement Rate (insgesamt)"],
    "it": ["Data", "Impressioni (organiche)", "Impressioni (sponsorizzate)", "Impressioni (totale)",
           "Impressioni uniche (organiche)", "Clic (totale)", "Reazioni (totale)", "Commenti (totale)",
           "Diffusioni post (totali)", "Percentuale di interesse (totale)"],
    "nl": ["Datum", "Weergaven (spontaan)", "Weergaven (gesponsord)", "Weergaven (totaal)",
           "Unieke weergaven (spontaan)", "Klikken (totaal)", "Reacties (totaal)", "Commentaren (totaal)",
           "Reposts (totaal)", "Interactiepercentage (totaal)"],
}  # fmt: skip
POSTS = {
    "en": ["Post title", "Post link", "Post type", "Posted by", "Created date", "Impressions", "Views",
           "Offsite Views", "Clicks", "Likes", "Comments", "Reposts", "Follows", "Engagement rate", "Content Type"],
    "en 2021": ["Update title", "Update link", "Update type", "Posted by", "Created date", "Impressions",
                "Video views", "Offsite Views", "Clicks", "Likes", "Comments", "Shares", "Follows",
                "Engagement rate", "Content Type"],
    "pt": ["Título da publicação", "Link da publicação", "Tipo de publicação", "Publicada por", "Criação",
           "Impressões", "Visualizações", "Visualizações fora do site", "Cliques", "Gostaram", "Comentários",
           "Compartilhamentos", "Seguidores", "Taxa de engajamento", "Tipo de conteúdo"],
    "es": ["Título de la publicación", "Enlace de la publicación", "Tipo de publicación", "Anunciado por",
           "Fecha de creación", "Impresiones", "Visualizaciones", "Visualizaciones fuera del sitio", "Clics",
           "Recomendaciones", "Comentarios", "Veces compartido", "Seguidores", "Tasa de interacción",
           "Tipo de contenido"],
    "de": ["Titel des Beitrags", "Link veröffentlichen", "Art des Beitrags", "Veröffentlicht von", "Erstellt am",
           "Impressions", "Aufrufe", "Externe Aufrufe", "Klicks", "Likes", "Kommentare", "Direkt geteilte Beiträge",
           "Follower", "Engagement Rate", "Inhaltstyp"],
    "it": ["Titolo del post", "Link del post", "Tipo di post", "Pubblicato da", "Data di creazione", "Impressioni",
           "Visualizzazioni", "Visualizzazioni esterne", "Clic", "Consiglia", "Commenti", "Diffusioni post",
           "Nuovi follower", "Percentuale di interesse", "Tipo di contenuto"],
}  # fmt: skip


def metric_rows(era: str, *, day: object = us) -> list[list[object]]:
    printed = day if callable(day) else us
    return [[printed(each), 8, 2, 10 + n, 5, n, 3, 1, -1, 0.15] for n, each in enumerate(DAYS)]


def page(era: str) -> Rows:
    return [["Engagement of organic and sponsored posts, all together"], METRICS[era], *metric_rows(era)]


def post_rows(count: int = 3) -> list[list[object]]:
    return [
        ["A post", link(POSTED, n), "Organic", "Ada", us(POSTED), 100 + n, 7, 0, 9, 5, 2, 1, n, 0.17, "Video"]
        for n in range(count)
    ]


DAILY = {"impressions": 231, "impressions_organic": 112, "reach": None, "link_clicks": 91, "reactions": 42,
         "comments": 14, "shares": -14}  # fmt: skip
LIFETIME = {"impressions": 303, "video_views": 21, "link_clicks": 27, "reactions": 15, "comments": 6, "shares": 3,
            "follows": 3}  # fmt: skip


@pytest.mark.parametrize("era", METRICS)
def test_a_page_by_day_and_by_post(land_bytes: Landing, era: str) -> None:
    sheets = {"First": page(era)}
    if era in POSTS:
        sheets["Second"] = [["Engagement of each post"], POSTS[era], *post_rows()]
    receipt = land_bytes("linkedin/acme_content_1790000000000.xlsx", workbook(**sheets))
    assert (receipt.status, receipt.format, receipt.locale) == ("loaded", "linkedin_page", era[:2])
    assert totals(receipt, part="First") == DAILY
    assert totals(receipt, part="Second") == (LIFETIME if era in POSTS else {})
    assert (receipt.rows_quarantined, receipt.account) == (0, "acme")
    assert (receipt.period_start, receipt.period_end) == ("2026-03-01", "2026-03-14")
    assert not receipt.warnings


@pytest.mark.parametrize(
    "content",
    [
        text([METRICS["en"], *metric_rows("en")], delimiter=";").replace("0.15", "0,15").encode("cp1252"),
        text(page("en"), delimiter="\t").encode("utf-16"),
        text([["", *METRICS["en"]], *([n, *row] for n, row in enumerate(metric_rows("en")))]).encode(),
        text([[name.lower().replace(" ", "_") for name in METRICS["en"]], *metric_rows("en", day=date.isoformat)]),
        text([METRICS["en"], *reversed(metric_rows("en", day=lambda day: f"{day:%d.%m.%Y}"))]),
        text([METRICS["en"], *metric_rows("en", day=lambda day: f"{day:%d/%m/%y}"), ["Total", *[9] * 9]]),
        workbook(Metrics=[METRICS["en"], *metric_rows("en", day=lambda day: (day - date(1899, 12, 30)).days)]),
        workbook(Metrics=[METRICS["en"], *metric_rows("en", day=lambda day: day)]),
    ],
    ids=["semicolons", "tabs", "data frame", "lower case", "German dates, reversed", "total row", "serials", "cells"],
)
def test_one_sheet_saved_again(land_bytes: Landing, content: bytes | str) -> None:
    receipt = land_bytes("inbox/export", content)
    assert (receipt.status, receipt.source, receipt.format) == ("loaded", "linkedin", "linkedin_page")
    assert totals(receipt) == DAILY
    assert (receipt.period_start, receipt.period_end) == ("2026-03-01", "2026-03-14")


@pytest.mark.parametrize("printed", ["03/04/2026", "04/03/2026"])
def test_the_id_of_a_post_tells_day_from_month(land_bytes: Landing, printed: str) -> None:
    rows = [[*row[:4], printed, *row[5:]] for row in post_rows(1)]
    receipt = land_bytes("linkedin/posts.csv", text([POSTS["en"], *rows]))
    assert (receipt.status, receipt.period_start) == ("loaded", "2026-03-04")


def test_no_day_lies_after_the_export(land_bytes: Landing) -> None:
    content = text([METRICS["en"], metric_rows("en", day=lambda _: "02/03/2026")[0]])
    asked = land_bytes("linkedin/metrics.csv", content)
    assert asked.status == "needs_answer"
    stamped = int(datetime(2026, 2, 10, tzinfo=UTC).timestamp() * 1000)
    receipt = land_bytes(f"linkedin/acme_content_{stamped}.csv", content)
    assert (receipt.status, receipt.period_start) == ("loaded", "2026-02-03")


FOLLOWERS = {
    "en": ["Date", "Sponsored followers", "Organic followers", "Auto-invited followers", "Total followers"],
    "pt": ["Data", "Seguidores patrocinados", "Seguidores orgânicos", "Seguidores convidados automaticamente",
           "Total de seguidores"],
    "es": ["Fecha", "Seguidores patrocinados", "Seguidores generales", "Seguidores invitados automáticamente",
           "Total de seguidores"],
    "it": ["Data", "Follower sponsorizzati", "Follower organici", "Follower invitati automaticamente",
           "Follower totali"],
}  # fmt: skip


@pytest.mark.parametrize("locale", FOLLOWERS)
def test_new_followers_of_a_page(land_bytes: Landing, locale: str) -> None:
    rows = [[us(day), 0, n - 1, 0, n - 1] for n, day in enumerate(DAYS)]
    sheets = {"New": [FOLLOWERS[locale], *rows], "Where": [["Location", "Total followers"], ["Rome, Italy", 100]]}
    receipt = land_bytes("acme_followers_1790000000000.xls", workbook(**sheets))
    assert (receipt.status, receipt.format, totals(receipt)) == ("loaded", "linkedin_page_followers", {"follows": 77})
    assert (receipt.rows_loaded, receipt.rows_ignored, receipt.warnings) == (14, 1, ())


def test_views_of_a_page_and_other_pages(land_bytes: Landing) -> None:
    parts = ("desktop", "mobile", "total")
    names = [f"{what} ({part})" for what in ("Overview page views", "Total page views", "Total unique visitors")
             for part in parts]  # fmt: skip
    rows = [[us(day), 1, 2, 3, 4, 5, 9, 1, 1, 2] for day in DAYS]
    receipt = land_bytes("visitors.xlsx", workbook(Visitor_metrics=[["Date", *names], *rows]))
    assert (receipt.status, receipt.source, totals(receipt)) == ("loaded", "linkedin", {"profile_visits": 126})
    head = ["Page", "Total Followers", "New Followers", "Total post engagements", "Total posts"]
    others = land_bytes("others.xlsx", workbook(COMPETITORS=[[46000, 46100], head, ["Other", 9, 1, 3, 2]]))
    assert (others.status, others.source, others.rows_loaded) == ("ignored", "linkedin", 0)


PERSONAL = {
    "en": (["Date", "Impressions", "Engagements"], ["Post URL", "Post publish date"], "New followers"),
    "pt": (["Data", "Impressões", "Engajamentos"], ["URL da publicação", "Data de publicação"], "Novos seguidores"),
    "fr": (["Date", "Impressions", "Interactions"], ["URL du post", "Date de publication"], "Nouveaux abonnés"),
    "it": (["Data", "Impressioni", "Interazioni"], ["URL del post", "Data di pubblicazione"], "Nuovi follower"),
}


def top_posts(locale: str, *, gap: str = "", second: str = "") -> Rows:
    """The two lists side by side: the left one ends first."""
    daily, names, _ = PERSONAL[locale]
    printed = f"{POSTED:%m/%d/%Y}" if locale == "en" else f"{POSTED:%d/%m/%Y}"
    return [
        [*names, daily[2], gap, *(name + second for name in names), daily[1]],
        [link(POSTED, 1), printed, "9", "", link(POSTED, 2), printed, "500"],
        ["", "", "", "", link(POSTED, 1), printed, "40"],
    ]


@pytest.mark.parametrize("locale", PERSONAL)
def test_a_person(land_bytes: Landing, locale: str) -> None:
    daily, _, follows = PERSONAL[locale]
    order = "%m/%d/%Y" if locale == "en" else "%d/%m/%Y"
    days = [f"{day:{order}}" for day in DAYS]
    note = ["Maximum of 50 posts available to include in this list"]
    content = workbook(
        Overview=[["Overall Performance", f"{days[0]} - {days[-1]}"], ["Impressions", "1,234"]],
        By_day=[daily, *([day, "100", "-28" if n == 3 else "4"] for n, day in enumerate(days))],
        Best=[note, [], *top_posts(locale)],
        Followers=[[f"Total followers on {days[-1]}:", "782"], [], [daily[0], follows], *([day, "2"] for day in days)],
        Audience=[["Top Demographics", "Value", "Percentage"], ["Company", "Acme", "< 1%"]],
    )
    receipt = land_bytes("inbox/AggregateAnalytics_Ada Doe_2026-03-01_2026-03-14 (1).xlsx", content)
    assert (receipt.status, receipt.format, receipt.account) == ("loaded", "linkedin_personal", "Ada Doe")
    assert totals(receipt, part="By day") == {"impressions": 1400, "engagements": 24}
    assert totals(receipt, part="Best") == {"engagements": 9}
    assert totals(receipt, part="Best#5") == {"impressions": 540}
    assert totals(receipt, part="Followers") == {"follows": 28}
    assert (receipt.rows_quarantined, receipt.period_start) == (0, "2026-03-01")
    assert not receipt.unknown


def test_a_data_frame_numbers_the_second_list(land_bytes: Landing) -> None:
    receipt = land_bytes("posts.csv", text(top_posts("en", gap="Unnamed: 3", second=".1")))
    assert {(found.part.partition("#")[2], found.metric): found.total for found in receipt.totals} == {
        ("", "engagements"): 9,
        ("5", "impressions"): 540,
    }
    assert receipt.rows_quarantined == 0


def test_days_saved_by_themselves_need_a_place(land_bytes: Landing) -> None:
    content = text([PERSONAL["en"][0], *([us(day), 100, 4] for day in DAYS)])
    assert land_bytes("inbox/ENGAGEMENT.csv", content).status == "needs_answer"
    for index, path in enumerate(["linkedin/ENGAGEMENT.csv", "inbox/LinkedIn engagement.csv"]):
        receipt = land_bytes(path, content + "\r\n" * index)
        assert totals(receipt) == {"impressions": 1400, "engagements": 56}


PERFORMANCE = {
    "en": ["Post URL", "Post Date", "Impressions", "Members reached", "Followers gained from this post", "Reactions",
           "Comments", "Reposts", "Saves", "Sends on LinkedIn"],
    "it": ["URL post", "Data di pubblicazione", "Impressioni", "Utenti raggiunti",
           "Follower acquisiti da questo post", "Reazioni", "Commenti", "Diffusioni post", "Salvataggi",
           "Invii su LinkedIn"],
}  # fmt: skip


@pytest.mark.parametrize("locale", PERFORMANCE)
@pytest.mark.parametrize("moved", [False, True])
def test_one_post_as_labels_and_values(land_bytes: Landing, locale: str, moved: bool) -> None:
    url = link(POSTED).replace(":", "%3A").replace("https%3A", "https:")
    pairs: list[list[object]] = [
        [label, value]
        for label, value in zip(PERFORMANCE[locale], [url, "3/4/2026", "1,234", "987", 3, 40, 8, 2, 5, 4], strict=True)
    ]
    if moved:
        more: list[list[object]] = [["Post Publish Time", "10:42 AM"], [], ["Discovery"]]
        pairs = [*pairs[:2], *more, *pairs[2:][::-1], ["Top location", "Rome"]]
    audience = [["Category", "Value", "%"], ["Company size", "11-50", "31%"]]
    receipt = land_bytes(
        "inbox/PostAnalytics_AdaDoe_7300000000000000001.xlsx", workbook(PERFORMANCE=pairs, TOP_DEMOGRAPHICS=audience)
    )
    assert (receipt.status, receipt.format, receipt.account) == ("loaded", "linkedin_post_analytics", "AdaDoe")
    assert totals(receipt) == {"impressions": 1234, "reach": None, "reactions": 40, "comments": 8, "shares": 2,
                               "saves": 5, "follows": 3}  # fmt: skip
    assert (receipt.rows_read, receipt.rows_loaded, receipt.period_start) == (2, 1, "2026-03-04")
    assert locale != "en" or not receipt.warnings


def test_labels_and_values_of_nobody_are_left_alone(land_bytes: Landing) -> None:
    content = workbook(Sheet=[["Post URL", "https://example.com/1"], ["Impressions", "5"], ["Mood", "good"]])
    receipt = land_bytes("linkedin/notes.xlsx", content)
    assert (receipt.status, receipt.rows_loaded) == ("refused", 0)
