#!/usr/bin/env bash
# Opens or refreshes the one issue that lists what is to be reviewed: review.sh TITLE LABEL
set -euo pipefail
body="$(mktemp)"
servicebook review --format markdown > "$body"
gh label create "$2" --force > /dev/null
existing="$(gh issue list --state open --label "$2" --limit 1 --json number --jq '.[0].number // empty')"
if [[ -n "$existing" ]]; then
  gh issue edit "$existing" --title "$1" --body-file "$body"
else
  gh issue create --title "$1" --label "$2" --body-file "$body"
fi
