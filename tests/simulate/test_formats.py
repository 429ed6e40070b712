"""Each file is what the network would have written: header, encoding, line ends, quoting, dates, names."""

from __future__ import annotations

import csv
import re
import zipfile
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest

from pipelines.simulate.world import World

from .conftest import only


def moment(text: str, form: str) -> datetime:
    return datetime.strptime(text, form).replace(tzinfo=UTC)


def table(text: str) -> list[list[str]]:
    return list(csv.reader(StringIO(text, newline="")))


def sheets(path: Path) -> dict[str, list[list[object]]]:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(path)
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


OLD_X = [
    "impressions", "engagements", "engagement rate", "retweets", "replies", "likes", "user profile clicks",
    "url clicks", "hashtag clicks", "detail expands", "permalink clicks", "app opens", "app installs",
    "follows",
    "email tweet", "dial phone", "media views", "media engagements",
]  # fmt: skip


def test_no_file_has_carriage_returns(company: Path) -> None:
    for path in company.rglob("*.csv"):
        assert b"\r" not in path.read_bytes(), path


def test_x_before_2023_everything_is_quoted(company: Path) -> None:
    path = only(company, "tweet_activity_metrics_quillfern_*_en.csv")
    assert path.name == "tweet_activity_metrics_quillfern_20260504_20260613_en.csv"
    content = path.read_bytes()
    assert content.startswith(b'"Tweet id","Tweet permalink","Tweet text","time","impressions",')
    assert content.endswith(b'"-"\n')
    header, *rows = table(content.decode())
    assert header == [
        "Tweet id",
        "Tweet permalink",
        "Tweet text",
        "time",
        *OLD_X,
        *(f"promoted {n}" for n in OLD_X),
    ]
    for row in rows:
        assert row[1] == f"https://twitter.com/quillfern/status/{row[0]}"
        stamp = datetime.strptime(row[3], "%Y-%m-%d %H:%M %z")
        made = datetime.fromtimestamp(((int(row[0]) >> 22) + 1288834974657) / 1000, UTC)
        assert made.replace(second=0, microsecond=0) == stamp
        assert re.fullmatch(r"\d+\.0", row[4])
        assert row[15:17] == ["0", "0"]
        assert set(row[22:]) == {"-"}
    assert any("\n" in row[2] for row in rows)


def test_x_by_day_before_2023_has_each_day_and_whole_numbers(company: Path) -> None:
    content = only(company, "daily_tweet_activity_metrics_*").read_bytes()
    header, *rows = table(content.decode())
    assert header == ["Date", "Tweets published", *OLD_X, *(f"promoted {name}" for name in OLD_X)]
    assert [row[0] for row in rows] == [f"{date(2026, 5, 4) + timedelta(days=n)}" for n in range(40)]
    assert all(row[2].isdigit() for row in rows)
    posts = table(only(company, "tweet_activity_metrics_quillfern_*_en.csv").read_text())[1:]
    assert sum(int(row[1]) for row in rows) == len(posts)


def test_x_posts_since_2023(company: Path) -> None:
    path = only(company, "account_analytics_content_*.csv")
    assert path.name == "account_analytics_content_2026-06-13_2026-08-31.csv"
    text = path.read_bytes().decode()
    assert text.split("\n")[0] == (
        "Post id,Date,Post text,Post Link,Impressions,Likes,Engagements,Bookmarks,Shares,New follows,"
        "Replies,Reposts,"
        "Profile visits,Detail Expands,URL Clicks,Hashtag Clicks,Permalink Clicks"
    )
    assert not text.endswith("\n")
    for row in table(text)[1:]:
        assert row[3] == f"https://x.com/quillfern/status/{row[0]}"
        made = datetime.fromtimestamp(((int(row[0]) >> 22) + 1288834974657) / 1000, UTC).date()
        assert row[1] == f"{made:%a, %b} {made.day}, {made.year}"
        assert f'{row[0]},"{row[1]}",' in text


def test_x_overview_since_2023(company: Path) -> None:
    text = only(company, "account_overview_analytics_*.csv").read_bytes().decode()
    header, *rows = table(text)
    assert ",".join(header) == (
        "Date,Impressions,Likes,Engagements,Bookmarks,Shares,New follows,Unfollows,Replies,Reposts,"
        "Profile visits,"
        "Create Post,Video views,Media views"
    )
    assert rows[0][0] == "Mon, Aug 31, 2026"
    assert rows[-1][0] == "Sat, Jun 13, 2026"
    assert len(rows) == 80


