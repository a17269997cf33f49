"""Tests that need programs from npm: collected only by `python scripts/node_checks.py`, which installs them."""

from __future__ import annotations

import os

collect_ignore_glob = [] if "SERVICEBOOK_NODE" in os.environ else ["test_*.py"]
