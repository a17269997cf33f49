"""The reference of a playbook, part by part."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from servicebook.building.events import ServicebookConfig
from servicebook.reference.commands import commands_of
from servicebook.reference.fields import fields_of, settings_of
from servicebook.reference.templates import templates_of
from servicebook.reference.told import Named, Topic
from servicebook.reference.words import words_of
from servicebook.site.macros import NAMES
from servicebook.site.site import Site
from servicebook.site.slots import example_of


def parts_of(site: Site) -> Mapping[str, Callable[[], Sequence[Topic]]]:
    """Return what makes each part of the reference of a site's playbook, by the name of the part."""
    say, kinds = site.say, site.playbook.kinds
    return {
        "fields": lambda: fields_of(kinds, say),
        "settings": lambda: [*settings_of(kinds, say), _options(site)],
        "macros": lambda: [_macros(site)],
        "commands": lambda: commands_of(say),
        "words": lambda: words_of(say),
        "templates": lambda: templates_of(say),
    }


def _macros(site: Site) -> Topic:
    said = {name: site.say(f"reference.macro.{name}") for name in NAMES}
    rows = tuple(Named(example_of(name), text) for name, text in said.items())
    return Topic("macros", site.say("reference.macros"), rows=rows)


def _options(site: Site) -> Topic:
    """The plugin's options."""
    say, usual = site.say, ServicebookConfig()
    rows = [
        Named(name, say(f"reference.option.{name}"), say("reference.usual", value=str(usual[name]).lower()))
        for name, _ in ServicebookConfig._schema
    ]
    return Topic("mkdocs", "mkdocs.yml", say("reference.options"), tuple(rows))
