"""YouTube Studio: every layout in the languages, eras and re-saved shapes in which it is met."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from pipelines.lake import Receipt
from tests.land.conftest import Landing
from tests.land.files import Rows, text, workbook, zipped

HEAD = (
    "Content", "Video title", "Video publish time", "Duration", "Views", "Watch time (hours)", "Subscribers",
    "Impressions", "Impressions click-through rate (%)",
)  # fmt: skip
TOTAL = ["Total", "", "", "", 999, "99.5", 9, 9999, "3.06"]


def video(number: int, views: object = 10, title: str = "A, title") -> list[object]:
    """One row of a content table."""
    return [f"abc-_fghij{number}", title, f"Feb {number + 1}, 2025", 61 + number, views, "1.25", -1, 100, "2.5"]


def total_of(receipt: Receipt, metric: str) -> Decimal | None:
    """The total of the one column that was read as a metric."""
    assert receipt.status == "loaded", receipt.reason
    (found,) = [total for total in receipt.totals if total.metric == metric]
    return found.total


def fates(receipt: Receipt) -> tuple[int, int, int]:
    assert receipt.rows_read == receipt.rows_loaded + receipt.rows_quarantined + receipt.rows_ignored
    return receipt.rows_loaded, receipt.rows_quarantined, receipt.rows_ignored


def content_table(header: str, total: str = "Total", publish: str = "Feb 7, 2025") -> str:
    """Two videos under a native header: id, title, publish time, duration, views, hours, subscribers."""
    rows = [[f"abcdefghij{n}", "t", publish, 35, 1000 + n, "2.5", -n] for n in range(2)]
    return text([header.split("|"), [total, "", "", "", 5000, "9.5", 3], *rows])


CONTENT = {
    "en": ("Video|Video title|Video publish time|Duration|Views|Watch time (hours)|Subscribers", "Total"),
    "fr": ("Contenu|Titre de la vidéo|Heure de publication de la vidéo|Durée|Vues|Durée de visionnage (heures)|Abonnés",
           "Total"),
    "de": ("Vi\u00addeos|Vi\u00addeo\u00adti\u00adtel|Veröffentlichungszeitpunkt des Videos|Dauer|Auf\u00adru\u00adfe|"
           "Wie\u00adder\u00adga\u00adbe\u00adzeit (Stun\u00adden)|Abon\u00adnen\u00adten", "Ge\u00adsamt"),
    "es": ("Contenido|Título del vídeo|Hora de publicación del vídeo|Duración|Visualizaciones|"
           "Tiempo de visualización (horas)|Suscriptores", "Total"),
    "es-419": ("Contenido|Título del video|Tiempo de publicación del video|Duración|Vistas|"
               "Tiempo de reproducción (horas)|Suscriptores", "Total"),
    "pt": ("Conteúdo|Título do vídeo|Horário de publicação do vídeo|Duração|Visualizações|Tempo de exibição (horas)|"
           "Inscritos", "Total"),
    "it": ("Contenuti|Titolo video|Ora pubblicazione video|Durata|Visualizzazioni|Tempo di visualizzazione (ore)|"
           "Iscritti", "Totale"),
    "nl": ("Content|Videotitel|Publicatietijd van video|Duur|Weergaven|Weergavetijd (uren)|Abonnees", "Totaal"),
    "sv": ("Innehåll|Videotitel|Publiceringstid för video|Längd|Visningar|Visningstid (timmar)|Prenumeranter",
           "Totalt"),
    "tr": ("İçerik|Video başlığı|Videonun yayınlanma tarihi|Süre|Görüntüleme|İzlenme süresi (saat)|Aboneler", "Toplam"),
    "ru": ("Контент|Название видео|Время публикации видео|Длительность|Просмотры|Время просмотра (часы)|Подписчики",
           "Итоговое значение"),
    "ja": ("コンテンツ|動画のタイトル|動画公開時刻|長さ|視聴回数|総再生時間（単位: 時間）|チャンネル登録者", "合計"),
    "ko": ("콘텐츠|동영상 제목|동영상 게시 시간|길이|조회수|시청 시간(단위: 시간)|구독자", "합계"),
}  # fmt: skip


@pytest.mark.parametrize("locale", CONTENT)
def test_the_content_table_in_each_language(land_bytes: Landing, locale: str) -> None:
    header, total = CONTENT[locale]
    receipt = land_bytes("youtube/a.csv", content_table(header, total))
    assert (receipt.format, receipt.locale) == ("youtube_table", locale[:2])
    assert fates(receipt) == (2, 0, 1)
    assert [total_of(receipt, name) for name in ("video_views", "watch_hours", "follows")] == [2001, 5, -1]
    assert receipt.parts[0].columns_unknown == ()
    assert land_bytes("inbox/same.csv", content_table(header, total)).source == "youtube"


def test_french_numbers_and_dates(land_bytes: Landing) -> None:
    head = CONTENT["fr"][0].split("|")
    rows = [["abcdefghij0", "t", "28 sept. 2026", 35, "44\u202f531", "1\u202f062,1", -3]]
    receipt = land_bytes("youtube/t.csv", text([head, ["Total", "", "", "", "99\u202f999", "2\u202f062,3", 9], *rows]))
    assert [total_of(receipt, name) for name in ("video_views", "watch_hours")] == [44531, Decimal("1062.1")]


COLUMNS = {
    "Likes": "reactions", "Comments added": "comments", "Shares": "shares", "Unique viewers": None,
    "Your estimated revenue (BRL)": "ad_earnings", "Subscribers lost": "unfollows", "Dislikes": "", "Engaged views": "",
    "Likes (vs. dislikes) (%)": "", "RPM (BRL)": "", "CPM (BRL)": "", "Subscribers gained": "", "Hypes": "",
    "Average percentage viewed (%)": "", "YouTube Premium watch time (hours)": "", "Post likes": "",
    "Stayed to watch (%)": "", "End screen element clicks": "", "Estimated AdSense revenue (BRL)": "",
}  # fmt: skip


def test_every_column_is_known(land_bytes: Landing) -> None:
    rows = [[*video(n), *(n + 1 for _ in COLUMNS)] for n in range(2)]
    receipt = land_bytes("youtube/t.csv", text([[*HEAD, *COLUMNS], *rows]))
    assert (receipt.parts[0].columns_unknown, receipt.warnings) == ((), ())
    for metric in filter(None, COLUMNS.values()):
        assert total_of(receipt, metric) == 3
    assert total_of(receipt, "follows") == -2, "the net one, where the table has both"
    assert total_of(receipt, "reach") is None


def test_subscribers_gained_alone(land_bytes: Landing) -> None:
    head = ["Subscribers gained" if name == "Subscribers" else name for name in HEAD]
    receipt = land_bytes("youtube/t.csv", text([head, TOTAL, video(1), video(2)]))
    assert (receipt.format, total_of(receipt, "follows")) == ("youtube_table", -2)
    daily = text([["Fecha", "Suscriptores obtenidos", "Suscriptores perdidos", "Vistas"], ["2026-01-01", 7, 2, 50]])
    receipt = land_bytes("youtube/d.csv", daily)
    assert [total_of(receipt, name) for name in ("follows", "unfollows", "video_views")] == [7, 2, 50]
    receipt = land_bytes(
        "youtube/c.csv", text([["Date", "Content", "Subscribers gained"], ["2026-01-01", "abcdefghijk", 7]])
    )
    assert (receipt.format, total_of(receipt, "follows")) == ("youtube_chart", 7)


@pytest.mark.parametrize(
    "shape", ["underscored", "lower", "pandas", "excel", "workbook", "total last", "no total", "blank"]
)
def test_resaved_tables(land_bytes: Landing, shape: str) -> None:
    rows: list[list[object]] = [list(HEAD), TOTAL, video(1), video(2, ""), video(3, title="")]
    ignored, name = 1, "t.csv"
    if shape == "underscored":
        rows[0] = [cell.replace(" ", "_").replace("_(%)", "(%)") for cell in HEAD]
    elif shape == "lower":
        rows[0] = [cell.lower() for cell in HEAD]
    elif shape == "pandas":
        rows = [["", *rows[0]], *([n, *row] for n, row in enumerate(rows[1:]))]
        rows = [
            [f"{cell}.0" if isinstance(cell, int) and place else cell for place, cell in enumerate(row)] for row in rows
        ]
    elif shape == "excel":
        rows = [
            [str(cell).replace(".", ",") if place in (5, 8) else cell for place, cell in enumerate(row)] for row in rows
        ]
        rows = [[f"0{n}.02.2025" if n > 1 and place == 2 else cell
                 for place, cell in enumerate(row)] for n, row in enumerate(rows)]  # fmt: skip
        rows.append(["abc-_fghij9", "t", "28.02.2025", 1, "", "", "", "", ""])
    elif shape == "total last":
        rows.append(rows.pop(1))
    elif shape == "no total":
        rows.pop(1)
        ignored = 0
    content: str | bytes = text(rows, delimiter=";" if shape == "excel" else ",")
    if shape == "workbook":
        name, content = "t.xlsx", workbook(Table_data=rows)
    if shape == "blank":
        content = str(content).replace("\r\n", ",,\r\n\r\n")
    receipt = land_bytes(f"youtube/{name}", content)
    assert receipt.format == "youtube_table"
    assert fates(receipt) == (4 if shape == "excel" else 3, 0, ignored)
    assert [total_of(receipt, metric) for metric in ("video_views", "watch_hours", "impressions")] == [
        20, Decimal("3.75"), 300,
    ]  # fmt: skip


def test_ids_that_people_changed(land_bytes: Landing) -> None:
    ids = [" -bcdefghijk", "'-xcdefghijk", "https://www.youtube.com/watch?v=zbcdefghijk", "https://youtu.be/ybcdefghijk",
           "https://youtube.com/shorts/wbcdefghijk", "#NAME?"]  # fmt: skip
    receipt = land_bytes("youtube/t.csv", text([HEAD, TOTAL, *([value, *video(1)[1:]] for value in ids)]))
    assert fates(receipt) == (5, 1, 1)
    assert receipt.quarantine[0].column_name == "Content"


def test_a_table_without_titles(land_bytes: Landing) -> None:
    rows: Rows = [[cell for place, cell in enumerate(row) if place != 1] for row in (HEAD, TOTAL, video(1))]
    receipt = land_bytes("youtube/t.csv", text(rows))
    assert (receipt.format, total_of(receipt, "video_views")) == ("youtube_table", 10)


@pytest.mark.parametrize(
    ("header", "metric", "locale"),
    [
        ("Date|Views", "video_views", "en"), ("Datum|Aufrufe", "video_views", "de"),
        ("Data|Visualizações", "video_views", "pt"),
        ("日付|視聴回数", "video_views", "ja"),
        ("날짜|조회수", "video_views", "ko"), ("Datum|Visningar", "video_views", "sv"),
        ("Date|Watch time (hours)", "watch_hours", "en"), ("Date|Subscribers", "follows", "en"),
        ("Date|Subscribers gained", "follows", "en"), ("Date|Impressions", "impressions", "en"),
        ("Date|Likes", "reactions", "en"), ("Date|Comments added", "comments", "en"), ("Date|Shares", "shares", "en"),
        ("Date|Estimated revenue (USD)", "ad_earnings", "en"), ("Fecha|Vistas", "video_views", "es"),
        ("Date|Durée de visionnage (heures)", "watch_hours", "fr"),
    ],
)  # fmt: skip
def test_totals_of_any_one_metric(land_bytes: Landing, header: str, metric: str, locale: str) -> None:
    content = text([header.split("|"), *([f"2026-01-0{n}", n] for n in range(1, 5))])
    receipt = land_bytes("youtube/Totals.csv", content)
    assert (receipt.format, receipt.locale, total_of(receipt, metric)) == ("youtube_totals", locale, 10)
    assert (receipt.period_start, receipt.period_end) == ("2026-01-01", "2026-01-04")
    assert land_bytes("inbox/Totals.csv", content).status == "needs_answer"


def test_a_day_table_without_hours_loses_no_metric(land_bytes: Landing) -> None:
    head = ["Date", "Views", "Subscribers", "Likes", "Estimated revenue (EUR)", "Videos published"]
    receipt = land_bytes("youtube/d.csv", text([head, ["Total", 9, 9, 9, 9, 9], ["2026-01-02", 5, -1, 2, "0.125", 1]]))
    found = {total.metric: total.total for total in receipt.totals}
    assert found == {
        "video_views": 5, "follows": -1, "reactions": 2, "ad_earnings": Decimal("0.125"), "posts_published": 1,
    }  # fmt: skip
    assert fates(receipt) == (1, 0, 1)


@pytest.mark.parametrize("style", ["%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%b %d, %Y"])
def test_days_that_a_spreadsheet_rewrote(land_bytes: Landing, style: str) -> None:
    rows = [[datetime(2026, 1, day, tzinfo=UTC).strftime(style), day, "0.5"] for day in range(1, 21)]
    receipt = land_bytes("youtube/Date.csv", text([["Date", "Views", "Watch time (hours)"], ["Total", 1, 1], *rows]))
    assert (receipt.format, total_of(receipt, "video_views")) == ("youtube_date_table", 210)
    assert (receipt.period_start, receipt.period_end) == ("2026-01-01", "2026-01-20")


SEGMENTS = [
    "Geography|Views|Average view duration|Watch time (hours)", "Traffic_source|Views|Watch_time (hours)|Impressions",
    "Traffic source|Source type|Source title|Views|Watch time (hours)", "Cities|City name|Views",
    "Viewer age|Views (%)|Average view duration|Watch time (hours) (%)", "Viewer gender|Watch time (hours) (%)",
    "Subscription status|Views", "Device type|Views|Watch time (hours)", "Playlist|Playlist title|Views",
    "Date|Traffic source|Views", "Date|Device type|Views|Watch time (hours)", "Origem do tráfego|Visualizações",
    "Idade do espectador|Visualizações (%)|Tempo de exibição (horas) (%)", "Edad del usuario|Vistas (%)",
    "География|Просмотры", "Источник трафика|Просмотры", "Trafikkälla|Visningar|Visningstid (timmar)",
    "Tittarnas ålder|Visningar (%)|Visningstid (timmar) (%)", "시청자 연령|조회수 (%)", "トラフィック ソース|視聴回数",
]  # fmt: skip


@pytest.mark.parametrize("header", SEGMENTS)
def test_segments_are_set_aside(land_bytes: Landing, header: str) -> None:
    head = header.split("|")
    rows = [["Total", *(9 for _ in head[1:])], ["2026-01-01", *(5 for _ in head[1:])]]
    receipt = land_bytes("youtube/s.csv", text([head, *rows]))
    assert (receipt.status, receipt.format) == ("ignored", "youtube_geography"), receipt.reason
    assert fates(receipt) == (0, 0, 2)


def test_a_segment_column_in_a_content_table_sets_nothing_aside(land_bytes: Landing) -> None:
    receipt = land_bytes("youtube/t.csv", text([[*HEAD, "Content type"], [*video(1), "Shorts"]]))
    assert (receipt.format, total_of(receipt, "video_views")) == ("youtube_table", 10)


CHARTS = [
    ("Date|Content|Video title|Video publish time|Duration|Views", "video_views"),
    ("Datum|Videos|Videotitel|Veröffentlichungszeitpunkt des Videos|Dauer|Aufrufe", "video_views"),
    ("Data|Conteúdo|Título do vídeo|Horário de publicação do vídeo|Duração|Tempo de exibição (horas)", "watch_hours"),
    ("Date|Content|Video title|Video publish time|Duration|Likes", "reactions"),
    ("日付|コンテンツ|動画のタイトル|動画公開時刻|長さ|視聴回数", "video_views"),
]


@pytest.mark.parametrize(("header", "metric"), CHARTS)
def test_chart_data_of_any_one_metric(land_bytes: Landing, header: str, metric: str) -> None:
    rows = [[f"2026-01-0{day}", f"abcdefghij{n}", "t", "Dec 1, 2025", 61, 2] for n in range(2) for day in range(1, 4)]
    receipt = land_bytes("youtube/Chart data.csv", text([header.split("|"), *rows]))
    assert (receipt.format, fates(receipt), receipt.parts[0].columns_unknown) == ("youtube_chart", (6, 0, 0), ())
    assert total_of(receipt, metric) == 12


def test_a_chart_of_what_is_no_metric_is_set_aside(land_bytes: Landing) -> None:
    head = ["Date", "Content", "Video title", "Video publish time", "Duration", "Engaged views"]
    row = ["2026-01-01", "abcdefghij1", "t", "Dec 1, 2025", 61, 2]
    receipt = land_bytes("youtube/Chart data.csv", text([head, row]))
    assert (receipt.status, receipt.format, fates(receipt)) == ("ignored", "youtube_totals_rates", (0, 0, 1))


def test_the_archive_ends_before_the_last_day_of_its_name(land_bytes: Landing) -> None:
    content = zipped(Table_data_csv=text([HEAD, video(1)]))
    receipt = land_bytes("youtube/Content 2025-07-01_2025-08-01 Acme.zip", content)
    assert (receipt.period_start, receipt.period_end, receipt.account) == ("2025-07-01", "2025-07-31", "Acme")


def test_a_month_is_no_day(land_bytes: Landing) -> None:
    receipt = land_bytes("youtube/Totals.csv", text([["Date", "Views"], ["2025-01", 5], ["2025-02-01", 6]]))
    assert (fates(receipt), total_of(receipt, "video_views")) == ((1, 1, 0), 6)
    assert receipt.quarantine[0].reason == "'Date' is a month or a year: export it by day"


def test_each_video_by_day_of_the_connector(land_bytes: Landing) -> None:
    head = ["Date", "Video Title", "External Video ID", "Video Length", "Thumbnail link", "Views", "Video Likes Added",
            "Video Dislikes Added", "User Subscriptions Added", "User Comments Added"]  # fmt: skip
    receipt = land_bytes("youtube/p.csv", text([head, ["19 Jan 2022", "t", "abcdefghijk", 300, "l", 13, 1, 0, 2, 0]]))
    assert [total_of(receipt, name) for name in ("video_views", "reactions", "follows")] == [13, 1, 2]
    assert receipt.period_start == "2022-01-19"


@pytest.mark.parametrize(
    ("name", "account"),
    [("Content 2026-01-01_2026-02-01 Acme Films.zip", "Acme Films"),
     ("Inhalte 2026-01-01_2026-02-01 Acme Films (1).zip", "Acme Films"),
     ("mine - Content 2026-01-01_2026-02-01 (2).zip", None), ("Content 2026-01-01_2026-02-01.zip", None)],
)  # fmt: skip
def test_the_archive_says_range_and_channel(land_bytes: Landing, name: str, account: str | None) -> None:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("Table data.csv", "\ufeff" + text([HEAD, TOTAL, video(1), ["Showing top 500 results"]]))
        archive.writestr("Totals.csv", text([["Date", "Views"], ["2026-01-01", 7]]))
        archive.writestr("Chart data.csv", text([["Date", "Content", "Views"], ["2026-01-01", "abc-_fghij1", 3]]))
    receipt = land_bytes(f"inbox/{name}", sink.getvalue())
    assert (receipt.source, receipt.account) == ("youtube", account)
    assert receipt.format == "youtube_chart+youtube_table+youtube_totals"
    assert sorted(total.total or 0 for total in receipt.totals if total.metric == "video_views") == [3, 7, 10]
    assert fates(receipt) == (3, 0, 2)
    assert not [text for text in receipt.unknown if text.startswith("period")]


@pytest.mark.parametrize(
    "note",
    ["Showing first 500 results", "Mostrando os primeiros 500 resultados", "Se muestran los primeros 500 resultados",
     "Die 500 be\u00adsten Er\u00adgeb\u00adnis\u00adse werden angezeigt", "500 premiers résultats affichés",
     "上位 500 件の結果を表示しています",
     "상위 500개 결과 표시", "İlk 500 sonuç gösteriliyor",
     "Показаны первые 500 результатов"],
)  # fmt: skip
def test_notes_of_the_cap(land_bytes: Landing, note: str) -> None:
    for padding in ([], [""] * (len(HEAD) - 1)):
        receipt = land_bytes(f"youtube/{len(padding)}.csv", text([HEAD, TOTAL, video(1), [note, *padding]]))
        assert fates(receipt) == (1, 0, 2)
        assert "capped" in (receipt.reason or "")


def test_a_copy_whose_points_were_taken_for_thousands_is_refused(land_bytes: Landing) -> None:
    hours = ["65.9543", "94872", "1.5"]  # 94.872 hours, as a German spreadsheet saves them
    rows = [[*video(n)[:5], each, *video(n)[6:]] for n, each in enumerate(hours)]
    receipt = land_bytes("youtube/Table data.csv", text([HEAD, *rows], delimiter=";"))
    assert (receipt.status, receipt.rows_loaded) == ("refused", 0)
    assert "'65.9543' and '94872'" in str(receipt.reason)
    assert land_bytes("youtube/b/Table data.csv", text([HEAD, *rows])).status == "loaded"
    views = [video(0, "1,234"), video(1, "1")]  # 1,000 views
    receipt = land_bytes("youtube/c/Table data.csv", text([HEAD, *views], delimiter=";"))
    assert (receipt.status, "'1,234' and '1'" in str(receipt.reason)) == ("refused", True)
