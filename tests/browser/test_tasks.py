"""What readers come for takes as few taps as `scripts/reading.py` prints."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser
from tasks import PHONE, TASKS

# What each took when it was last looked at: taps, moves of the page.
COUNTED = {"calm": (1, 0), "refund": (2, 0), "morning": (1, 1), "audit": (59, 29)}


@pytest.mark.parametrize("name", TASKS)
def test_a_task_takes_as_few_taps_as_were_counted(browser: Browser, reference_url: str, name: str) -> None:
    task = TASKS[name]
    with browser.new_context(**PHONE) as context:
        context.set_default_timeout(20_000)
        walk = task.walk(context, reference_url)
    assert (walk.taps, walk.moves) == COUNTED[name]
    assert walk.taps <= task.taps
    assert walk.moves <= task.moves
