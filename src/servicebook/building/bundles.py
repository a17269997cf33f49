"""The files of a build with the styles and scripts joined that every page asks for."""

from __future__ import annotations

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from servicebook.content.model.settings import Settings
from servicebook.site import assets, scripts


def join_assets(files: Files, config: MkDocsConfig, settings: Settings, folder: Path) -> None:
    """Put the joined style sheets and script in the place of their parts; tools that no site has go too.

    The brand's files, which `settings` name from the playbook's `folder`, come along.
    """
    styles = {match[1]: file for file in files if (match := assets.PARTS.fullmatch(file.src_uri))}
    modules = {match[1]: file for file in files if (match := scripts.PARTS.fullmatch(file.src_uri))}
    tools = [file for file in files if file.src_uri.startswith(assets.TOOLS)]
    languages = {match[1]: file for file in files if (match := scripts.LANGUAGES.fullmatch(file.src_uri))}
    for file in [*styles.values(), *tools, *languages.values(), modules["main"]]:
        files.remove(file)
    texts = {name: file.content_string for name, file in styles.items()}
    texts["brand"] = assets.brand_styles(settings.brand)
    for written in settings.brand.files.values():
        files.append(File.generated(config, assets.brand_path(written), abs_src_path=str(folder / written)))
    texts["levels"] = assets.level_styles(settings.levels)
    script = scripts.join_scripts({name: file.content_string for name, file in modules.items()})
    spoken = languages.get(settings.language, languages["plain"]).content_string
    for address, text in {
        **assets.bundles(texts),
        scripts.ENTRY: script,
        scripts.SPOKEN: spoken,
    }.items():
        files.append(File.generated(config, address, content=text))
