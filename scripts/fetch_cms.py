"""Fetch the program of the editors' forms: `python scripts/fetch_cms.py [FOLDER]`.

It weighs five megabytes, so it is not kept in the repository; npm fetches it at a pinned version, and its
digest is compared before anything of it is used.
"""

import hashlib
import sys
import tarfile
import tempfile
from pathlib import Path

import environment

# The package, the digest of its archive, and which of its files are needed.
PACKAGES = (
    (
        "decap-cms@3.16.3",
        "85ff9d3e50a1ed32665a5f3ee954731d839686b8b9c605249eb65b0dec1a59ee"
        "2cf41ef127c3d0ba0a7640779295d3142b36afebecf4a08a7051885424362d63",
        r"package/dist/decap-cms.js",
    ),
    (
        "js-yaml@5.5.0",
        "a5a36be0b14814f8de7929b035876b6fc15a7cb2c6fc2af601fdc68dbb072790"
        "b12231f8af47367a696645d02da4f02278fd60455ce4e9bb816d53f980130602",
        r"package/dist/js-yaml.mjs",
    ),
)


def fetch_all(npm: Path, folder: Path) -> None:
    """Put the program and the reader of YAML that it is given into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for package, digest, name in PACKAGES:
        _fetch(npm, package, digest, name, folder)


def _fetch(npm: Path, package: str, digest: str, name: str, folder: Path) -> None:
    """Put one file of a package into `folder`; ends this program when the archive is not the pinned one."""
    with tempfile.TemporaryDirectory() as place:
        environment.run([str(npm), "pack", package, "--silent", "--pack-destination", place])
        (archive,) = Path(place).glob("*.tgz")
        if hashlib.sha512(archive.read_bytes()).hexdigest() != digest:
            environment.say("wrong-digest", package=package)
            raise SystemExit(1)
        with tarfile.open(archive) as files:
            content = files.extractfile(name)
            assert content is not None  # noqa: S101 - the digest vouches for it
            (folder / Path(name).name).write_bytes(content.read())


if __name__ == "__main__":
    environment.prepare()
    environment.install_npm()
    asked = Path(sys.argv[1]) if len(sys.argv) > 1 else environment.ROOT / ".servicebook" / "cms"
    fetch_all(environment.NPM, asked.resolve())
