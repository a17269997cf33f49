"""What a change must bring with it, at its edges; how two texts are compared; who is asked to look."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from servicebook.base.problems import Problem, Severity
from servicebook.editing.classes import Weight
from servicebook.editing.codeowners import codeowners_text, read_held
from servicebook.editing.compare import find_differences
from servicebook.editing.difference import plain_text, texts_in
from servicebook.editing.policy import find_breaches
from servicebook.editing.versions import Version, kind_of_file, may_hold_content, read_folder
from servicebook.editing.words import compare_words
from tests.test_diff import SAY, base_files, patched, version_of
from tests.test_rules import customer, settings, standard

NAME = "standards/EXT-01.yml"


def breaches_of(old: dict[str, Any], new: dict[str, Any]) -> list[Problem]:
    before = patched(base_files(), {NAME: old} if old else {})
    one, other = version_of(before), version_of(patched(before, {NAME: new}))
    return find_breaches(one, other, find_differences(one, other, SAY("diff.numbers").split()))


def rules(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    return [problem.rule for problem in breaches_of(old, new)]


ANOTHER = "Saludas por su nombre a quien llega antes de que te hable."


def change(revision: str, reason: str = "Porque sí.", date: str = "2026-11-20") -> dict[str, str]:
    return {"revision": revision, "date": date, "reason": reason}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({}, {"statement": ANOTHER}, ["change-without-revision"]),
        ({"revision": "4"}, {"statement": ANOTHER}, ["change-without-revision"]),
        ({}, {"statement": ANOTHER, "revision": "2"}, ["change-without-reason"]),
        ({}, {"statement": ANOTHER, "revision": "2", "changes": [change("2")]}, []),
        ({}, {"statement": ANOTHER, "revision": "3", "changes": [change("3")]}, ["revision-skips"]),
        ({}, {"statement": ANOTHER, "revision": "3", "changes": [change("2"), change("3")]}, []),
        ({"revision": "3"}, {"revision": "5"}, ["revision-skips"]),
        ({"revision": "3"}, {"revision": "4"}, []),
        ({"revision": "3"}, {"revision": "6", "changes": [change("4"), change("6")]}, ["revision-skips"]),
        ({}, {"statement": ANOTHER, "revision": "2", "changes": [change("1")]}, ["change-without-reason"]),
        ({}, {"statement": ANOTHER, "revision": "2", "changes": [change("3")]}, ["change-without-reason"]),
        ({"changes": [change("2")]}, {"statement": ANOTHER, "revision": "2"}, ["change-without-reason"]),
        (
            {"changes": [change("2")]},
            {"statement": ANOTHER, "revision": "2", "changes": [change("2"), change("2", "Otra.")]},
            [],
        ),
        ({"revision": "2"}, {"revision": "1"}, ["revision-went-back"]),
        ({"revision": "2"}, {"revision": "1", "statement": ANOTHER}, ["revision-went-back"]),
        ({"revision": "2"}, {"revision": "2"}, []),
        # What the history told it goes on telling; how it says so is its own.
        ({"revision": "3", "changes": [change("2"), change("3")]}, {"changes": None}, ["history-dropped"]),
        (
            {"revision": "3", "changes": [change("2"), change("3")]},
            {"revision": "4", "statement": ANOTHER, "changes": [change("3"), change("4")]},
            ["history-dropped"],
        ),
        ({"revision": "3", "changes": [change("3")]}, {"changes": [change("3", "Otra.")]}, []),
        ({"status": "draft", "changes": [change("2")]}, {"changes": None}, []),
        # A number is what the model reads, however it is written.
        ({"revision": "3"}, {"revision": "3.0"}, []),
        ({"revision": "3"}, {"revision": "+4", "statement": ANOTHER, "changes": [change("4.0")]}, []),
        ({"revision": "3"}, {"revision": "3.5"}, ["revision-went-back"]),
        ({"revision": "3"}, {"revision": "inf"}, ["revision-went-back"]),
        ({}, {"revision": "2"}, []),
        ({"status": "draft"}, {"statement": ANOTHER}, []),  # a draft asks for nothing
        ({"status": "draft"}, {"statement": ANOTHER, "status": "active"}, []),
        # What nobody has checked may be no number and no map.
        ({}, {"revision": "uno"}, ["revision-went-back"]),
        ({}, {"statement": ANOTHER, "revision": "2", "changes": ["uno"]}, ["change-without-reason"]),
        ({}, {"revision": "3", "changes": ["uno"]}, ["revision-skips"]),
        ({"items": ["uno"], "sections": ["uno"]}, {"items": ["dos"]}, ["change-without-revision"]),
    ],
)
def test_a_substantive_change_raises_the_revision_and_gives_its_reason(
    old: dict[str, Any], new: dict[str, Any], expected: list[str]
) -> None:
    found = breaches_of(old, new)
    assert [one.rule for one in found] == expected
    # What a history told is missed by whoever looks back; nobody is stopped for it.
    assert all((one.severity is Severity.WARNING) == (one.rule == "history-dropped") for one in found)


def test_a_breach_says_the_field_the_next_number_and_the_line() -> None:
    (problem,) = breaches_of({"revision": "4"}, {"statement": ANOTHER})
    assert problem.values == {"id": "EXT-01", "field": "statement", "next": 5}
    (problem,) = breaches_of({"revision": "4"}, {"statement": ANOTHER, "revision": "5"})
    assert problem.values == {"id": "EXT-01", "revision": 5}
    assert (problem.location.path, problem.location.column) == ("playbook/standards/EXT-01.yml", 1)
    (problem,) = breaches_of({"revision": "4"}, {"revision": "3"})
    assert problem.values == {"id": "EXT-01", "old": 4, "new": 3}
    (problem,) = breaches_of({"revision": "3"}, {"revision": "6", "changes": [change("4"), change("6")]})
    assert problem.values == {"id": "EXT-01", "old": 3, "new": 6, "next": 5}
    # Of several fields the first one in the entry is named.
    (problem,) = breaches_of({}, {"statement": ANOTHER, "do": ["Camina.", "Mira."], "level": "expected"})
    assert problem.values["field"] == "statement"


@pytest.mark.parametrize(
    ("old", "new", "dropped"),
    [
        (["EXT-08"], [], ["EXT-08"]),
        (["EXT-08", "EXT-09"], ["EXT-09"], ["EXT-08"]),
        (["EXT-08"], ["EXT-09", "EXT-08"], []),
        ([], ["EXT-08"], []),
    ],
)
def test_a_former_id_stays(old: list[str], new: list[str], dropped: list[str]) -> None:
    found = breaches_of({"former_ids": old}, {"former_ids": new})
    assert [(one.rule, one.values["former"]) for one in found] == [
        ("former-id-dropped", id) for id in dropped
    ]


OTHER_WORDS = {"title": "Cobrar", "statement": "Entregas cuentas exactas."}


def test_an_id_that_says_something_else_is_another_s() -> None:
    assert "id-reused" in rules({}, OTHER_WORDS)
    assert "id-reused" not in rules({}, OTHER_WORDS | {"statement": "Saludas siempre."})
    assert "id-reused" not in rules({"status": "draft"}, OTHER_WORDS)
    # Words of three letters say nothing; four letters in common are a word in another form.
    assert "id-reused" not in rules({}, {"title": "Uno", "statement": "Das pan con sal."})
    short = {"title": "Sin", "statement": "Ves mesa rota."}
    assert "id-reused" in rules(short, {"title": "Sin", "statement": "Ves taza rosa."})
    assert "id-reused" not in rules(short, {"title": "Sin", "statement": "Ves mesas rosas."})


@pytest.mark.parametrize(
    ("start", "kept"),
    [
        ("standards/EXT-01.yml", "title"),
        ("standards/EXT-01.yml", "statement"),
        ("customers/vip.yml", "summary"),
        ("checklists/apertura.yml", "use"),
        ("metrics/csat.yml", "measures"),
        ("behaviours/mirar.yml", "why"),
        ("scenarios/fila.yml", "situation"),
    ],
)
def test_one_text_that_says_what_an_entry_is_about_is_enough_to_be_itself(start: str, kept: str) -> None:
    texts = ("title", "statement", "summary", "use", "measures", "why", "situation")
    fields = base_files().get(start, {"id": start.partition("/")[2].removesuffix(".yml")})
    before = {**fields, **{name: f"Antes {name}." for name in texts if name in fields or name == kept}}
    before["title"] = "Antes title."
    after = {**before, **{name: "Cosas ajenas." for name in texts if name in before}}
    for new, expected in ((after, ["id-reused"]), ({**after, kept: before[kept]}, [])):
        one, other = (version_of({**base_files(), start: data}) for data in (before, new))
        found = find_breaches(one, other, [])
        assert [problem.rule for problem in found] == expected


def test_each_entry_that_says_something_else_is_told_once_and_the_rest_of_them_not() -> None:
    names = ("standards/EXT-01.yml", "standards/EXT-02.yml")
    before = patched(base_files(), {names[1]: {"from": names[0], "id": "EXT-02"}})
    items = [{"id": "saludo", "text": "Apagué luces."}]
    after = {name: {**before[name], **OTHER_WORDS, "items": items} for name in names}
    found = find_breaches(version_of(before), version_of({**before, **after}), [])
    assert [(one.rule, one.values["id"]) for one in found] == [
        ("id-reused", "EXT-01"),
        ("id-reused", "EXT-02"),
    ]


def test_what_is_no_entry_has_no_revision_and_may_say_something_else() -> None:
    levels = {"essential": {"title": "Lo primero", "weight": "5"}}
    before = patched(
        base_files(), {"glossary.yml": "- {id: csat, title: Cobrar, definition: Cuentas exactas.}"}
    )
    after = patched(before, {"glossary.yml": "- {id: csat, title: Saludar, definition: Llegas antes.}"})
    after = patched(after, {"playbook.yml": {"levels": levels}})
    one, other = version_of(before), version_of(after)
    found = find_differences(one, other)
    assert ("playbook", "substantive") in [(it.document.id, it.weight.word) for it in found]
    assert find_breaches(one, other, found) == []


def test_an_entry_may_take_back_an_id_that_it_had() -> None:
    before = patched(base_files(), {NAME: {"former_ids": ["EXT-08"]}})
    after = patched(before, {NAME: None, "standards/EXT-08.yml": {"from": NAME, "id": "EXT-08"}})
    after["standards/EXT-08.yml"] = {**before[NAME], "id": "EXT-08", "former_ids": ["EXT-01"]}
    one, other = version_of(before), version_of(after)
    assert find_breaches(one, other, find_differences(one, other)) == []


def test_an_item_that_asks_something_else_is_another() -> None:
    items = [{"id": "a", "text": "Miré la puerta."}, {"id": "b", "text": "Cerré la caja."}]

    def told(*texts: str) -> list[tuple[object, str, str]]:
        new = [{"id": id, "text": text} for id, text in zip("ab", texts, strict=True)]
        problems = breaches_of({"items": items}, {"items": new, "revision": "2", "changes": [change("2")]})
        return [(one.values["id"], one.rule, one.severity.value) for one in problems]

    assert told("Miré la puerta.", "Cerré la caja fuerte.") == []
    assert told("Miré la puerta.", "Apagué las luces.") == [("b", "item-id-reused", "warning")]
    assert [id for id, *_ in told("Pagué cuentas.", "Apagué las luces.")] == ["a", "b"]


def changes_of(
    old: dict[str, Any], new: dict[str, Any], **more: dict[str, Any]
) -> list[tuple[str, str, str]]:
    """Return what changes in an entry, and in others that come with it: id, kind and class."""
    before = patched(base_files(), {NAME: old})
    others = {f"standards/{id.replace('_', '-')}.yml": one for id, one in more.items()}
    one, other = version_of(before), version_of(patched(before, {NAME: new, **others}))
    found = find_differences(one, other, SAY("diff.numbers").split())
    return [(change.document.id, change.kind.value, change.weight.word) for change in found]


@pytest.mark.parametrize(
    ("now", "kinds"),
    [
        ("uno dos tres seis siete", ["changed"]),  # three words of five are as few as may be
        ("uno dos seis siete ocho", ["added", "removed"]),
    ],
)
def test_texts_of_a_list_are_one_text_changed_where_most_words_stay(now: str, kinds: list[str]) -> None:
    found = changes_of({"do": ["uno dos tres cuatro cinco"]}, {"do": [now]})
    assert [kind for _, kind, _ in found] == kinds


@pytest.mark.parametrize(("lost", "kind"), [("Callas sin más.", "added"), ("Callas sin decir más.", "split")])
def test_an_entry_is_split_from_one_that_lost_a_whole_sentence_to_it(lost: str, kind: str) -> None:
    new = {"from": NAME, "id": "EXT-02", "dont": [lost]}
    found = changes_of({"dont": [lost]}, {"dont": ["Te vas."]}, EXT_02=new)
    assert [it for id, it, _ in found if id == "EXT-02"] == [kind]


def test_an_entry_that_was_renamed_keeps_its_sentences() -> None:
    """Another that says the same as well is new, and what was renamed reads on: nothing was split from it."""
    renamed = {"from": NAME, "id": "EXT-07", "former_ids": ["EXT-01"]}
    before = base_files()
    after = patched(before, {NAME: None, "standards/EXT-07.yml": renamed})
    after = patched(
        after, {"standards/EXT-08.yml": {"from": "standards/EXT-07.yml", "id": "EXT-08", "former_ids": []}}
    )
    found = find_differences(version_of(before), version_of(after))
    whole = {one.document.id: one.kind.value for one in found if one.loc in ((), ("id",))}
    assert whole == {"EXT-07": "renamed", "EXT-08": "added"}
    # What it lost under its new name went over all the same.
    after["standards/EXT-07.yml"] = {
        **after["standards/EXT-07.yml"],
        "statement": "Miras a los ojos a todos.",
    }
    found = find_differences(version_of(before), version_of(after))
    assert [one.kind.value for one in found if one.document.id == "EXT-08"] == ["split"]


def test_an_entry_that_goes_into_one_that_was_renamed_is_merged() -> None:
    before = patched(base_files(), {"standards/EXT-02.yml": {"from": NAME, "id": "EXT-02"}})
    after = patched(
        before, {"standards/EXT-02.yml": None, NAME: {"status": "retired", "replaced_by": "EXT-07"}}
    )
    heir = {**before["standards/EXT-02.yml"], "id": "EXT-07"}
    for former, kind in ((["EXT-02"], "merged"), ([], "replaced")):
        after["standards/EXT-07.yml"] = {**heir, "former_ids": former}
        found = find_differences(version_of(before), version_of(after))
        assert [one.kind.value for one in found if one.document.id == "EXT-01"] == [kind]


def test_a_renamed_entry_and_its_items_mean_what_they_meant() -> None:
    items = [{"id": "a", "text": "Miré la puerta."}]
    before = patched(base_files(), {NAME: {"items": items}})

    def told(**fields: Any) -> list[tuple[object, str]]:
        after = patched(before, {NAME: None})
        after["standards/EXT-07.yml"] = {**before[NAME], "id": "EXT-07", "former_ids": ["EXT-01"], **fields}
        return [
            (one.values["id"], one.rule) for one in find_breaches(version_of(before), version_of(after), [])
        ]

    assert told() == []
    assert told(items=[{"id": "a", "text": "Apagué las luces."}]) == [("a", "item-id-reused")]
    assert told(**OTHER_WORDS) == [("EXT-01", "id-reused")]


def test_a_sentence_splits_entries_of_one_kind_and_nothing_else() -> None:
    lost = "Un índice de quienes quedan satisfechos."
    term = {"id": "uno", "title": "Uno", "definition": lost}
    before = patched(base_files(), {NAME: {"dont": [lost]}})
    before["glossary.yml"] = [term]
    after = patched(before, {NAME: {"dont": ["Te vas."]}})
    after["customers/otro.yml"] = {**before["customers/vip.yml"], "id": "otro", "needs": [lost]}
    after["glossary.yml"] = [{**term, "definition": "Otra cosa."}, {**term, "id": "dos"}]
    found = find_differences(version_of(before), version_of(after))
    assert {one.document.id: one.kind.value for one in found if not one.loc} == {
        "otro": "added",
        "dos": "added",
    }


def test_changes_stand_by_kind_and_id() -> None:
    before = base_files()
    names = [f"{letter}-palabra" for letter in "hgfedcba"]
    after = {**before, "glossary.yml": [{"id": id, "title": id, "definition": id} for id in names]}
    after = patched(after, {NAME: {"level": "expected"}, "metrics/csat.yml": {"title": "Otro"}})
    found = find_differences(version_of(before), version_of(after))
    assert [one.document.id for one in found] == [*sorted(names), "csat", "EXT-01"]


@pytest.mark.parametrize(
    ("old", "new", "kinds"),
    [
        ({"do": ["Mira.", "Saluda."]}, {"do": None}, ["removed", "removed"]),
        ({"do": None}, {"do": ["Mira.", "Saluda."]}, ["added", "added"]),
        ({"do": "Mira."}, {"do": ["Saluda."]}, ["changed"]),
        ({"do": ["Saluda."]}, {"do": "Mira."}, ["changed"]),
        ({"do": None}, {"do": "Mira."}, ["added"]),
        ({"title": None}, {"title": ["Uno", "Dos"]}, ["added"]),
        ({"title": ["Uno"]}, {"title": ["Dos"]}, ["added", "removed"]),
        ({"statement": "Uno."}, {"statement": {"a": "b"}}, ["changed"]),
        ({"do": ["Cuida la entrada."]}, {"do": ["Mide otra cosa."]}, ["added", "removed"]),
        ({"items": [{"id": "a", "text": "Uno."}]}, {"items": ["medida"]}, ["added", "removed"]),
        ({"items": ["medida"]}, {"items": [{"id": "a", "text": "Uno."}]}, ["added", "removed"]),
        ({"items": [{"id": "a", "text": "Uno."}]}, {"items": [{"text": "Dos."}]}, ["added", "removed"]),
        ({"items": [{"text": "Dos."}]}, {"items": [{"id": "a", "text": "Uno."}]}, ["added", "removed"]),
        ({"threshold": {}}, {"threshold": None}, []),
        ({"threshold": None}, {"threshold": {}}, []),
        ({"threshold": {"value": "diez"}}, {"threshold": {"value": "doce"}}, ["changed"]),
    ],
)
def test_what_nobody_has_checked_is_compared_as_it_stands(
    old: dict[str, Any], new: dict[str, Any], kinds: list[str]
) -> None:
    assert [kind for _, kind, _ in changes_of(old, new)] == kinds


def test_a_file_that_changed_is_told_where_it_is_named_and_not_where_it_is_spoken_of() -> None:
    name = "media/a.png"
    images = {"images": [{"file": name, "alt": name}, {"file": "media/b.png", "alt": "Otra"}]}
    one, other = (version_of(patched(base_files(), {NAME: images})) for _ in range(2))
    one.media, other.media = (
        {name: "1", "media/b.png": "1"},
        {name: "2", "media/b.png": "1", "media/c.png": "1"},
    )
    (found,) = find_differences(one, other)
    assert (found.kind.value, found.loc, found.weight.word) == ("renewed", ("images", 0, "file"), "clarified")
    other.media = {"media/b.png": "1"}  # one that is gone is told by the checks
    assert find_differences(one, other) == []


@pytest.mark.parametrize(
    ("new", "sides"),
    [
        ({"status": "retired"}, ("EXT-01", None)),
        ({"status": "retired", "replaced_by": "EXT-03"}, ("EXT-01", "EXT-03")),
        ({"status": "retired", "replaced_by": "EXT-02"}, (["EXT-01"], ["EXT-02"])),
    ],
)
def test_what_became_of_an_entry_names_both_sides(new: dict[str, str], sides: tuple[Any, Any]) -> None:
    before = patched(base_files(), {"standards/EXT-02.yml": {"from": NAME, "id": "EXT-02"}})
    (found,) = find_differences(version_of(before), version_of(patched(before, {NAME: new})))
    assert (found.old, found.new) == sides


@pytest.mark.parametrize(("status", "kind"), [("active", "added"), ("retired", "split")])
def test_an_entry_that_is_retired_keeps_no_sentence_from_its_heir(status: str, kind: str) -> None:
    found = changes_of({}, {"status": status}, EXT_02={"from": NAME, "id": "EXT-02"})
    assert [it for id, it, _ in found if id == "EXT-02"] == [kind]


def test_numbers_are_compared_by_value_and_long_ones_figure_by_figure() -> None:
    def of(value: str) -> dict[str, Any]:
        return {"threshold": {"at": "most", "value": value, "unit": "segundos", "origin": "own"}}

    assert changes_of(of("1.50"), of("1.5")) == []
    long = ("9007199254740993", "9007199254740992")  # one number to a computer that counts in binary
    assert [kind for _, kind, _ in changes_of(of(long[0]), of(long[1]))] == ["changed"]
    # In a text they are read by people, to whom 1.5 and 1.50 may be two chapters.
    assert [kind for _, kind, _ in changes_of({"title": "1.50"}, {"title": "1.5"})] == ["changed"]


@pytest.mark.parametrize(
    ("old", "new", "weight"),
    [
        ("Guardas a -18 grados.", "Guardas a 18 grados.", "substantive"),
        ("Guardas a 18 grados.", "Guardas a –18 grados.", "substantive"),
        ("Guardas a -18 grados.", "Guardas a −18 grados.", "editorial"),  # the same sign, typed otherwise
        ("Ajustas -$5 al total.", "Ajustas $5 al total.", "substantive"),
        ("Ajustas **-5** al total.", "Ajustas **5** al total.", "substantive"),
        ("Subes +5 grados.", "Subes 5 grados.", "substantive"),
        ("Abres los días 1-5.", "Abres los días 1, 5.", "substantive"),
        ("Abres los días 1-5.", "Abres los días 1 – 5.", "editorial"),
        ("Abres los días 1…5.", "Abres los días 1 5.", "substantive"),
        ("Cortas hojas de 3*4.", "Cortas hojas de 3 4.", "substantive"),
        ("Dejas .5 de propina.", "Dejas 5 de propina.", "substantive"),
        ("Dejas .5 de propina.", "Dejas 0.5 de propina.", "editorial"),
        ("Dejas 1.5 de propina.", "Dejas 1,5 de propina.", "substantive"),
        ("Dejas 1/2 de propina.", "Dejas 12 de propina.", "substantive"),
        ("Dejas 10 % de propina.", "Dejas 10 de propina.", "substantive"),
        ("Dejas 10 % de propina.", "Dejas 10% de propina.", "editorial"),
        ("Tardas < 5 minutos.", "Tardas > 5 minutos.", "substantive"),
        ("Tardas < 5 minutos.", "Tardas <5 minutos.", "editorial"),
        ("Tardas 5'.", 'Tardas 5".', "substantive"),
        ("Dices «a las 5».", 'Dices "a las 5".', "editorial"),  # here they quote
        ("Dices 'a las 5'.", 'Dices "a las 5".', "editorial"),
        ("Llegas 10 minutos antes.", "Llegas —10 minutos— antes.", "editorial"),  # a dash of speech
        ("Sigues el paso 3.", "Sigues el paso 3", "editorial"),
        ("Sigues EXT-07.", "Sigues EXT 07.", "editorial"),
        ("Cobras 1500 pesos.", "Cobras 1501 pesos.", "substantive"),
    ],
)
def test_a_sign_that_says_something_of_a_number_is_no_punctuation(old: str, new: str, weight: str) -> None:
    for before, after in ((old, new), (new, old)):
        assert changes_of({"statement": before}, {"statement": after}) == [("EXT-01", "changed", weight)]


@pytest.mark.parametrize(
    ("old", "new", "weight"),
    [
        ("Dile que si puede.", "Dile que sí puede.", "substantive"),
        ("Entregas la ficha a el.", "Entregas la ficha a él.", "substantive"),
        ("Atiendes solo por la tarde.", "Atiendes sólo por la tarde.", "substantive"),
        ("Dices *Si* a todo.", "Dices *Sí* a todo.", "substantive"),
        ("O gerente e o cliente.", "O gerente é o cliente.", "substantive"),
        ("Saludas asi.", "Saludas así.", "editorial"),  # no other word
        ("Dices que sí.", "Dices que si\u0301.", "editorial"),  # typed otherwise
        ("No, puede entrar.", "No puede entrar.", "substantive"),
        ("No: puede entrar.", "No, puede entrar.", "editorial"),
        ("Nunca, digas lo que digas, mientas.", "Nunca digas lo que digas, mientas.", "substantive"),
        ("No, guests may wait.", "No guests may wait.", "substantive"),
        ("Não, pode entrar.", "Não pode entrar.", "substantive"),
        ("Dices que no.", "Dices que no", "editorial"),  # nothing follows
        ("Firmas la hoja No. 5.", "Firmas la hoja No 5.", "editorial"),
        ("Miras, y saludas.", "Miras y saludas.", "editorial"),
        ("¿Llamas al cliente?", "Llamas al cliente.", "substantive"),
        ("¿Llamas al cliente?", "Llamas al cliente?", "editorial"),
        ("¿Llamas al cliente?", "¿Llamas al cliente??", "editorial"),
    ],
)
def test_an_accent_or_a_mark_that_turns_the_meaning_is_no_spelling(old: str, new: str, weight: str) -> None:
    for before, after in ((old, new), (new, old)):
        assert changes_of({"statement": before}, {"statement": after}) == [("EXT-01", "changed", weight)]


def test_only_what_is_written_in_words_has_a_spelling() -> None:
    def limit(value: str, unit: str = "segundos") -> dict[str, Any]:
        return {"threshold": {"at": "most", "value": value, "unit": unit, "origin": "own"}}

    assert changes_of(limit("10"), limit("-10")) == [("EXT-01", "changed", "substantive")]
    assert changes_of(limit("10"), limit("10", "Segundos.")) == [("EXT-01", "changed", "editorial")]
    for name, old, new in (("source", "un-libro", "un.libro"), ("value", "1.0a", "10a")):
        cited = {**limit("10")["threshold"], "origin": "source", "source": {"source": "libro"}}
        sides = [
            {**cited, **({"source": {name: it}} if name == "source" else {name: it})} for it in (old, new)
        ]
        (found,) = changes_of({"threshold": sides[0]}, {"threshold": sides[1]})
        assert found[2] != "editorial"
    files = [{"attachments": [{"file": f"media/{name}.pdf", "title": "F"}]} for name in ("a-b", "a_b")]
    assert changes_of(*files) == [("EXT-01", "changed", "clarified")]
    assert changes_of({"pillar": "ex-terno"}, {"pillar": "ex.terno"}) == [("EXT-01", "moved", "clarified")]


@pytest.mark.parametrize(
    ("old", "new", "weight"),
    [
        ("Cierras la saal.", "Cierras la sala.", "editorial"),  # four letters
        ("Cierras la lus.", "Cierras la luz.", "substantive"),  # three
        ("Cierras la salaa.", "Cierras la sala.", "editorial"),  # the shorter one counts
        ("Cierras la luuz.", "Cierras la luz.", "substantive"),
        ("Cierras la sal4.", "Cierras la sala.", "substantive"),  # a figure is no letter
    ],
)
def test_a_slip_is_mended_in_words_of_four_letters_or_more(old: str, new: str, weight: str) -> None:
    assert changes_of({"statement": old}, {"statement": new}) == [("EXT-01", "changed", weight)]


@pytest.mark.parametrize(
    ("old", "new", "pieces"),
    [
        ("¿uno?", "¿dos?", [("=", "¿"), ("-", "uno"), ("+", "dos"), ("=", "?")]),
        ("(uno", "(dos)", [("=", "("), ("-", "uno"), ("+", "dos)")]),
        ("a uno b", "a b", [("=", "a "), ("-", "uno "), ("=", "b")]),
        ("a b", "a uno b", [("=", "a "), ("+", "uno "), ("=", "b")]),
        ("uno dos tres", "uno cuatro tres", [("=", "uno "), ("-", "dos"), ("+", "cuatro"), ("=", " tres")]),
        ("a uno", "b uno", [("-", "a"), ("+", "b"), ("=", " uno")]),
        ("…", "!", [("-", "…"), ("+", "!")]),
        ("a b", "x b y", [("-", "a"), ("+", "x"), ("=", " b"), ("+", " y")]),
        ("uno.", "uno", [("-", "uno."), ("+", "uno")]),
        (" a", " b", [("=", " "), ("-", "a"), ("+", "b")]),
        ("a ", "b ", [("-", "a"), ("+", "b"), ("=", " ")]),
        ("a x", " y", [("-", "a x"), ("+", " y")]),
        (" y", "a x", [("-", " y"), ("+", "a x")]),
        ("¿uno", "(dos", [("-", "¿uno"), ("+", "(dos")]),
        ("¿uno", "¿", [("-", "¿uno"), ("+", "¿")]),
        ("¿", "¿uno", [("-", "¿"), ("+", "¿uno")]),
    ],
)
def test_the_pieces_of_two_texts(old: str, new: str, pieces: list[tuple[str, str]]) -> None:
    assert compare_words(old, new) == pieces
    assert "".join(text for mark, text in pieces if mark in "=-") == old
    assert "".join(text for mark, text in pieces if mark in "=+") == new


def test_values_are_compared_as_they_are_read() -> None:
    assert plain_text({"id": "a", "say": "*Sí*", "avoid": ["No", {"id": "b", "n": 3}]}) == "Sí No, 3"
    assert [plain_text(value) for value in (True, False, None, 0, list[Any]())] == [
        "true",
        "false",
        "",
        "0",
        "",
    ]
    assert list(texts_in({"a": ["x", {"b": "y"}], "n": 3, "z": "w"})) == ["x", "y", "w"]


def test_every_team_with_a_handle_is_asked_for_its_own() -> None:
    known = settings()
    team = known.teams["servicio"]
    teams = {
        name: team.model_copy(update={"handle": handle})
        for name, handle in (("a", "@x/a"), ("b", None), ("c", "@x/c"))
    }
    known = known.model_copy(update={"teams": teams})
    entries = [
        standard("EXT-02", owner="c"),
        standard("EXT-01", owner="a"),
        standard("EXT-03", owner="b"),
        customer(owner="c"),
        standard("EXT-04", owner="a", status="draft"),
    ]
    lines = codeowners_text(known, entries, "playbook").splitlines()
    assert lines[0] == "# servicebook codeowners"
    assert lines[-6:] == [
        "/playbook/ @x/a @x/c",
        "/playbook/playbook.yml @x/a @x/c",
        "/playbook/customers/vip.yml @x/c",
        "/playbook/standards/EXT-01.yml @x/a",
        "/playbook/standards/EXT-02.yml @x/c",
        "/playbook/standards/EXT-04.yml @x/a",  # who proposes a draft is answered by its team
    ]
    code = {line.split()[0] for line in lines[1:-6]}
    assert {"/.github/", "/docs/", "/overrides/", "/scripts/", "/src/", "/*.py", "/*.toml"} <= code
    assert {"/mkdocs*.yml", "/requirements.lock"} <= code
    inner = codeowners_text(known, [], "sites/a/playbook", "sites/a").splitlines()
    assert inner[1:] == [
        f"{path} @x/a @x/c"
        for path in ("/.github/", "/sites/a/", "/sites/a/playbook/", "/sites/a/playbook/playbook.yml")
    ]
    nobody = known.model_copy(update={"teams": {"b": teams["b"]}})
    assert codeowners_text(nobody, entries, "playbook") == ""
    assert codeowners_text(known, entries, "playbook").endswith("@x/a\n")


@pytest.mark.parametrize(
    ("folder", "written"),
    [
        ("el manual", "el\\ manual"),
        ("manual #1", "manual\\ ?1"),
        ("[a]*?\\b", "?a????b"),
        ("día/libro", "día/libro"),
    ],
)
def test_a_folder_is_written_as_the_code_host_reads_it(folder: str, written: str) -> None:
    """There a space parts a path from its owners, `#` begins a comment, and brackets make a line void."""
    known = settings()
    team = known.teams["servicio"].model_copy(update={"handle": "@x/a"})
    known = known.model_copy(update={"teams": {"a": team}})
    lines = codeowners_text(known, [standard("EXT-01", owner="a")], f"{folder}/playbook", folder).splitlines()
    assert lines[1:] == [
        f"{path} @x/a"
        for path in (
            "/.github/",
            f"/{written}/",
            f"/{written}/playbook/",
            f"/{written}/playbook/playbook.yml",
            f"/{written}/playbook/standards/EXT-01.yml",
        )
    ]


@pytest.mark.parametrize(
    ("held", "kept"),
    [
        ("", ""),
        ("\n", ""),
        ("* @me\n", None),
        ("# servicebook codeowners\n/docs/ @x/a\n", ""),
        ("# servicebook codeowners\r\n/docs/ @x/a\r\n", ""),
        ("* @me\n\n# servicebook codeowners\n/docs/ @x/a\n", "* @me\n\n"),
        ("\ufeff# servicebook codeowners\n/docs/ @x/a\n", ""),
        ("\ufeff* @me\n# servicebook codeowners\n", "* @me\n"),
        ("* @me\n# servicebook codeowners\n", "* @me\n"),
        ("# servicebook codeowners\n/docs/ @x/a\n* @me\n", None),
        ("# servicebook codeowners\n* @me\n/docs/ @x/a\n", None),
        ("# servicebook codeowners\n\n/docs/ @x/a\n  \n", ""),
    ],
)
def test_what_of_a_list_of_owners_stays(held: str, kept: str | None) -> None:
    read = read_held(held.encode())
    assert (read and read.above) == (None if kept is None else kept.encode())


def test_manuals_of_one_repository_share_one_codeowners() -> None:
    def write(held: bytes, project: str, handle: str) -> bytes:
        team = settings().teams["servicio"].model_copy(update={"handle": handle})
        said = settings().model_copy(update={"teams": {"servicio": team}})
        read = read_held(held, project)
        assert read is not None
        folder = "playbook" if project == "." else f"{project}/playbook"
        return read.with_part(codeowners_text(said, [], folder, project, read.sharing), project)

    one = write(b"* @me\n# servicebook codeowners\n", "norte", "@x/norte")
    # The first of a file says no folder, and takes up a mark that somebody wrote in advance.
    assert write(b"", "norte", "@x/norte") == one.removeprefix(b"* @me\n")
    assert one.startswith(b"* @me\n# servicebook codeowners\n/.github/ @x/norte\n/norte/ @x/norte\n")
    assert one.count(b"# servicebook codeowners") == 1
    # A manual further in is none of the one at the top.
    inner = write(b"", "docs/manual", "@x/manual")
    assert write(inner, ".", "@x/todo").startswith(inner)
    both = write(one, "sur", "@x/sur")
    assert both.startswith(one)
    assert b"# servicebook codeowners: sur\n/.github/ @x/sur @x/norte\n/sur/ @x/sur\n" in both
    # Each writes its own lines anew, and nobody else's; whoever comes last is not asked alone.
    assert write(both, "sur", "@x/sur") == both
    again = write(both, "norte", "@x/otra")
    assert b"/norte/ @x/otra\n" in again
    assert b"/sur/ @x/sur\n" in again
    top = write(again, ".", "@x/todo")
    assert top.startswith(again)
    assert b"# servicebook codeowners: .\n/.github/ @x/todo @x/otra @x/sur\n/docs/ @x/todo\n" in top
    assert write(top, ".", "@x/todo") == top
    assert read_held(top + b"* @me\n", "sur") is None


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("standards/EXT-01.yml", "standard"),
        ("playbook.yml", "playbook"),
        ("glossary.yml", "glossary"),
        ("sources.yml", "sources"),
        ("otro.yml", None),
        ("standards/.EXT-01.yml", None),
        ("standards/EXT-01.yaml", None),
        ("standards/EXT-01.txt", None),
        ("otros/EXT-01.yml", None),
        ("standards/más/EXT-01.yml", None),
    ],
)
def test_what_a_file_holds(path: str, kind: str | None) -> None:
    assert kind_of_file(path) == kind


def test_what_may_hold_content_whatever_kinds_there_are() -> None:
    good = ["playbook.yml", "propios/a.yml", "standards/EXT-01.yml"]
    bad = [".git/a.yml", "editions/1.yml", "a/b/c.yml", "a/.b.yml", "a.txt"]
    assert all(map(may_hold_content, good))
    assert not any(map(may_hold_content, bad))


def test_a_folder_is_read_with_what_cannot_be_told(tmp_path: Path) -> None:
    for name in (
        "playbook.yml",
        "standards/b.yml",
        "standards/a.yml",
        "standards/.c.yml",
        "editions/1.yml",
        "a/b/c.yml",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("id: x\n", encoding="utf-8")
    (tmp_path / "standards/large.yml").write_bytes(b"a" * 20_000_000)
    version = read_folder(tmp_path, "playbook")
    assert [*version.files] == ["playbook.yml", "standards/a.yml", "standards/b.yml"]
    assert [problem.location.path for problem in version.problems] == ["playbook/standards/large.yml"]


def test_documents_are_those_that_can_be_read() -> None:
    files = {
        "glossary.yml": "- {id: uno, term: Uno}\n- roto\n- {term: Sin id}\n- {id: dos, term: Dos}\n",
        "standards/EXT-01.yml": "id: EXT-01\n",
        "standards/EXT-02.yml": "id: [\n",
        "standards/EXT-03.yml": "title: Sin id\n",
        "otros/x.yml": "id: x\n",
        "playbook.yml": "title: Uno\n",
    }
    version = Version({name: text.encode() for name, text in files.items()}, "playbook")
    assert [*version.documents] == [
        ("glossary", "uno"),
        ("glossary", "dos"),
        ("playbook", "playbook"),
        ("standard", "EXT-01"),
        ("standard", "standard"),
    ]
    assert version.documents["glossary", "dos"].place == (3,)
    assert [problem.location.path for problem in version.problems] == ["playbook/standards/EXT-02.yml"]
    entry, term = version.documents["standard", "EXT-01"], version.documents["glossary", "dos"]
    assert (entry.get("status"), entry.get("revision"), entry.get("nada"), entry.is_entry, term.is_entry) == (
        "active",
        1,
        None,
        True,
        False,
    )
    assert version.locate(term, ("term",)).line == 4


OWN = """\
kinds:
  protocolo: {title: Protocolos, title_one: Protocolo, folder: protocolos}
