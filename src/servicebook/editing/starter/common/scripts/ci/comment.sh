#!/usr/bin/env bash
# Makes or updates our one comment on the pull request of a branch: comment.sh OWNER BRANCH FILE
# FILE may come from anybody: it is posted as text and nothing in it is run. The pull request is looked up by
# the branch that the code host names, never by what FILE says.
set -euo pipefail
marker='<!-- servicebook: cambios -->'
pull="$(gh api --method GET "repos/$GITHUB_REPOSITORY/pulls" -f state=open -f head="$1:$2" --jq '.[0].number // empty')"
[[ -n "$pull" ]] || exit 0
body="$(mktemp)"
# The code host takes 65,536 characters; iconv drops a letter that the cut went through.
{ echo "$marker"; head -c 60000 "$3" | iconv -c -f utf-8 -t utf-8; } > "$body"
ours=".[] | select(.user.login == \"github-actions[bot]\" and (.body | startswith(\"$marker\"))) | .id"
existing="$(gh api --paginate "repos/$GITHUB_REPOSITORY/issues/$pull/comments" --jq "$ours" | head -n 1)"
if [[ -n "$existing" ]]; then
  gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$existing" -F "body=@$body"
else
  gh api --silent --method POST "repos/$GITHUB_REPOSITORY/issues/$pull/comments" -F "body=@$body"
fi
