"""How changes are told: as lines, a comment, data; what is shortened, counted, and shown by its name."""

from __future__ import annotations

from typing import Any

import pytest

from servicebook.base.problems import Location, Problem
from servicebook.editing.classes import Kind, Weight
from servicebook.editing.compare import find_differences
from servicebook.editing.difference import Difference
from servicebook.editing.explain import (
    as_annotation,
    as_data,
    as_markdown,
    as_text,
    count_weights,
    escape_markdown,
    explain,
    field_label,
    forms_as_markdown,
    shown,
)
from servicebook.editing.versions import Version
from tests.test_diff import SAY, base_files, patched, version_of

NAME = "standards/EXT-01.yml"


def compared(new: dict[str, Any], **others: Any) -> tuple[list[Difference], Version]:
    files = base_files()
    one, other = version_of(files), version_of(patched(files, {NAME: new, **others}))
    return find_differences(one, other, SAY("diff.numbers").split()), other


def change(old: Any, new: Any, *loc: str | int, kind: Kind = Kind.CHANGED) -> Difference:
    document = version_of(base_files()).documents["standard", "EXT-01"]
    return Difference(document, kind, Weight.SUBSTANTIVE, loc or ("statement",), old, new)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("a b c", "a b d", "a b c → a b d"),  # three words are shown whole
        ("a b c d", "a b c e", "a b c [-d-] {+e+}"),
        ("a b c d e", "x y z", "a b c d e → x y z"),
        ("a b c d", "a b c d e", "a b c d {+e+}"),
        ("a*b", "c*d", "a*b → c*d"),  # only Markdown has signs to be escaped
        ("a b c~c d", "a b c~c e", "a b c~c [-d-] {+e+}"),
        ("a b c d e", "a b c d", "a b c d [-e-]"),
    ],
)
def test_words_are_marked_from_four_words_on(old: str, new: str, told: str) -> None:
    assert explain(change(old, new), "text", SAY) == f"Promesa: {told}"


def test_what_nobody_checked_is_shown_and_not_obeyed() -> None:
    """A proposal is looked at before it is checked: its signs move no terminal, and call or link nobody."""
    bad = "uno \x1b[2J dos\t\x9b31m \u202e tres"
    told = "uno (U+001B)[2J dos (U+009B)31m (U+202E) tres"
    found, new = compared({"title": bad, "statement": f"{bad} cuatro", "<@uno>\x1b": "x"})
    text, page = as_text(found, SAY), as_markdown(found, [], new, SAY)
    assert told in text
    assert f"{told} cuatro" in " ".join(as_annotation(found[1], SAY)[1].split())
    for said in (text, page, *(explain(one, "text", SAY) for one in found)):
        assert not set("\x1b\x9b\u202e") & set(said)
    assert "<@uno>(U+001B)" in text
    assert "\\<@\u200buno\\>(U+001B)" in page


def test_a_file_that_is_named_like_markdown_is_code() -> None:
    problem = Problem(Location("playbook/standards/`@uno`.yml"), "empty-file")
    _, new = compared({})
    assert "- `` playbook/standards/`@uno`.yml:1:1 `` " in as_markdown([], [problem], new, SAY)
    assert "`` a`b.yml ``" in forms_as_markdown({"a`b.yml": "x"}, SAY)


LINK = "Deja [el celular](https://banco.example/) y la pantalla."


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        # Where a link leads and what is emphasised is no word, and changes all the same.
        (
            LINK,
            LINK.replace("banco", "malo"),
            "Deja [el [-celular](https://banco.example-] {+celular](https://malo.example+}/) y la pantalla.",
        ),
        (
            LINK,
            LINK.replace("banco", "malo").replace("pantalla", "vista"),
            "Deja [el [-celular](https://banco.example-] {+celular](https://malo.example+}/) y la "
            "[-pantalla-] {+vista+}.",
        ),
        (
            "Mira a todos los [dos](EXT-01).",
            "Mira a todos los [dos](vip).",
            "[[-dos](EXT-01-] {+dos](vip+}).",
        ),
        ("Saludas a todos hoy.", "Saludas a *todos* hoy.", "Saludas a [-todos-] {+*todos*+} hoy."),
        # What looks the same is told by the code of what differs.
        ("Al llegar", "Al\u00a0llegar", "Al llegar → Al(U+00A0)llegar"),
        (
            "Saludas a todos hoy y ya.",
            "Saludas a\u00a0todos hoy y ya.",
            "Saludas a {+(U+00A0)+}todos hoy y ya.",
        ),
        ("Saludas a todos hoy.", "Saludas a to\u00addos hoy.", "Saludas a [-todos-] {+to(U+00AD)dos+} hoy."),
        ("Así", "Asi\u0301", "Así → Asi\u0301(U+0301)"),
        (
            "Saludas así a todos.",
            "Saludas asi\u0301 a todos.",
            "Saludas [-así-] {+asi\u0301(U+0301)+} a todos.",
        ),
        ("Saludar", "S\u0430ludar", "Saludar → S\u0430(U+0430)ludar"),
        ("\u039f a", "O a", "\u039f(U+039F) a → O a"),
        # What can be seen needs no code.
        ("10\u00a0km", "12\u00a0km", "10\u00a0km → 12\u00a0km"),
        ("Привет", "Приветы", "Привет → Приветы"),
        ("Uno  dos", "Uno dos", "Uno dos (solo cambian espacios)"),
        ("Uno  dos tres cuatro", "Uno dos tres cuatro", "Uno dos tres cuatro (solo cambian espacios)"),
    ],
)
def test_no_change_hides_behind_what_is_read(old: str, new: str, told: str) -> None:
    said = explain(change(old, new), "text", SAY)
    assert said.startswith("Promesa: ")
    assert said.endswith(told)
    assert old == new or "→" in said or "{+" in said or "espacios" in said


