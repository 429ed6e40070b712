"""Personal identifiers: a keyed digest instead of the person, from the first byte that is kept."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from contextlib import suppress
from functools import cache, lru_cache
from pathlib import Path

from pipelines.errors import NotReadyError
from pipelines.settings import key_file

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def _make_key(path: Path) -> None:
    """Write a new key whole, unless another process was faster."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(secrets.token_hex(32).encode())
    try:
        with suppress(FileExistsError):
            os.link(temporary, path)
    finally:
        temporary.unlink()


@cache
def _key(path: Path) -> bytes:
    """The key, made on first use and readable by its owner alone.

    Raises:
        NotReadyError: the file is there and cannot be used, or cannot be made.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _make_key(path)
        key = path.read_bytes().strip()
    except OSError as error:
        raise NotReadyError(
            f"the key for personal identifiers cannot be used: {error.strerror}",
            where=str(path),
            remedy="Set SOCIAL_ROI_KEY_FILE to a file that this user can read and write",
        ) from error
    if len(key) < 32:
        raise NotReadyError("the key for personal identifiers is shorter than 32 characters", where=str(path))
    return key


@lru_cache(maxsize=100_000)
def pseudonym(value: str) -> str:
    """The keyed HMAC-SHA256 of an identifier after trim and lower case, as ``p_`` and 32 hexadecimal digits."""
    folded = value.strip().lower().encode()
    return "p_" + hmac.new(_key(key_file()), folded, hashlib.sha256).hexdigest()[:32]


def person(value: str) -> str:
    """An e-mail address becomes its pseudonym; an identifier that is none stays as it is."""
    return pseudonym(value) if _EMAIL.fullmatch(value.strip()) else value.strip()
