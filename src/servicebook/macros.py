"""The module that mkdocs-macros loads: it hands the playbook's macros to the pages."""

from __future__ import annotations

from typing import Any

from servicebook.reference.whole import parts_of
from servicebook.site.macros import NAMES
from servicebook.site.slots import Pages, page_line


def define_env(env: Any) -> None:
    """Register every macro. `env` is mkdocs-macros' own: its configuration, and the page being read."""
    plugin = env.conf["plugins"]["servicebook"]
    plugin.pages.macros.reference_of = parts_of
    for name in NAMES:
        env.macro(_caller(env, plugin, name), name)


def _caller(env: Any, plugin: Any, name: str) -> Any:
    def call(*arguments: Any, **options: Any) -> str:
        pages: Pages = plugin.pages
        page = plugin.page_name(env.page)
        return pages.call(page, plugin.first_line(env.page) + page_line() - 1, name, *arguments, **options)

    return call