FACEBOOK_HEADER = (
    '"Post ID","Page ID","Page name",Title,Description,"Duration (sec)","Publish time","Caption type",'
    "Permalink,"
    '"Is crosspost","Is share","Post type",Languages,"Custom labels","Funded content status",'
    '"Data comment",Date,'
    'Views,Reach,"Reactions, Comments and Shares",Reactions,Comments,Shares,"Total clicks","Link Clicks",'
    '"Other Clicks","Matched Audience Targeting Consumption (Photo Click)","Seconds viewed",'
    '"Average Seconds viewed",'
    '"Estimated earnings (USD)","Ad impressions"'
)
INSTAGRAM_HEADER = (
    '"Post ID","Account ID","Account username","Account name",Description,"Duration (sec)","Publish time",'
    "Permalink,"
    '"Post type","Data comment",Date,Views,Reach,Likes,Shares,Follows,Comments,Saves'
)


@pytest.mark.parametrize(
    ("network", "header", "time_column", "id_lengths"),
    [("facebook", FACEBOOK_HEADER, 6, {15}), ("instagram", INSTAGRAM_HEADER, 6, {17})],
)
def test_meta_posts(
    company: Path, world: World, network: str, header: str, time_column: int, id_lengths: set[int]
) -> None:
    paths = sorted((company / "meta_business_suite").rglob("May-04-2026_Aug-31-2026_*.csv"))
    texts = [path.read_bytes().decode("utf-8") for path in paths]
    (text,) = (text for text in texts if text.startswith("\ufeff" + header + "\n"))
    assert text.endswith("\n")
    posts = {post.action_id: post for post in world.shelves[network].posts}
    names, *rows = table(text.removeprefix("\ufeff"))
    assert {row[0] for row in rows} == set(posts)
    assert {len(row[0]) for row in rows} == id_lengths
    assert {row[names.index("Date")] for row in rows} == {"Lifetime"}
    for row in rows:
        assert len(row) == len(names)
        printed = moment(row[time_column], "%m/%d/%Y %H:%M")
        published = posts[row[0]].published_at.replace(second=0)
        assert published - printed == timedelta(hours=7), "Pacific daylight time"


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Facebook reach.csv", "Facebook reach"),
        ("Facebook link clicks.csv", "Facebook link clicks"),
        ("Follows.csv", "Instagram follows"),
        ("Link clicks.csv", "Instagram link clicks"),
        ("Visits.csv", "Instagram profile visits"),
    ],
)
def test_meta_series(company: Path, name: str, label: str) -> None:
    content = only(company, f"meta_business_suite/quillfern/{name}").read_bytes()
    assert content.startswith(b"\xff\xfes\x00e\x00p\x00=\x00,\x00\n\x00")
    lines = content.decode("utf-16").split("\n")
    assert lines[:3] == ["sep=,", f'"{label}"', '"Date","Primary"']
    assert lines[-2:] == ["", ""]
    days = lines[3:-2]
    assert len(days) == 120
    assert all(re.fullmatch(r'"2026-0[5-8]-\d\dT00:00:00","\d+"', day) for day in days)


def test_meta_series_hour_moves_in_the_american_winter(tmp_path: Path) -> None:
    from pipelines.simulate import write_company

    write_company(tmp_path, seed=1, days=20, end=date(2026, 3, 18))
    lines = only(tmp_path, "Visits.csv").read_bytes().decode("utf-16").split("\n")[3:-2]
    hours = {line[1:11]: line[12:14] for line in lines}
    assert hours["2026-03-07"] == "01"
    assert hours["2026-03-08"] == "00"


def test_linkedin_page(company: Path, world: World) -> None:
    path = only(company, "quillfern_content_1788247800000.xlsx")
    book = sheets(path)
    assert list(book) == ["Metrics", "All posts"]
    metrics, posts = book["Metrics"], book["All posts"]
    assert [cell for cell in metrics[0] if cell] == ["Aggregated report"]
    assert metrics[1] == [
        "Date", "Impressions (organic)", "Impressions (sponsored)", "Impressions (total)",
        "Unique impressions (organic)", "Clicks (organic)", "Clicks (sponsored)", "Clicks (total)",
        "Reactions (organic)", "Reactions (sponsored)", "Reactions (total)", "Comments (organic)",
        "Comments (sponsored)", "Comments (total)", "Reposts (organic)", "Reposts (sponsored)",
        "Reposts (total)",
        "Engagement rate (organic)", "Engagement rate (sponsored)", "Engagement rate (total)",
    ]  # fmt: skip
    assert [row[0] for row in metrics[2:4]] == ["05/04/2026", "05/05/2026"]
    assert len(metrics) == 2 + 120
    assert [cell for cell in posts[0] if cell] == ["Report by post"]
    assert posts[1] == [
        "Post title", "Post link", "Post type", "Campaign name", "Posted by", "Created date",
        "Campaign start date",
        "Campaign end date", "Audience", "Impressions", "Views", "Offsite Views", "Clicks",
        "Click through rate (CTR)", "Likes", "Comments", "Reposts", "Follows", "Engagement rate",
        "Content Type",
    ]  # fmt: skip
    assert len(posts) == 2 + len(world.shelves["linkedin"].posts)
    assert sum(float(str(row[9])) for row in posts[2:]) == sum(float(str(row[3])) for row in metrics[2:])


