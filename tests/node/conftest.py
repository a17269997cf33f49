"""Tests that need programs from npm: only `python scripts/node_checks.py`, which installs them, runs these."""

from __future__ import annotations

import os

collect_ignore_glob = [] if "SERVICEBOOK_NODE" in os.environ else ["test_*.py"]
