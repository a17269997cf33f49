#!/usr/bin/env bash
# Makes the site, and a comment that tells what changes since a commit: preview.sh COMMIT COMMENT [ADDRESS]
# ADDRESS is where the preview can be fetched; the comment leads there.
set -euo pipefail
mkdir -p "$(dirname "$2")"
# What a change lacks is the check's to refuse; here it is only told.
# Where it cannot be told, the comment says that, and the step fails when all is done.
servicebook diff "$1" --enforce --format markdown ${3:+--preview "$3"} > "$2" 2> "$2.errors" && told=0 || told=$?
if [[ $told -gt 1 ]]; then
  cat "$2.errors" >&2
  { echo "⚠️ servicebook diff ($told):"; echo; sed 's/^/    /' "$2.errors"; } > "$2"
fi
rm -f "$2.errors"
# Who edits in a browser cannot run the command that gives a file its form, so the comment brings the text.
servicebook fmt --check --format markdown >> "$2" || [[ $? -eq 1 ]]
servicebook build --site-dir site
[[ $told -le 1 ]]
