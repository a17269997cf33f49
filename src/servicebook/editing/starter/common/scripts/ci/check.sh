#!/usr/bin/env bash
# Checks content, form and, against a commit, what changes must bring with them: check.sh [COMMIT]
# Every check runs, so that an editor sees all there is to mend at once.
set -uo pipefail
format="${SERVICEBOOK_FORMAT:-github}"
failed=0
servicebook check --format "$format" || failed=1
servicebook fmt --check --format "$format" || failed=1
if [[ -n "${1:-}" ]]; then
  servicebook diff "$1" --enforce --format "$format" || failed=1
fi
if [[ -f playbook/queries.yml && "$failed" == 0 ]]; then
  servicebook search || failed=1
fi
exit "$failed"
