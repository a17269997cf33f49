#!/usr/bin/env bash
# Makes dist/ of a version: wheel, source, a list of all that it is made of, and its part of the changelog: release.sh vVERSION
# The tag, the package and the changelog must name the same version.
set -euo pipefail
version="${1#v}"
grep -qx "__version__ = \"$version\"" src/servicebook/__init__.py || { echo "src/servicebook/__init__.py is not $version" >&2; exit 1; }
grep -q "^## $version, [0-9]" CHANGELOG.md || { echo "CHANGELOG.md has no dated section $version" >&2; exit 1; }
python -m pip install --quiet --require-hashes --requirement scripts/release/requirements.lock
rm -rf dist
python -m build --no-isolation --outdir dist .
cyclonedx-py requirements requirements.lock --output-reproducible --output-file "dist/servicebook-$version.cdx.json"
awk -v start="## $version," 'index($0, start) == 1 { on = 1; next } /^## / { on = 0 } on' CHANGELOG.md > "dist/CHANGES-$version.md"
