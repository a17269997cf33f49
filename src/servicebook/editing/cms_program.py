"""The program of the editors' forms, fetched by npm at a pinned version.

It weighs five megabytes, so it does not come with the engine; the digest of each archive is compared before
anything of it is used.
"""

from __future__ import annotations

import hashlib
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from servicebook.base.files import write_file
from servicebook.base.problems import RuleError
from servicebook.base.processes import run_program
from servicebook.base.programs import find_program

_LONGEST = 600  # seconds that an archive may take to arrive


class Package(NamedTuple):
    """A package, the SHA-512 digest of its archive, and which of its files is needed."""

    name: str
    digest: str
    file: str


PACKAGES = (
    Package(
        "decap-cms@3.16.3",
        "85ff9d3e50a1ed32665a5f3ee954731d839686b8b9c605249eb65b0dec1a59ee"
        "2cf41ef127c3d0ba0a7640779295d3142b36afebecf4a08a7051885424362d63",
        "package/dist/decap-cms.js",
    ),
    Package(
        "js-yaml@5.5.0",
        "a5a36be0b14814f8de7929b035876b6fc15a7cb2c6fc2af601fdc68dbb072790"
        "b12231f8af47367a696645d02da4f02278fd60455ce4e9bb816d53f980130602",
        "package/dist/js-yaml.mjs",
    ),
)


class FetchError(RuleError):
    """Raised when the program cannot be fetched; `rule` names the sentence under `fetch-cms.`."""


def fetch_program(npm: str, folder: Path, step: Callable[[str], None] = lambda name: None) -> None:
    """Put the program, and the reader of YAML that it is given, into `folder`: both or neither.

    `npm` is the name or path of npm; `step` is told of each package. Raises FetchError, OSError.
    """
    program = find_program(npm)
    if program is None:
        raise FetchError("no-npm", name=npm)
    contents = {}
    for package in PACKAGES:
        step(package.name)
        contents[Path(package.file).name] = _fetch(program, package)
    for name, content in contents.items():
        write_file(folder / name, content)


def _fetch(npm: str, package: Package) -> bytes:
    """Return the needed file of a package. Raises FetchError when its archive is not the pinned one."""
    with tempfile.TemporaryDirectory() as place:
        command = [npm, "pack", package.name, "--silent", "--pack-destination", place]
        try:
            code = run_program(command, Path(place), _LONGEST)
        except TimeoutError:
            code = -1
        archives = [*Path(place).glob("*.tgz")]
        if code or len(archives) != 1:
            raise FetchError("not-fetched", package=package.name)
        if hashlib.sha512(archives[0].read_bytes()).hexdigest() != package.digest:
            raise FetchError("wrong-digest", package=package.name)
        with tarfile.open(archives[0]) as files:
            content = files.extractfile(package.file)
            assert content is not None  # noqa: S101 - the digest vouches for it
            return content.read()
