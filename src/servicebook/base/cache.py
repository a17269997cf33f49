"""What was read from a YAML file, kept by the file's content, so that an unchanged file is not parsed again.

The cache holds plain data and no code, stands in the user's own cache folder where no pull request can write,
and carries a digest: one that is damaged, or of another engine, is a cache that is not there.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from platformdirs import user_cache_path

from servicebook import __version__

_FORMAT = f"servicebook {__version__} data 3"


def _folder_of(root: Path) -> Path:
    """Return the cache's folder of a project; each has one of its own."""
    name = hashlib.sha256(str(root.resolve()).encode()).hexdigest()[:16]
    return user_cache_path("servicebook") / name


class DataCache:
    """What the files of one playbook held, as JSON, by the digest of their bytes."""

    def __init__(self, root: Path, maker: str = "") -> None:
        """`root` is the playbook's folder; each has a cache of its own.

        `maker` tells the code that makes data of a file from its other versions.
        """
        self._path = _folder_of(root) / "data"
        self._format = f"{_FORMAT} {maker}"
        self._kept = self._load()

    def get(self, digest: str) -> bytes | None:
        """Return what a file with this digest held, or None."""
        return self._kept.get(digest)

    def replace(self, used: Mapping[str, bytes]) -> None:
        """Keep what is `used` now, by digest, and forget the rest."""
        if used.keys() == self._kept.keys():
            return
        beside = self._path.with_suffix(f".{os.getpid()}")
        sums = hashlib.sha256()
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with beside.open("wb") as file:
                for digest, data in used.items():
                    line = digest.encode() + b" " + data + b"\n"
                    sums.update(line)
                    file.write(line)
                file.write(f"{self._format} {sums.hexdigest()}".encode())
            beside.replace(self._path)
        except OSError:
            # A home that cannot be written to costs time at the next run and nothing else.
            _put_away(beside)

    def _load(self) -> dict[str, bytes]:
        try:
            *lines, seal = self._path.read_bytes().splitlines(keepends=True)
        except (OSError, ValueError):
            return {}
        sums = hashlib.sha256()
        for line in lines:
            sums.update(line)
        if seal != f"{self._format} {sums.hexdigest()}".encode():
            return {}
        parted = (line[:-1].partition(b" ") for line in lines)
        return {digest.decode(): data for digest, _, data in parted}


class FileCache:
    """Files that were made of something, by the digest of what they were made of."""

    def __init__(self, root: Path | None, name: str = "files") -> None:
        """`root` is the project's folder; each has a cache of its own. None stands for the engine."""
        self._folder = (_folder_of(root) if root else user_cache_path("servicebook")) / name
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
            _put_away(beside)

    def forget_unused(self) -> None:
        """Remove the files that nobody asked for since the cache was opened."""
        try:
            unused = [path for path in self._folder.iterdir() if path.name not in self._used]
        except OSError:
            return
        for path in unused:
            _put_away(path)


def _put_away(path: Path) -> None:
    """Remove a file, if it is there and the disk lets go of it: one that is only read says no to both."""
    with contextlib.suppress(OSError):
        path.unlink()
