"""Where a deployment lives and what its owner decided (``roi.yml``)."""

from __future__ import annotations

import os
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal
from zoneinfo import available_timezones

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from pipelines.errors import UsageError

RULE_MODELS = ("first_touch", "last_touch", "last_non_direct", "linear", "position_based", "time_decay")

DateStyle = Literal["dmy", "mdy", "ymd"]


@dataclass(frozen=True)
class Home:
    """The folder that holds everything a deployment owns. Nothing is created until it is needed."""

    root: Path

    @property
    def landing(self) -> Path:
        return self.root / "landing"

    @property
    def lake(self) -> Path:
        return self.root / "lake"

    @property
    def warehouse(self) -> Path:
        return self.root / "warehouse.duckdb"

    @property
    def published(self) -> Path:
        return self.root / "published"

    @property
    def state(self) -> Path:
        return self.root / "state"

    @property
    def settings_file(self) -> Path:
        return self.root / "roi.yml"


def _known_time_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"{name!r} is no IANA time zone name, such as Europe/Paris")
    return name


TimeZone = Annotated[str, AfterValidator(_known_time_zone)]


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Answer(_Closed):
    """What a file does not say of itself, said by its owner.

    The first answer that gives a value for a matching file wins, value by value.
    """

    files: str = Field(description="A pattern on the path below `landing/`, such as `tiktok/*.csv`.")
    network: str | None = Field(default=None, description="The network that the file is of.")
    account: str | None = Field(default=None, description="The account that the file is of.")
    year: int | None = Field(default=None, ge=2000, le=2100, description="The year of the file's last day.")
    date_style: DateStyle | None = Field(default=None, description="Order of day, month and year: dmy, mdy or ymd.")
    decimal_mark: Literal[".", ","] | None = Field(default=None, description="The decimal mark of its numbers.")
    time_zone: TimeZone | None = Field(default=None, description="The zone of its times that carry no offset.")
    currency: str | None = Field(default=None, pattern="^[A-Z]{3}$", description="The currency of its amounts.")
    period_start: str | None = Field(
        default=None, pattern=r"^\d{4}-\d{2}-\d{2}$", description="The first day that its figures cover."
    )
    period_end: str | None = Field(
        default=None, pattern=r"^\d{4}-\d{2}-\d{2}$", description="The last day that its figures cover."
    )

    def matches(self, path: PurePosixPath) -> bool:
        return fnmatch(str(path), self.files)


class Settings(_Closed):
    """``roi.yml``: every key is optional, an unknown one is refused. ``docs/settings.md`` is made from here."""

    currency: str = Field(default="EUR", pattern="^[A-Z]{3}$", description="The reporting currency, an ISO 4217 code.")
    time_zone: TimeZone = Field(default="UTC", description="The IANA time zone in which a day is a day.")
    lookback_days: int = Field(
        default=30, ge=1, le=3650, description="How many days before a conversion a touch still counts."
    )
    lookback_days_by_model: dict[str, int] = Field(
        default_factory=dict, description="Another lookback for single models, such as `{last_touch: 7}`."
    )
    half_life_days: int = Field(
        default=7, ge=1, le=3650, description="The days in which `time_decay` halves a touch's weight."
    )
    models: tuple[str, ...] = Field(default=RULE_MODELS, description="The attribution models to compute.")
    utm_content_is_action_id: bool = Field(
        default=True, description="The utm convention: `utm_content` holds the id of the post or ad that was clicked."
    )
    answers: tuple[Answer, ...] = Field(default=(), description="What files do not say of themselves: see below.")
    keep_publications: int = Field(
        default=3, ge=1, le=1000, description="How many earlier publications stay on disk beside the present one."
    )

    def answer_for(self, path: PurePosixPath) -> dict[str, object]:
        """The known answers for a file, value by value; empty where there are none."""
        known: dict[str, object] = {}
        for answer in self.answers:
            if answer.matches(path):
                given = answer.model_dump(exclude={"files"}, exclude_none=True)
                known = {**given, **known}
        return known


def load_settings(home: Home) -> Settings:
    """Read ``roi.yml``; defaults where there is none.

    Raises:
        UsageError: the file is no YAML, or holds a key or value that is not known; names the key.
    """
    path = home.settings_file
    if not path.exists():
        return Settings()
    try:
        given = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except yaml.YAMLError as error:
        raise UsageError(f"is no valid YAML: {error}", where=str(path)) from error
    try:
        settings = Settings.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "the top level"
        raise UsageError(
            f"{key}: {first['msg']}", where=str(path), remedy="docs/settings.md lists every key"
        ) from error
    unknown = [name for name in (*settings.models, *settings.lookback_days_by_model) if name not in RULE_MODELS]
    if unknown:
        raise UsageError(
            f"models: {unknown[0]!r} is no known model", where=str(path), remedy=f"Known: {', '.join(RULE_MODELS)}"
        )
    return settings


def key_file() -> Path:
    """Where the key for personal identifiers lives: outside the home, so that no copy of the data carries it."""
    given = os.environ.get("SOCIAL_ROI_KEY_FILE")
    if given:
        return Path(given)
    config = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return config / "social-roi" / "identifiers.key"