def words(count: int, start: str = "w") -> str:
    return " ".join(f"{start}{i}" for i in range(count))


def test_what_stayed_is_shortened_around_what_changed() -> None:
    told = explain(change(f"{words(30)} x", f"{words(30)} y"), "text", SAY)
    assert told == f"Promesa: … {' '.join(f'w{i}' for i in range(23, 30))} [-x-] {{+y+}}"
    told = explain(change(f"x {words(30)} x", f"y {words(30)} y"), "text", SAY)
    first, last = (" ".join(f"w{i}" for i in some) for some in (range(7), range(23, 30)))
    assert told == f"Promesa: [-x-] {{+y+}} {first} … {last} [-x-] {{+y+}}"
    whole, shortened = (explain(change(f"{words(n)} x", f"{words(n)} y"), "text", SAY) for n in (16, 17))
    assert "…" not in whole
    assert "…" in shortened


def test_a_place_is_said_as_people_say_it() -> None:
    assert field_label(change("a", "b", "items", 0, "text"), SAY).split(" › ")[1:] == [
        "saludo",
        SAY("label.text"),
    ]
    assert field_label(change("a", "b", "do", 0), SAY) == SAY("label.do")
    assert field_label(change("a", "b", "items", 0), SAY) == SAY("label.items")
    assert field_label(change("a", "b", "items", 99, "text"), SAY).split(" › ")[1:] == [SAY("label.text")]
    assert field_label(change("a", "b", "own_field"), SAY) == "own_field"


def test_what_somebody_named_is_said_by_its_title_and_not_by_a_field_of_that_name() -> None:
    def levels(weight: int) -> dict[str, Any]:
        return {"levels": {"essential": {"title": "Lo primero", "weight": weight}}}

    files = base_files()
    old, new = (version_of(patched(files, {"playbook.yml": levels(weight)})) for weight in (3, 2))
    [found] = find_differences(old, new, ())
    assert field_label(found, SAY) == "Niveles › Lo primero › Peso"
    named = version_of(files).documents["metric", "csat"]
    loc = ("formula", "variables", "respuestas", "unit")
    one = Difference(named, Kind.CHANGED, Weight.CLARIFIED, loc, "a", "b")
    assert "Respuestas" in field_label(one, SAY).split(" › ")


def test_values_are_shown_by_their_names() -> None:
    one = change("a", "b", "level")
    assert shown("essential", one, SAY) == SAY("level.essential")
    assert shown(["essential", "otro"], one, SAY) == f"{SAY('level.essential')}, otro"
    assert shown({"id": "x", "a": "uno", "b": "dos  tres"}, one, SAY) == "uno · dos tres"
    assert [shown(value, one, SAY) for value in (None, 3, False)] == ["", "3", "False"]
    assert escape_markdown("*a* @b") == "\\*a\\* @\u200bb"


def test_lines_stand_by_entry_with_their_class_and_a_summary() -> None:
    found, _ = compared({"statement": "Saludas siempre a todos.", "intent": "Otra razón."})
    lines = as_text(found, SAY).splitlines()
    assert lines[0].startswith("EXT-01 · ")
    assert [line.startswith("  ") for line in lines] == [False, True, True, False, False]
    assert lines[-2] == ""
    assert lines[-1] == " · ".join(
        (SAY("diff.count.substantive", count=1), SAY("diff.count.editorial", count=1))
    )
    assert as_text([], SAY) == SAY("diff.nothing")
    assert count_weights(found) == {Weight.SUBSTANTIVE: 1, Weight.CLARIFIED: 0, Weight.EDITORIAL: 1}
    assert [*count_weights([])] == [Weight.SUBSTANTIVE, Weight.CLARIFIED, Weight.EDITORIAL]


