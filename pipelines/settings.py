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

from pipelines.credit_models import PATH_MODELS, RULE_MODELS, TOTAL_MODELS, OwnModel, Window
from pipelines.errors import NotReadyError
from pipelines.utm import Utm
from pipelines.yaml_text import read_yaml

Grain = Literal["channel", "campaign", "action"]

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
    def sources(self) -> Path:
        """Specifications of the owner's own, read beside the built-in ones."""
        return self.root / "sources"

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
    rows_are: Literal["days"] | None = Field(
        default=None,
        description="What each row holds where its days lie a week or a month apart, or only the first is said: days.",
    )
    period_start: str | None = Field(
        default=None, pattern=r"^\d{4}-\d{2}-\d{2}$", description="The first day that its figures cover."
    )
    period_end: str | None = Field(
        default=None, pattern=r"^\d{4}-\d{2}-\d{2}$", description="The last day that its figures cover."
    )

    def matches(self, path: PurePosixPath) -> bool:
        return fnmatch(str(path), self.files)


class Markov(_Closed):
    """How the chains of `markov` and `markov_path` are made."""

    order: int = Field(default=1, ge=1, le=3, description="How many touches a chain remembers: 1, 2 or 3.")
    grains: tuple[Grain, ...] = Field(
        default=("channel",),
        description="What `markov` and `shapley` credit: channel, campaign, action. Channels always are.",
    )
    path_grain: Grain = Field(
        default="channel", description="What the states of `markov_path` are: channel, campaign or action."
    )
    path_period: Literal["all", "quarter", "month"] = Field(
        default="quarter",
        description="Whose chain divides a conversion under `markov_path`: that of its month, its quarter, or of all.",
    )


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
    windows: tuple[Window, ...] = Field(
        default=(),
        description="Other windows for some touches (below); of several that fit the first "
        "counts. Where none fits, paid clicks count 28 days and paid views 1 day, or the lookback if it is less.",
    )
    models: tuple[str | OwnModel, ...] = Field(
        default=(*RULE_MODELS, "markov_path", *TOTAL_MODELS),
        description="The attribution models to compute: names, and models of one's own (below).",
    )
    markov: Markov = Field(default=Markov(), description="The chains of `markov` and `markov_path`: see below.")
    utm: Utm = Field(
        default=Utm(),
        description="The utm convention (below): which parameters of a link hold network, campaign and action id.",
    )
    orders_from: tuple[str, ...] = Field(
        default=(),
        description="The sources whose orders are conversions, such as `[shopify, stripe]` for two businesses. Without "
        "it: shops and the `orders` template; payments only where there are none; what web analytics saw, last.",
    )
    same_sale_days: int | None = Field(
        default=None,
        ge=1,
        le=365,
        description="An order and a won opportunity of one customer or account, over the same amount in the same "
        "currency and at most so many days apart, are one sale: the opportunity counts, with the order's refunds and "
        "cost of goods. Without it both count, and the check `sale_counted_once` names pairs within 14 days.",
    )
    ad_spend_from: Literal["exports", "costs", "both"] = Field(
        default="exports",
        description="Which ad spend counts where the costs template and the network's own export both state some of "
        "the same network, campaign and day: that of the `exports`, that of the `costs` template, or `both`, where "
        "they are different money.",
    )
    stages: dict[str, Literal["lead", "opportunity", "won", "lost"]] = Field(
        default_factory=dict,
        description="What kind of stage a name of your CRM's pipeline stands for, such as `{Verbal yes: opportunity}`: "
        "lead, opportunity, won or lost. The usual names of CRMs in eight languages are known; a stage of another name "
        "is an opportunity, unless the export says that it is won or closed.",
    )
    notify_by_email: tuple[str, ...] = Field(
        default=(),
        description="Who is written to when a run stops, fails or is late. The mail server, and a webhook instead, are "
        "named in the environment: `SOCIAL_ROI_SMTP`, `SOCIAL_ROI_WEBHOOK` ([runbook.md](runbook.md)).",
    )
    lineage: Literal["file", "http", "off"] = Field(
        default="file",
        description="Where a run tells, as OpenLineage events, what it read and wrote ([lineage.md](lineage.md)): to a "
        "`file`, `state/lineage/<run_id>.jsonl`; over `http` to the server that `OPENLINEAGE_URL` names; or `off`.",
    )
    answers: tuple[Answer, ...] = Field(default=(), description="What files do not say of themselves: see below.")
    keep_publications: int = Field(
        default=3, ge=1, le=1000, description="How many earlier publications stay on disk beside the present one."
    )

    @property
    def model_names(self) -> tuple[str, ...]:
        """The names of the models to compute, each once."""
        return tuple(dict.fromkeys(entry if isinstance(entry, str) else entry.name for entry in self.models))

    @property
    def touch_models(self) -> tuple[str, ...]:
        """The models that credit touches, in the order given, each once."""
        return tuple(model for model in self.model_names if model not in TOTAL_MODELS)

    @property
    def grains(self) -> tuple[Grain, ...]:
        """The grains of the journeys that chains and games need."""
        path = [self.markov.path_grain] if "markov_path" in self.models else []
        return tuple(dict.fromkeys(["channel", *self.markov.grains, *path]))

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
        NotReadyError: the file is no YAML, or holds a key or value that is not known; names the key.
    """
    path = home.settings_file
    if not path.exists():
        return Settings()
    try:
        given = read_yaml(path.read_text(encoding="utf-8")) or {}
    except yaml.YAMLError as error:
        raise NotReadyError(f"is no valid YAML: {error}", where=str(path)) from error
    try:
        settings = Settings.model_validate(given)
    except ValidationError as error:
        first = max(error.errors(), key=lambda each: (len(each["loc"]), each["type"] != "string_type"))
        key = ".".join(str(part) for part in first["loc"]) or "the top level"
        raise NotReadyError(
            f"{key}: {first['msg']}", where=str(path), remedy="docs/settings.md lists every key"
        ) from error
    _check_models(settings, path)
    return settings


def _check_models(settings: Settings, path: Path) -> None:
    """Every model that is named exists, and no name stands for two."""
    own = [entry.name for entry in settings.models if isinstance(entry, OwnModel)]
    twice = [name for name in own if own.count(name) > 1]
    if twice:
        raise NotReadyError(f"models: {twice[0]!r} is declared twice", where=str(path), remedy="Give one another name")
    named = {
        "models": [entry for entry in settings.models if isinstance(entry, str)],
        "lookback_days_by_model": list(settings.lookback_days_by_model),
        "windows": [window.model for window in settings.windows if window.model],
    }
    for key, names in named.items():
        for name in names:
            known = (*RULE_MODELS, *PATH_MODELS, *TOTAL_MODELS, *own)
            if name not in known:
                raise NotReadyError(
                    f"{key}: {name!r} is no known model", where=str(path), remedy=f"Known: {', '.join(known)}"
                )
            if key != "models" and name in (*PATH_MODELS, *TOTAL_MODELS):
                raise NotReadyError(
                    f"{key}: {name} has no lookback of its own",
                    where=str(path),
                    remedy="It is made of the journeys that fct_journeys shows, whose lookback is lookback_days",
                )
    if not settings.touch_models:
        raise NotReadyError(
            f"models: {', '.join(settings.model_names) or 'none'} credit no touches",
            where=str(path),
            remedy="Add linear",
        )


def key_file() -> Path:
    """Where the key for personal identifiers lives: outside the home, so that no copy of the data carries it."""
    given = os.environ.get("SOCIAL_ROI_KEY_FILE")
    if given:
        return Path(given)
    config = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return config / "social-roi" / "identifiers.key"
