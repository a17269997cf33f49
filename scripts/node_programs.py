"""Node and the programs from npm that tests drive, each by a hashed lock, in a folder that git ignores.

They are apart from `requirements.lock`: whoever only looks at the site needs none of them.
"""

from __future__ import annotations

import hashlib

import environment

FOLDER = environment.ROOT / ".servicebook" / "node"
STAMP = FOLDER / "stamp"
# The forms' program is pinned where it is fetched.
PINNED = environment.ROOT / "src" / "servicebook" / "editing" / "cms_program.py"


def prepare() -> None:
    """Install what the locks name, unless it is there already."""
    stamp = _stamp()
    if environment.NPM.exists() and STAMP.exists() and STAMP.read_text(encoding="utf-8") == stamp:
        return
    environment.say("installing-node")
    environment.install_npm()
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        (FOLDER / name).write_bytes((environment.NODE_LOCKS / name).read_bytes())
    quiet = ["--silent", "--no-audit", "--no-fund", "--ignore-scripts"]
    environment.run([str(environment.NPM), "ci", *quiet, "--prefix", str(FOLDER)])
    fetch = ["fetch-cms", "--cms", str(FOLDER / "cms"), "--npm", str(environment.NPM)]
    environment.run([str(environment.PYTHON), "-m", "servicebook", *fetch])
    STAMP.write_text(stamp, encoding="utf-8")


def _stamp() -> str:
    """Return what the folder was made from: a change of any of it makes it anew."""
    sources = [*sorted(environment.NODE_LOCKS.iterdir()), PINNED]
    return hashlib.sha256(b"\0".join(source.read_bytes() for source in sources)).hexdigest()
