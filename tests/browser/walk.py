"""A walk over many pages, each looked at when it has come to rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from playwright.sync_api import BrowserContext, Page, ViewportSize


def walk(
    context: BrowserContext, root: str, addresses: Sequence[str], turns: Sequence[ViewportSize] = ()
) -> Iterator[tuple[str, Page]]:
    """Yield each address with its page, once nothing has come over the network for a while.

    There are two windows: while one page is looked at, the next comes to rest in the other. The windows may
    have a size each; pages then take turns in them.
    """
    windows = (context.new_page(), context.new_page())
    for window, size in zip(windows, turns, strict=False):
        window.set_viewport_size(size)
    for place, address in enumerate(addresses):
        if place == 0:
            windows[0].goto(root + address, wait_until="commit")
        if place + 1 < len(addresses):
            windows[(place + 1) % 2].goto(root + addresses[place + 1], wait_until="commit")
        page = windows[place % 2]
        page.wait_for_load_state("networkidle")
        yield address, page
