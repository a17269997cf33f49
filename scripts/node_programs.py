"""Node and the programs from npm that tests drive, each by a hashed lock, in a folder that git ignores.

They are apart from `requirements.lock`: whoever only looks at the site needs none of them.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import environment
import fetch_cms

FOLDER = environment.ROOT / ".servicebook" / "node"
STAMP = FOLDER / "stamp"
LOCKS = environment.ROOT / "scripts" / "node"
NPM = environment.PYTHON.with_name("npm.exe" if os.name == "nt" else "npm")


def prepare() -> None:
    """Install what the locks name, unless it is there already."""
    stamp = _stamp()
    if NPM.exists() and STAMP.exists() and STAMP.read_text(encoding="utf-8") == stamp:
        return
    environment.say("installing-node")
    install_npm()
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        (FOLDER / name).write_bytes((LOCKS / name).read_bytes())
    quiet = ["--silent", "--no-audit", "--no-fund", "--ignore-scripts"]
    environment.run([str(NPM), "ci", *quiet, "--prefix", str(FOLDER)])
    fetch_cms.fetch_all(NPM, FOLDER / "cms")
    STAMP.write_text(stamp, encoding="utf-8")


def install_npm() -> None:
    """Put the locked node and npm into the project's environment."""
    pip = [str(environment.PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    environment.run([*pip, "--require-hashes", "-r", str(LOCKS / "requirements.lock")])


def _stamp() -> str:
    """Return what the folder was made from: a change of any of it makes it anew."""
    sources = [*sorted(LOCKS.iterdir()), Path(fetch_cms.__file__)]
    return hashlib.sha256(b"\0".join(source.read_bytes() for source in sources)).hexdigest()