def test_what_is_no_entry_stands_under_its_title_or_its_id() -> None:
    for term, head in (({"title": "CSAT"}, "CSAT"), ({}, "csat")):
        before, after = (
            version_of({**base_files(), "glossary.yml": [{"id": "csat", **term, "definition": text}]})
            for text in ("Un índice.", "Otra cosa.")
        )
        assert as_text(find_differences(before, after), SAY).splitlines()[0] == head


def test_roles_of_what_nobody_has_checked_are_told_where_they_can_be() -> None:
    files = base_files()
    for settings, roles, told in (
        (files["playbook.yml"], [{"a": "b"}, "mostrador"], True),
        ({**files["playbook.yml"], "roles": ["mostrador"]}, ["mostrador"], False),
        (None, ["mostrador"], False),
    ):
        changed = {NAME: {**files[NAME], "roles": roles, "statement": "Saludas siempre a todos."}}
        new = {**files, **changed, "playbook.yml": settings}
        version = version_of({name: data for name, data in new.items() if data is not None})
        said = as_markdown(find_differences(version_of(files), version), [], version, SAY)
        assert (SAY("diff.roles", roles="Mostrador") in said) is told


def test_a_comment_has_the_heaviest_first_and_names_the_roles_of_what_asks_for_something_else() -> None:
    found, version = compared({"statement": "Saludas siempre a todos.", "intent": "Otra razón."})
    problem = Problem(Location("playbook/x.yml", 3, 1), "id-reused", {"id": "EXT-01"})
    said = as_markdown(found, [problem], version, SAY, "https://a.mx/p/")
    heads = [line for line in said.splitlines() if line.startswith("#")]
    assert heads == [
        f"## {SAY('diff.title')}",
        f"### {SAY('diff.heading.missing')}",
        f"### {SAY('diff.heading.substantive')}",
        f"### {SAY('diff.heading.editorial')}",
    ]
    assert SAY("diff.roles", roles="Mostrador") in said
    assert SAY("diff.preview", address="https://a.mx/p/") in said
    assert "- `playbook/x.yml:3:1` " in said
    lighter, version = compared({"intent": "Otra razón."})
    quiet = as_markdown(lighter, [], version, SAY)
    assert "Mostrador" not in quiet
    assert SAY("diff.heading.missing") not in quiet
    assert as_markdown([], [], version, SAY) == f"## {SAY('diff.title')}\n\n{SAY('diff.nothing')}\n"


@pytest.mark.parametrize(("count", "shown_", "more"), [(39, 39, 0), (40, 40, 0), (41, 40, 1)])
def test_a_comment_is_no_longer_than_anybody_reads(count: int, shown_: int, more: int) -> None:
    terms = [{"id": f"p-{n}", "title": f"P {n}", "definition": "Una palabra."} for n in range(count)]
    files = {**base_files(), "glossary.yml": []}
    version = version_of({**files, "glossary.yml": terms})
    said = as_markdown(find_differences(version_of(files), version), [], version, SAY)
    assert said.count("\n- ") == shown_
    assert (SAY("diff.more", count=more) in said) is bool(more)


def test_files_are_given_to_be_copied_in_a_fence_longer_than_theirs() -> None:
    assert forms_as_markdown({}, SAY) == ""
    said = forms_as_markdown({"a.yml": "x: 1\n", "b.yml": "y: |\n  ````\n"}, SAY)
    assert "\n```yaml\nx: 1\n```\n" in said
    assert "\n`````yaml\ny: |\n  ````\n`````\n" in said
    three = {f"{n}.yml": "x" for n in range(3)}
    assert forms_as_markdown(three, SAY).count("yaml\n") == 3
    assert SAY("diff.more-files", count=1) not in forms_as_markdown(three, SAY)
    four = forms_as_markdown({**three, "4.yml": "x"}, SAY)
    assert four.count("yaml\n") == 3
    assert SAY("diff.more-files", count=1) in four


def test_data_and_annotations_say_the_same() -> None:
    found, _ = compared({"statement": "Saludas siempre a todos."})
    (one,) = found
    data = as_data(found, SAY)
    assert data["counts"] == {"substantive": 1, "clarified": 0, "editorial": 0}
    (told,) = data["differences"]
    assert (told["field"], told["change"], told["class"], told["line"]) == (
        "statement",
        "changed",
        "substantive",
        one.location.line,
    )
    assert told["entry"]["id"] == "EXT-01"
    assert told["words"] == one.words() != []
    title, sentence = as_annotation(one, SAY)
    assert title == f"{SAY('diff.weight.substantive')}: EXT-01"
    assert sentence == told["message"]


def test_an_entry_as_a_whole_is_told_by_what_became_of_it() -> None:
    for kind in (Kind.ADDED, Kind.REMOVED):
        one = Difference(change("a", "b").document, kind, Weight.SUBSTANTIVE)
        assert explain(one, "text", SAY) == SAY(f"diff.entry.{kind}", old="", new="", field="")
