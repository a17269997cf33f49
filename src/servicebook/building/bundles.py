"""The files of a build with the styles and scripts joined that every page asks for."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from servicebook.base.resources import theme_folder
from servicebook.content.model.brand import Brand
from servicebook.content.model.settings import Settings
from servicebook.site import assets, scripts


def join_assets(files: Files, config: MkDocsConfig, settings: Settings) -> None:
    """Put the joined style sheets and script in the place of their parts; tools that no site has go too."""
    styles = {match[1]: file for file in files if (match := assets.PARTS.fullmatch(file.src_uri))}
    # Ours by name, whoever's: a script that a project has under another name is sent as it is.
    modules = {
        match[1]: file
        for file in files
        if (match := scripts.PARTS.fullmatch(file.src_uri)) and (theme_folder() / file.src_uri).is_file()
    }
    tools = [file for file in files if file.src_uri.startswith(assets.TOOLS)]
    languages = {match[1]: file for file in files if (match := scripts.LANGUAGES.fullmatch(file.src_uri))}
    for file in [*styles.values(), *tools, *languages.values(), *modules.values()]:
        files.remove(file)
    texts = {name: file.content_string for name, file in styles.items()}
    texts["brand"] = assets.brand_styles(settings.brand)
    texts["levels"] = assets.level_styles(settings.levels)
    parts = {name: file.content_string for name, file in modules.items()}
    spoken = languages.get(settings.language, languages["plain"]).content_string
    for address, text in {
        **assets.bundles(texts),
        **{file.src_uri: scripts.without_comments(parts[name]) for name, file in modules.items()},
        scripts.ENTRY: scripts.join_scripts(parts),
        scripts.SPOKEN: scripts.without_comments(spoken),
    }.items():
        files.append(File.generated(config, address, content=text))


def add_media(files: Files, config: MkDocsConfig, brand: Brand, media: Iterable[str], folder: Path) -> None:
    """Add the files that a brand and entries name from the playbook's `folder`."""
    named = {assets.brand_path(written): written for written in brand.files.values()}
    for address, written in {**named, **{one: one for one in media}}.items():
        files.append(File.generated(config, address, abs_src_path=str(folder / written)))
