#!/usr/bin/env bash
# Brings one commit, without its history, so that versions can be compared: fetch.sh COMMIT
set -euo pipefail
git cat-file -e "$1^{commit}" 2>/dev/null || git fetch --quiet --no-tags --depth=1 origin "$1"
