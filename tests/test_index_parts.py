"""An index of parts, joined, against the index of all pages at once."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import cbor2
import pytest

from servicebook.language.messages import messages_in
from servicebook.site import index_parts, pagefind

SAY = messages_in("es")


def page(number: int) -> str:
    """Return a page with words of its own and of all, two spellings of one, and fields that not all have."""
    field = f'<meta data-pagefind-meta="danger{number % 3}[content]" content="fuego y humo {number}">'
    return (
        '<!doctype html><html lang="es"><head>'
        f'<meta data-pagefind-meta="url[content]" content="pagina-{number:02}/">'
        f"{field if number > 5 else ''}</head><body data-pagefind-body>"
        f'<h2 id="haz" data-pagefind-weight="0.2">Haz {"cómo" if number % 2 else "como"}</h2>'
        f"<p>Saluda al llegar, número{number} y n{number * 7}. {'Saluda otra vez. ' * number}</p>"
        "</body></html>"
    )


def read(path: Path) -> Any:
    return cbor2.loads(gzip.decompress(path.read_bytes()).removeprefix(index_parts.SIGNATURE))


def held(index: Path) -> tuple[dict[tuple[str, str, str], Any], list[list[str]]]:
    """Return what an index holds of each word, its pages and fields by their names, and its files.

    By the word and its spelling, a page's address, and where on the page: in the text, and in each field.
    """
    (told,) = json.loads((index / "pagefind-entry.json").read_text(encoding="utf-8"))["languages"].values()
    _, pages, files, _, _, fields = read(index / f"pagefind.{told['hash']}.pf_meta")
    assert told["page_count"] == len(pages)
    names = {path.stem for path in (index / "fragment").iterdir()}
    assert names == {name for name, _ in pages}, "every page is kept under its name, and no other"
    urls = []
    for name, _ in pages:
        kept = gzip.decompress((index / "fragment" / f"{name}.pf_fragment").read_bytes())
        urls.append(json.loads(kept.removeprefix(index_parts.SIGNATURE))["meta"]["url"])
    assert {path.stem for path in (index / "index").iterdir()} == {name for *_, name in files}
    found: dict[tuple[str, str, str], Any] = {}
    for first, last, name in files:
        for word, own, spellings in read(index / "index" / f"{name}.pf_index")[0]:
            assert first <= word[: len(first)], "a word is looked up in the file that has it"
            assert word[: len(last)] <= last
            for spelling, hits in [(word, own), *spellings]:
                at = 0
                for step, places, in_fields in hits:
                    at += step
                    named = [fields[~place] if place < 0 else place for place in in_fields]
                    found[word, spelling, urls[at]] = (places, named)
    return found, files


@pytest.fixture
def small_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_parts, "_FULL", 60)
    monkeypatch.setattr(index_parts, "_FULL_BYTES", 300)


def index(pages: list[str], home: Path) -> Path:
    home.mkdir()
    return pagefind.index_pages(pages, SAY, home)


def as_pagefind_made_it(pages: list[str], home: Path) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pagefind, "can_join", lambda: False)
        return index(pages, home)


@pytest.mark.usefixtures("small_files")
def test_joined_parts_hold_what_one_index_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = [page(number) for number in range(24)]
    whole, _ = held(as_pagefind_made_it([*pages], tmp_path / "whole"))
    monkeypatch.setattr(pagefind, "PART", sum(map(len, pages)) // 4)
    given = [*pages]
    joined, files = held(index(given, tmp_path / "parts"))
    assert len([*(tmp_path / "parts").glob("index-*")]) == 5
    assert not given, "no page is kept while the next are indexed"
    assert joined == whole
    assert len(files) > 3, "words are sent in more files than one"
    assert {spelling for word, spelling, _ in joined if word == "com"} == {"com", "cómo"}


@pytest.mark.usefixtures("small_files")
def test_words_are_sent_in_small_files_that_hold_what_the_large_one_held(tmp_path: Path) -> None:
    pages = [page(number) for number in range(24)]
    whole, few = held(as_pagefind_made_it([*pages], tmp_path / "whole"))
    split, many = held(index([*pages], tmp_path / "split"))
    assert split == whole
    assert len(many) > 3 * len(few)
    largest = max((tmp_path / "split/index-0/index").iterdir(), key=lambda path: path.stat().st_size)
    words = read(largest)[0]
    assert sum(len(cbor2.dumps(word)) for word in words[:-1]) < 300, "the next word begins another file"


def test_a_list_of_any_length_is_read() -> None:
    for count in (0, 23, 24, 255, 256, 70_000):
        coded = b"\x81" + cbor2.dumps([1] * count)
        assert index_parts._head_of(coded, 1) == (count, len(coded) - count)


def test_the_same_parts_give_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = [page(number) for number in range(9)]
    monkeypatch.setattr(pagefind, "PART", sum(map(len, pages)) // 3)
    one, other = index([*pages], tmp_path / "one"), index([*pages], tmp_path / "other")
    names = sorted(path.relative_to(one) for path in one.rglob("*") if path.is_file())
    assert names == sorted(path.relative_to(other) for path in other.rglob("*") if path.is_file())
    assert all((one / name).read_bytes() == (other / name).read_bytes() for name in names)


def test_pages_of_two_parts_that_share_a_name_are_both_kept(tmp_path: Path) -> None:
    parts = [index([page(number)], tmp_path / f"{number}") for number in (1, 2)]
    names = [next((part / "fragment").iterdir()).stem for part in parts]
    # A name is the beginning of a digest: in thousands of pages two begin alike now and then.
    entry = json.loads((parts[1] / "pagefind-entry.json").read_text(encoding="utf-8"))
    meta = parts[1] / f"pagefind.{entry['languages']['es']['hash']}.pf_meta"
    told = read(meta)
    told[1][0][0] = names[0]
    meta.write_bytes(gzip.compress(index_parts.SIGNATURE + cbor2.dumps(told)))
    (parts[1] / "fragment" / f"{names[1]}.pf_fragment").rename(
        parts[1] / "fragment" / f"{names[0]}.pf_fragment"
    )
    index_parts.join_parts(parts)
    found, _ = held(parts[0])
    assert {url for *_, url in found} == {"pagina-01/", "pagina-02/"}


def test_an_unknown_pagefind_gets_all_pages_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_parts, "version", lambda _: "2.0.0")
    monkeypatch.setattr(pagefind, "PART", 10)
    index([page(number) for number in range(3)], tmp_path / "all")
    assert len([*(tmp_path / "all").glob("index-*")]) == 1
