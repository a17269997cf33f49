"""Tests of programs from npm, which `python scripts/node_checks.py` installs; only it collects them."""

from __future__ import annotations

import os

collect_ignore_glob = [] if "SERVICEBOOK_NODE" in os.environ else ["test_*.py"]
