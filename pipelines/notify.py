"""Telling people that a run stopped, failed or is late: one message, by webhook (Slack takes it as well) and by e-mail.

Where it goes to is a matter of the machine, and partly secret, so it comes from the environment:

* ``SOCIAL_ROI_WEBHOOK``: an address that takes a JSON object by POST; its ``text`` is what Slack, Mattermost and Teams
  show, the other keys are for programs.
* ``SOCIAL_ROI_SMTP``: ``smtp://user:password@host:587`` (``smtps://`` for TLS from the start), with the addresses to
  write to in ``roi.yml: notify_by_email``.
"""

from __future__ import annotations

import json
import os
import smtplib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import unquote, urlsplit
from urllib.request import Request, urlopen

from pipelines.run.record import last_runs
from pipelines.settings import Home, Settings, load_settings

LATE = "Look at the task that runs in Airflow's grid; docs/runbook.md, `A run is late`, says what it may be"
PATIENCE = 20
"""Seconds that a receiver has to answer."""


@dataclass(frozen=True)
class Notice:
    """What happened, where, and the way out."""

    subject: str
    run_id: str | None = None
    stage: str | None = None
    what: str | None = None
    where: str | None = None
    remedy: str | None = None

    @property
    def text(self) -> str:
        """The whole notice in lines, as people read it."""
        place = f"{self.where}: " if self.where else ""
        lines = [
            self.subject,
            self.what and f"{place}{self.what}",
            self.remedy and f"What to do: {self.remedy}",
            self.run_id and f"Run {self.run_id}; `social-roi status` says more.",
        ]
        return "\n".join(line for line in lines if line)


def notice_of(record: Mapping[str, Any]) -> Notice:
    """The notice of a run that did not end well, from its record in ``state/runs``."""
    error = record.get("error") or {}
    stage = record.get("stage")
    ended = "was stopped by a check" if record.get("status") == "stopped" else "failed"
    return Notice(
        subject=f"social-roi: the run {ended} in {stage}; readers keep the earlier publication",
        run_id=record.get("run_id"),
        stage=stage,
        what=error.get("what") or error.get("message"),
        where=error.get("where"),
        remedy=error.get("remedy"),
    )


def late(*, hours: int, **_: Any) -> None:
    """Send a notice that a run has not ended in time; Airflow calls this on a missed deadline, in the home's worker."""
    home = Home(Path(os.environ.get("SOCIAL_ROI_HOME", "var")).resolve())
    newest: dict[str, Any] = next(iter(last_runs(home, most=1)), {})
    what = f"the run has not ended {hours} hours after it was due; the last stage that ended is {_last_stage(newest)}"
    send(Notice("social-roi: a run is late", newest.get("run_id"), what=what, remedy=LATE), load_settings(home))


def _last_stage(record: Mapping[str, Any]) -> str:
    return next(reversed(record.get("seconds") or {}), "none")


def send(notice: Notice, settings: Settings) -> list[str]:
    """Send a notice wherever the environment says.

    Returns:
        For each receiver that could not be reached, which and why: a notice that does not arrive must not hide the
        failure that it tells of.
    """
    faults = []
    if address := os.environ.get("SOCIAL_ROI_WEBHOOK"):
        faults.append(_post(address, {"text": notice.text, **asdict(notice)}))
    if (server := os.environ.get("SOCIAL_ROI_SMTP")) and settings.notify_by_email:
        faults.append(_mail(server, settings.notify_by_email, notice))
    return [fault for fault in faults if fault]


def _post(address: str, payload: dict[str, Any]) -> str | None:
    if urlsplit(address).scheme not in ("http", "https"):
        return "SOCIAL_ROI_WEBHOOK is no http or https address"
    request = Request(address, json.dumps(payload).encode(), {"Content-Type": "application/json"})  # noqa: S310 - checked
    try:
        with urlopen(request, timeout=PATIENCE):  # noqa: S310 - checked
            return None
    except (URLError, OSError, ValueError) as error:
        return f"the webhook at {urlsplit(address).hostname} does not take the notice: {error}"


def _mail(server: str, receivers: tuple[str, ...], notice: Notice) -> str | None:
    parts = urlsplit(server)
    message = EmailMessage()
    message["Subject"] = notice.subject
    message["From"] = unquote(parts.username) if parts.username and "@" in unquote(parts.username) else receivers[0]
    message["To"] = ", ".join(receivers)
    message.set_content(notice.text)
    kind = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
    try:
        with kind(parts.hostname or "localhost", parts.port or 0, timeout=PATIENCE) as connection:
            if parts.password:
                if parts.scheme == "smtp":
                    connection.starttls()
                connection.login(unquote(parts.username or ""), unquote(parts.password))
            connection.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        return f"the mail server {parts.hostname} does not take the notice: {error}"
    return None
