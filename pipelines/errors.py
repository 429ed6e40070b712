"""Errors that a user can act on: each says where it happened and what to do."""

from __future__ import annotations


class SocialRoiError(Exception):
    """A refusal with a way out. The command line prints it in one line and exits with ``exit_code``."""

    exit_code = 1

    def __init__(self, what: str, *, where: str | None = None, remedy: str | None = None) -> None:
        self.what = what
        self.where = where
        self.remedy = remedy
        super().__init__(str(self))

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}" if self.where else self.what
        return f"{text}. {self.remedy}" if self.remedy else text


class UsageError(SocialRoiError):
    """The command is off: nothing was touched."""

    exit_code = 2


class NotReadyError(SocialRoiError):
    """A setting is off, or a folder or a key that the command needs cannot be used: nothing was touched."""


class SpecError(SocialRoiError):
    """A source specification does not follow its schema; names the file and the key."""


class UnreadableFileError(SocialRoiError):
    """A landed file cannot be read as any table: empty, encrypted, cut off, unknown encoding."""


class BusyError(SocialRoiError):
    """Another run holds the writer lock."""


class CheckStopError(SocialRoiError):
    """A stop-level expectation failed: the earlier publication stays in place."""
