"""What is no danger raises no page, in any language; what is one raises its own."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from servicebook.building.build import build_project
from servicebook.language.messages import LANGUAGES, Messages, messages_in
from servicebook.site.asking import Answer, ask
from tests.conftest import ROOT, copy_project, made_once, unprinted

SENTENCES = ROOT / "tests" / "browser"
STANDARD = "playbook/standards/EXT-{:02}.yml"


def sentences_of(name: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = yaml.safe_load((SENTENCES / f"{name}.yml").read_text(encoding="utf-8"))
    return found


def make_pages(folder: Path, language: str) -> Path:
    """Make a site with one urgent page for each danger that a language names, and nothing else urgent."""
    say = messages_in(language)
    project = copy_project(folder / "project", {})
    standard = project.joinpath(STANDARD.format(1)).read_text(encoding="utf-8")
    for place, forms in enumerate(say.under("search.dangers").values(), 2):
        about = f"id: EXT-{place:02}\ntitle: {forms.split(', ')[0].capitalize()}\nurgent: true\n"
        text = about + standard.partition("\n")[2].partition("\n")[2]
        project.joinpath(STANDARD.format(place)).write_text(text, encoding="utf-8")
    for name in ("mkdocs.yml", "playbook/playbook.yml"):
        text = project.joinpath(name).read_text(encoding="utf-8")
        project.joinpath(name).write_text(
            text.replace("language: es", f"language: {language}"), encoding="utf-8"
        )
    with unprinted():
        build_project(project, folder / "site", "mkdocs", say, lambda step: None)
    return folder / "site"


@pytest.fixture(scope="module", params=LANGUAGES)
def asked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """Return a language and the site of its dangers."""
    language: str = request.param

    def make(folder: Path) -> None:
        make_pages(folder, language)

    made = made_once(tmp_path_factory, f"dangers-{language}", make)
    return language, made / "site"


def is_raised(answer: Answer) -> bool:
    return any(found.urgent for found in answer.results)


def raised_in(site: Path, sentences: list[str], say: Messages) -> set[str]:
    answers = ask(site, sentences, 1, say)
    return {sentence for sentence, answer in zip(sentences, answers, strict=True) if is_raised(answer)}


def test_words_of_a_danger_that_say_another_thing_raise_no_page(asked: tuple[str, Path]) -> None:
    """Those that still do are named, each once, so that none comes to them unseen."""
    language, site = asked
    sentences = sentences_of("harmless")[language]
    assert len(sentences) == len({*sentences}) >= 50
    raised = raised_in(site, sentences, messages_in(language))
    assert sorted(raised) == sorted(sentences_of("harmless")[f"{language}-raised"])


def test_a_danger_in_another_order_and_other_words_leads_to_its_page(reference_site: Path) -> None:
    dangers = yaml.safe_load((SENTENCES / "dangers.yml").read_text(encoding="utf-8"))
    cries = [(cry, dangers[name]["first"]) for name, all_ in sentences_of("cries").items() for cry in all_]
    answers = ask(reference_site, [cry for cry, _ in cries], 1, messages_in("es"))
    assert len(cries) == 33
    missed = [
        f"{cry}: {[found.url for found in answer.results]}"
        for (cry, first), answer in zip(cries, answers, strict=True)
        if not any(found.url.strip("/").split("/")[-1] in first for found in answer.results)
    ]
    assert not missed, "\n".join(missed)
