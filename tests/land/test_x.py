"""X: every era, language and re-saving of its exports, with exact totals."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipelines.lake import Receipt
from pipelines.spec import load_specs
from tests.land.conftest import Landing
from tests.land.files import text, workbook

FIRST = 1400000000000000001
TAIL = ["retweets", "replies", "likes", "user profile clicks", "url clicks"]
PER_TWEET = {
    "en": ["Tweet id", "Tweet permalink", "Tweet text", "time", "impressions", "engagements", "engagement rate", *TAIL],
    "ja": ["ツイートID", "ツイートの固定リンク", "ツイート本文", "時間", "インプレッション", "エンゲージメント",
           "エンゲージメント率", "リツイート", "返信", "いいね", "ユーザープロフィールクリック", "URLクリック数"],
    "es": ["ID del Tweet", "Enlace permanente de Tweet", "Texto del Tweet", "hora", "impresiones", "interacciones",
           "tasa de interacción", "retweets", "respuestas", "me gusta", "clics de perfil de usuario", "clics en URL"],
    "fr": ["Identifiant du Tweet", "Permalien du Tweet", "Texte du Tweet", "heure", "impressions", "engagements",
           "taux d’engagement", "Retweets", "réponses", "J’aime", "clics sur le profil de l'utilisateur",
           "clics sur l’URL"],
    "pt": ["id do Tweet", "link permanente do Tweet", "texto do Tweet", "horário", "impressões", "engajamentos",
           "taxa de engajamento", "retweets", "respostas", "favoritos", "cliques no perfil do usuário:",
           "cliques no URL"],
}  # fmt: skip
PROMOTED = {
    "en": ["promoted impressions", "promoted likes"],
    "ja": ["プロモのインプレッション", "プロモのいいね"],
    "es": ["impresiones promocionado", "me gusta promocionado"],
    "fr": ["impressions sponsorisé", "J'aime sponsorisé"],
    "pt": ["impressões promovido(a)(s)", "favoritos promovido(a)(s)"],
}
TWEETED = {"impressions": 3001, "engagements": 33, "shares": 3, "comments": 5, "reactions": 7, "profile_visits": 9}
TWEETED |= {"link_clicks": 11}


def tweet_rows(
    *, ids: list[str] | None = None, days: tuple[str, str] = ("2021-03-04 10:00 +0000",) * 2
) -> list[list[object]]:
    links = [f"https://twitter.com/acme/status/{FIRST + index}" for index in range(2)]
    ids = ids or [str(FIRST), str(FIRST + 1)]
    return [
        [ids[0], links[0], 'one\ntwo; "three"', days[0], "1000.0", "11.0", "0.011", "1.0", "2.0", "3.0", "4", "5"],
        [ids[1], links[1], "four", days[1], "2001.0", "22.0", "0.011", "2.0", "3.0", "4.0", "5", "6"],
    ]


def totals(receipt: Receipt) -> dict[str, Decimal | None]:
    assert receipt.status == "loaded", receipt.reason or receipt.quarantine
    return {total.metric: total.total for total in receipt.totals}


def books(receipt: Receipt) -> tuple[str, int, int, int]:
    return receipt.format, receipt.rows_loaded, receipt.rows_quarantined, receipt.rows_ignored


@pytest.mark.parametrize("locale", PER_TWEET)
def test_per_tweet_in_each_language(land_bytes: Landing, locale: str) -> None:
    rows = [[*PER_TWEET[locale], *PROMOTED[locale]], *([*row, "-", "-"] for row in tweet_rows())]
    name = f"ann__tweet_activity_metrics_Acme_Co_20210301_20210401_{locale} (1).csv"
    receipt = land_bytes(f"inbox/{name}", text(rows, quote_all=True))
    assert books(receipt) == ("x_tweet_activity", 2, 0, 0)
    assert totals(receipt) == TWEETED
    assert (receipt.locale, receipt.account) == (locale, "Acme_Co")
    assert not any("new to the specification" in warning for warning in receipt.warnings)


def test_favorites_era_as_r_writes_it(land_bytes: Landing) -> None:
    head = ["", *(name.replace(" ", ".").replace("likes", "favorites") for name in PER_TWEET["en"])]
    head += ["embedded.media.clicks", "app.opens", "follows", "video.views", "promoted.favorites"]
    rows = [[number, *row, 1, 0, 2, 30, "-"] for number, row in enumerate(tweet_rows(), start=1)]
    receipt = land_bytes("x/old.csv", text([head, *rows]))
    assert books(receipt) == ("x_tweet_activity", 2, 0, 0)
    assert totals(receipt) == TWEETED | {"follows": 4, "video_views": 60}
    assert not any("new to the specification" in warning for warning in receipt.warnings)


def test_ids_that_excel_has_mangled_come_from_the_permalink(land_bytes: Landing) -> None:
    rows = [PER_TWEET["en"], *tweet_rows(ids=["1.4E+18", "1.4E+18"], days=("30/01/2021 12:56", "04/02/2021 09:00"))]
    receipt = land_bytes("x/summary.csv", text(rows, delimiter=";").encode("utf-8-sig"))
    assert books(receipt) == ("x_tweet_activity", 2, 0, 0)
    assert totals(receipt) == TWEETED
    assert (receipt.period_start, receipt.period_end) == ("2021-01-30", "2021-02-04")


def test_a_copy_without_permalinks_is_read_by_its_ids(land_bytes: Landing) -> None:
    rows = [row[:1] + row[2:] for row in [PER_TWEET["en"], *tweet_rows()]]
    assert totals(land_bytes("x/a.csv", text(rows))) == TWEETED
    mangled = [row[:1] + row[2:] for row in [PER_TWEET["en"], *tweet_rows(ids=["1.4E+18", "1.4E+18"])]]
    receipt = land_bytes("x/b.csv", text(mangled))
    assert (receipt.status, receipt.rows_quarantined) == ("refused", 2)


def test_by_day_under_a_japanese_ui(land_bytes: Landing) -> None:
    head = ["日付", "Tweets published", *PER_TWEET["ja"][4:10], "プロモのいいね"]
    rows = [[f"2023-05-0{day}", day, 100 * day, 5, "0.05", 1, 2, 3, "-"] for day in (1, 2)]
    receipt = land_bytes("x/daily_tweet_activity_metrics_acme_20230501_20230503_ja.csv", text([head, *rows]))
    assert books(receipt) == ("x_tweet_daily", 2, 0, 0)
    assert totals(receipt) == {
        "posts_published": 3, "impressions": 300, "engagements": 10, "shares": 2, "comments": 4, "reactions": 6,
    }  # fmt: skip
    assert (receipt.locale, receipt.as_of, receipt.account) == ("ja", "2023-05-02", "acme")


POST_HEADS = {
    "en": "Post id,Date,Post text,Post Link,Impressions,Likes,Engagements,Bookmarks,Shares,New follows,Replies,"
          "Reposts,Profile visits,Detail Expands,URL Clicks,Hashtag Clicks,Permalink Clicks",
    "en-early": "Post id,Date,Post text,Link,Impressions,Likes,Engagements,Bookmarks,Share,New follows,Replies,"
                "Reposts,Profile visits,Detail expands,Url clicks,Hashtag clicks,Permalink clicks",
    "ja": "ポストID,日付,ポスト本文,ポストのリンク,インプレッション数,いいね,エンゲージメント,"
          "ブックマーク,共有された回数,新しいフォロー,返信,リポスト,プロフィールへのアクセス数,詳細のクリック数,URLのクリック数,"
          "ハッシュタグのクリック数,パーマリンクのクリック数",
    "es": "ID del post,Fecha,Texto del post,Postear enlace,Impresiones,Me gusta,Interacciones,Guardados,Compartidos,"
          "Nuevos seguidores,Respuestas,Reposts,Visitas del perfil,Ampliaciones de detalles,Clics en URL,"
          "Hashtag Clicks,Permalink Clicks",
    "pt": "ID do post,Data,Texto do post,Postar link,Impressões,Curtidas,Engajamentos,Itens salvos,Compartilhamentos,"
          "Novos seguidores,Respostas,Reposts,Visitas ao perfil,Expansões de detalhes,Cliques de URL,"
          "Cliques de hashtag,Cliques de link permanente",
}  # fmt: skip
POSTED = {
    "impressions": 1200, "reactions": 4, "engagements": 6, "saves": 8, "share_sheet": 10, "follows": 12,
    "comments": 14, "shares": 16, "profile_visits": 18, "link_clicks": 22,
}  # fmt: skip


def post_rows(first: str, second: str, *, ids: tuple[object, object] = (FIRST, FIRST + 1)) -> list[list[object]]:
    counts = [list(range(number, number + 12)) for number in (1, 1)]
    return [
        [ids[index], day, "@someone yes; no", f"https://x.com/acme/status/{FIRST + index}", 600, *(n + 1 for n in tail)]
        for index, (day, tail) in enumerate(zip((first, second), counts, strict=True))
    ]


@pytest.mark.parametrize("era", POST_HEADS)
def test_posts_since_2024(land_bytes: Landing, era: str) -> None:
    days = ("Thu Mar 20 2025", "Mon Mar 3 2025") if era == "en-early" else ("Thu, Mar 20, 2025", "Mon, Mar 3, 2025")
    rows = [POST_HEADS[era].split(","), *post_rows(*days)]
    receipt = land_bytes("account_analytics_content_2025-03-01_2025-03-20 (2).csv", text(rows))
    assert books(receipt) == ("x_posts", 2, 0, 0)
    assert totals(receipt) == POSTED
    assert (receipt.locale, receipt.account) == (era[:2], "acme")
    assert (receipt.period_start, receipt.period_end) == ("2025-03-03", "2025-03-20")
    assert not any("new to the specification" in warning for warning in receipt.warnings)


@pytest.mark.parametrize(
    "days", [("2025-03-20", "2025-03-03"), ("20.03.2025", "03.03.2025"), ("3/20/2025", "3/3/2025")]
)
def test_posts_saved_again_by_a_spreadsheet(land_bytes: Landing, days: tuple[str, str]) -> None:
    rows = [POST_HEADS["en"].split(","), *post_rows(*days, ids=("1.4E+18", "1.4E+18"))]
    receipt = land_bytes("x/posts.csv", text(rows, delimiter=";"))
    assert totals(receipt) == POSTED
    assert receipt.period_start == "2025-03-03"
    assert totals(land_bytes("x/posts.xlsx", workbook(content=rows))) == POSTED


@pytest.mark.parametrize("gone", [{"Post Link"}, {"Post id"}])
def test_posts_without_id_or_link_are_never_taken_for_days(land_bytes: Landing, gone: set[str]) -> None:
    head = POST_HEADS["en"].split(",")
    rows = [head, *post_rows("Thu, Mar 20, 2025", "Thu, Mar 20, 2025")]
    kept = [[cell for name, cell in zip(head, row, strict=True) if name not in gone] for row in rows]
    receipt = land_bytes("x/posts.csv", text(kept))
    assert books(receipt) == ("x_posts", 2, 0, 0)
    assert totals(receipt) == POSTED


OVERVIEW = {
    "en": "Date,Impressions,Likes,Engagements,Bookmarks,Shares,New follows,Unfollows,Replies,Reposts,Profile visits,"
          "Create Post,Video views,Media views",
    "ja": "Date,インプレッション数,いいね,エンゲージメント,ブックマーク,共有された回数,新しいフォロー,フォロー解除,"
          "返信,リポスト,"
          "プロフィールへのアクセス数,ポストを作成,動画再生数,メディアの再生数",
    "es": "Date,Impresiones,Me gusta,Interacciones,Guardados,Compartidos,Nuevos seguidores,Dejar de seguir,Respuestas,"
          "Reposts,Visitas del perfil,Crear post,Reproducciones de video,Reproducciones de contenido multimedia",
    "pt": "Data,Impressões,Curtidas,Engajamentos,Itens salvos,Compartilhamentos,Novos seguidores,Deixar de seguir,"
          "Respostas,Reposts,Visitas ao perfil,Criar post,Visualizações de vídeo,Visualizações de mídia",
}  # fmt: skip


@pytest.mark.parametrize("locale", OVERVIEW)
def test_overview(land_bytes: Landing, locale: str) -> None:
    rows = [["Mon, Aug 17, 2026", *range(1, 14)], ["Sun, Aug 16, 2026", *range(101, 114)]]
    receipt = land_bytes("me__account_overview_analytics (3).csv", text([OVERVIEW[locale].split(","), *rows]))
    assert books(receipt) == ("x_overview", 2, 0, 0)
    names = ("impressions", "reactions", "engagements", "saves", "share_sheet", "follows", "unfollows", "comments",
             "shares", "profile_visits", "posts_published", "video_views", "media_views")  # fmt: skip
    assert totals(receipt) == {name: 102 + 2 * place for place, name in enumerate(names)}
    assert (receipt.locale, receipt.period_start, receipt.period_end) == (locale, "2026-08-16", "2026-08-17")


def video_overview(*, revenue: bool = True) -> str:
    head = ["Date", "Views", "Watch Time (ms)", "Completion Rate", "Average Watch Time (ms)", "Estimated Revenue"]
    days = [["Mon, Aug 17, 2026", 40, 90000, "12.50", 2250, 0], ["Sun, Aug 16, 2026", 2, 100, "0.00", 50, 0]]
    width = 6 if revenue else 5
    videos = ["Uploaded on", "Video ID", "Video title", "Views", "Duration", "Video Link", "Monetized",
              "Estimated Revenue", "Published Date", "Post Link"]  # fmt: skip
    tail = ["Untitled video", 21, "0:31", "https://video.twimg.com/v.mp4", "No", 0, "", ""]
    rows = [["Aug 8, 2026", f"13_{FIRST + index}", *tail] for index in range(3)]
    return text([
        ["Video overview", *[""] * (width - 1)], head[:width], *(day[:width] for day in days), [""] * 10,
        ["Your videos", *[""] * 9], videos, *rows,
    ], end="\n")  # fmt: skip


@pytest.mark.parametrize("revenue", [True, False])
def test_video_overview_loads_its_days_and_sets_its_videos_aside(land_bytes: Landing, revenue: bool) -> None:
    receipt = land_bytes("video_overview_analytics (1).csv", video_overview(revenue=revenue))
    assert books(receipt) == ("x_video_overview", 2, 0, 3)
    assert totals(receipt) == {"video_views": 42}
    assert [(part.layout, part.rows_loaded, part.rows_ignored) for part in receipt.parts] == [
        ("x_video_overview", 2, 0), ("x_videos", 0, 3),
    ]  # fmt: skip
    assert not receipt.warnings


def test_both_old_layouts_speak_the_same_languages() -> None:
    layouts = {layout.layout: layout for layout in load_specs()["x"].layouts}
    daily, per_tweet = layouts["x_tweet_daily"].fields, layouts["x_tweet_activity"].fields
    assert {*daily["posts_published"].names} == {*per_tweet["permalink"].names} >= {*PER_TWEET}