"""
PROTOCOL = "id: abrir\ntitle: Abrir\nowner: servicio\nreviewed: 2026-11-01\n"


@pytest.mark.parametrize(
    ("settings_text", "told"),
    [
        ("", ["removed"]),  # nobody declares the kind any more, and all of its pages are gone
        ("kinds:\n  otro: {title: Otros, title_one: Otro, folder: otros}\n", ["removed"]),
        (OWN, []),
        # What cannot be read, or is declared with a fault, is told as that.
        ("kinds: {\n", []),
        (OWN.replace("folder", "carpeta"), []),
        ("kinds: protocolo\n", []),
    ],
)
def test_pages_of_a_kind_that_is_no_longer_declared_are_gone(settings_text: str, told: list[str]) -> None:
    texts = {
        "playbook.yml": "title: Manual\npillars: {externo: {title: Externo}}\n" + OWN,
        "protocolos/abrir.yml": PROTOCOL,
    }
    old, new = (
        Version({name: text.encode() for name, text in files.items()}, "playbook")
        for files in (
            texts,
            {
                **texts,
                "playbook.yml": "title: Manual\npillars: {externo: {title: Externo}}\n" + settings_text,
            },
        )
    )
    found = find_differences(old, new)
    assert [one.kind for one in found if one.document.kind == "protocolo"] == told
    assert [one.rule for one in find_breaches(old, new, found)] == ["id-dropped"] * len(told)


@pytest.mark.parametrize("name", ["playbook.yml", "glossary.yml", "standards/EXT-01.yml"])
def test_what_stands_in_a_file_that_nobody_can_read_is_not_gone(name: str) -> None:
    old = version_of(base_files() | {"glossary.yml": [{"id": "uno", "title": "Uno", "definition": "Uno."}]})
    new = Version({**old.files, name: b"- uno: [\n"}, "playbook")
    assert [one for one in find_differences(old, new) if one.document.path == name] == []
    assert [problem.location.path for problem in new.problems] == [f"playbook/{name}"]


@pytest.mark.parametrize(
    ("before", "after", "weight"),
    [
        ("substantive", "editorial", Weight.SUBSTANTIVE),
        ("substantive", None, Weight.SUBSTANTIVE),
        ("editorial", "substantive", Weight.SUBSTANTIVE),
        ("editorial", "clarified", Weight.CLARIFIED),
        ("clarified", None, Weight.CLARIFIED),
    ],
)
def test_who_lowers_the_class_of_a_field_does_not_lower_that_of_the_change_beside_it(
    before: str, after: str | None, weight: Weight
) -> None:
    def version(change: str | None, value: str | None) -> Version:
        own = {"standard": {"plazo": {"label": "Plazo", "type": "text", "class": change}}}
        files = {"playbook.yml": {"fields": own} if change else {}, NAME: {"plazo": value} if value else {}}
        return version_of(patched(base_files(), files))

    old, new = version(before, "Diez minutos como mucho."), version(after, "Mañana." if after else None)
    found = find_differences(old, new)
    assert [one.weight for one in found if one.loc[:1] == ("plazo",)] == [weight]
    breaches = [one.rule for one in find_breaches(old, new, found)]
    assert breaches == (["change-without-revision"] if weight is Weight.SUBSTANTIVE else [])
