"""Files of Great Expectations' stores that are there whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from great_expectations.data_context.store.tuple_store_backend import TupleFilesystemStoreBackend


class WholeFiles(TupleFilesystemStoreBackend):  # type: ignore[misc]
    """Writes beside and renames. Great Expectations' own backend writes in place: where a process is killed on the way
    it leaves a part of a file, over which every later run stumbles."""

    def _set(self, key: Any, value: str | bytes, **_: Any) -> str:
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            beside.write_bytes(value.encode() if isinstance(value, str) else value)
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
        return str(path)

    def _has_key(self, key: Any) -> bool:
        """One of no length is none: a version that wrote in place was killed when it had begun."""
        path = self._path(key)
        return path.is_file() and path.stat().st_size > 0

    def _path(self, key: Any) -> Path:
        parts = key if isinstance(key, tuple) else key.to_tuple()
        below: str = self._convert_key_to_filepath(parts)
        return Path(self.full_base_directory) / below
