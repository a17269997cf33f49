#!/usr/bin/env bash
# Puts what the tests drive on a machine that has no apt-get: programs.sh
# (Where there is one, scripts/test.py brings them itself.)
set -euo pipefail
if command -v brew > /dev/null; then
  brew install --quiet --cask chromium firefox libreoffice ||
    brew install --quiet --cask google-chrome firefox libreoffice
elif command -v choco > /dev/null; then
  choco install --yes --no-progress firefox libreoffice-fresh
fi