def test_linkedin_personal(company: Path, world: World) -> None:
    book = sheets(only(company, "Content_2026-05-04_2026-08-31_InesMarlow.xlsx"))
    assert list(book) == ["DISCOVERY", "ENGAGEMENT", "TOP POSTS", "FOLLOWERS", "DEMOGRAPHICS"]
    assert book["DISCOVERY"][0] == ["Overall Performance", "5/4/2026 - 8/31/2026"]
    assert [row[0] for row in book["DISCOVERY"][1:]] == ["Impressions", "Members reached"]
    assert book["ENGAGEMENT"][0] == ["Date", "Impressions", "Engagements"]
    days = book["ENGAGEMENT"][1:]
    assert (len(days), days[0][0]) == (120, "5/4/2026")
    assert sum(float(str(row[1])) for row in days) == book["DISCOVERY"][1][1]
    top = book["TOP POSTS"]
    assert [cell for cell in top[0] if cell] == ["Maximum of 50 posts available to include in this list"]
    assert not any(top[1])
    assert top[2] == [
        "Post URL", "Post publish date", "Engagements", "", "Post URL", "Post publish date", "Impressions"
    ]  # fmt: skip
    assert len(top) == 3 + min(50, len(world.shelves["linkedin_founder"].posts))
    followers = book["FOLLOWERS"]
    assert followers[0][0] == "Total followers on 8/31/2026:"
    assert not any(followers[1])
    assert followers[2] == ["Date", "New followers"]
    assert book["DEMOGRAPHICS"][0] == ["Top Demographics", "Value", "Percentage"]


def test_youtube_table_and_its_total_row(company: Path, world: World) -> None:
    path = only(company, "Content 2026-05-04_2026-09-01 Quillfern Teaware.zip")
    archive = zipfile.ZipFile(path)
    assert archive.namelist() == ["Table data.csv"]
    header, total, *rows = table(archive.read("Table data.csv").decode("utf-8"))
    assert ",".join(header) == (
        "Content,Video title,Video publish time,Duration,Views,Watch time (hours),Subscribers,"
        "Average view duration,"
        "Impressions,Impressions click-through rate (%)"
    )
    assert total[:4] == ["Total", "", "", ""]
    assert int(total[4]) == sum(int(row[4]) for row in rows)
    assert int(total[6]) != sum(int(row[6]) for row in rows), "the total is no sum of the rows"
    posts = {post.action_id: post for post in world.shelves["youtube"].posts}
    assert {row[0] for row in rows} == set(posts)
    for row in rows:
        assert moment(row[2], "%b %d, %Y").date() == posts[row[0]].published_date
        assert re.fullmatch(r"\d:\d\d:\d\d|", row[7])


def test_youtube_by_day(company: Path) -> None:
    header, total, *rows = table(only(company, "youtube/quillfern/Date.csv").read_bytes().decode("utf-8"))
    assert header == [
        "Date",
        "Views",
        "Watch time (hours)",
        "Average view duration",
        "Estimated revenue (USD)",
    ]
    assert total[0] == "Total"
    assert int(total[1]) == sum(int(row[1]) for row in rows)
    assert (rows[0][0], rows[-1][0], len(rows)) == ("2026-08-31", "2026-05-04", 120)


def test_tiktok_overview_has_no_year(company: Path) -> None:
    path = only(company, "Overview_2026-05-04_1788247800_quillfern.zip")
    archive = zipfile.ZipFile(path)
    assert archive.namelist() == ["Overview.csv"]
    content = archive.read("Overview.csv")
    assert content.startswith(
        b'\xef\xbb\xbf"Date","Video Views","Profile Views","Likes","Comments","Shares"\n"May 4","'
    )
    assert not content.endswith(b"\n")
    rows = table(content.decode("utf-8-sig"))[1:]
    assert (rows[-1][0], len(rows)) == ("August 31", 120)


def test_tiktok_ids_carry_the_moment_of_publication(company: Path, world: World) -> None:
    content = only(company, "tiktok/quillfern/Content.csv").read_bytes()
    assert content.startswith(b'\xef\xbb\xbf"Time","Video title","Video link","Post time","Total likes",')
    header, *rows = table(content.decode("utf-8-sig"))
    assert ",".join(header) == (
        "Time,Video title,Video link,Post time,Total likes,Total comments,Total shares,Total views"
    )
    posts = {post.action_id: post for post in world.shelves["tiktok"].posts}
    assert len(rows) == len(posts)
    for row in rows:
        number = row[2].removeprefix("https://www.tiktok.com/@quillfern/video/")
        made = datetime.fromtimestamp(int(number) >> 32, UTC)
        assert made == posts[number].published_at
        assert row[3] == f"{made:%B} {made.day}"
        assert row[0] == "September 1"
