#!/usr/bin/env bash
# Puts the engine and all that it needs, by the hashed lock, into the Python that runs: install.sh
set -euo pipefail
python -m pip install --quiet --require-hashes --requirement requirements.lock
python -m pip install --quiet --no-deps --requirement requirements.txt
