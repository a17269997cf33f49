"""What was read from a YAML file, kept by the file's content, so that an unchanged file is not parsed again.

The cache holds plain data and no code, stands in the user's own cache folder where no pull request can write,
and carries a digest: one that is damaged, or of another engine, is a cache that is not there.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path

from servicebook import __version__

_FORMAT = f"servicebook {__version__} data 1"


def _folder_of(root: Path) -> Path:
    """Return the cache's folder of a project; each has one of its own."""
    name = hashlib.sha256(str(root.resolve()).encode()).hexdigest()[:16]
    return user_cache_path("servicebook") / name


class DataCache:
    """The data of one playbook's files, by the digest of their bytes."""

    def __init__(self, root: Path) -> None:
        """`root` is the playbook's folder; each has a cache of its own."""
        self._path = _folder_of(root) / "data.json"
        self._known = self._load()
        self._used: dict[str, Any] = {}

    def knows(self, digest: str) -> bool:
        """Tell whether the data of a file with this digest is kept."""
        return digest in self._known

    def get(self, digest: str) -> Any | None:
        """Return the data of a file with this digest, or None."""
        data = self._known.get(digest)
        if data is not None:
            self._used[digest] = data
        return data

    def put(self, digest: str, data: Any) -> None:
        """Keep the data of a file with this digest."""
        self._used[digest] = data

    def save(self) -> None:
        """Write what was used since the cache was opened; what was not used is forgotten."""
        if self._used.keys() == self._known.keys():
            return
        body = json.dumps(self._used, ensure_ascii=False, separators=(",", ":")).encode()
        beside = self._path.with_suffix(f".{os.getpid()}")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            beside.write_bytes(f"{_FORMAT}\n{hashlib.sha256(body).hexdigest()}\n".encode() + body)
            beside.replace(self._path)
        except OSError:
            # A home that cannot be written to costs time at the next run and nothing else.
            beside.unlink(missing_ok=True)

    def _load(self) -> dict[str, Any]:
        try:
            format_, digest, body = self._path.read_bytes().split(b"\n", 2)
            if format_.decode() != _FORMAT or hashlib.sha256(body).hexdigest() != digest.decode():
                return {}
            known: dict[str, Any] = json.loads(body)
        except (OSError, ValueError):
            return {}
        return known


class FileCache:
    """Files that were made of a project, by the digest of what they were made of."""

    def __init__(self, root: Path) -> None:
        """`root` is the project's folder; each has a cache of its own."""
        self._folder = _folder_of(root) / "files"
        self._used: set[str] = set()

    def get(self, key: str) -> bytes | None:
        """Return the file kept under a key, or None; one that is damaged is as good as none."""
        self._used.add(key)
        try:
            digest, content = (self._folder / key).read_bytes().split(b"\n", 1)
        except (OSError, ValueError):
            return None
        return content if hashlib.sha256(content).hexdigest() == digest.decode(errors="replace") else None

    def put(self, key: str, content: bytes) -> None:
        """Keep a file under a key. A home that cannot be written to costs time at the next run only."""
        beside = self._folder / f"{key}.{os.getpid()}"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            beside.write_bytes(hashlib.sha256(content).hexdigest().encode() + b"\n" + content)
            beside.replace(self._folder / key)
        except OSError:
            beside.unlink(missing_ok=True)

    def forget_unused(self) -> None:
        """Remove the files that nobody asked for since the cache was opened."""
        try:
            unused = [path for path in self._folder.iterdir() if path.name not in self._used]
        except OSError:
            return
        for path in unused:
            path.unlink(missing_ok=True)
