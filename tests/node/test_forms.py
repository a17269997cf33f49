"""What the browser's forms write: what was not touched stays byte for byte, what was is in the one form."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
import yaml

from servicebook.content.content import LISTS
from servicebook.content.load import kinds_at
from servicebook.content.model.entries import FOLDERS
from servicebook.content.reading import SETTINGS_FILE
from servicebook.content.shapes import shape_of
from servicebook.editing.form.form import format_text
from tests.conftest import ROOT
from tests.fuzzing_files import FileFuzzer, save_by_node
from tests.node import FORMS, find_node, make_forms

PLAYBOOK = ROOT / "playbook"
# What the playbook declares belongs to the form of its files.
KINDS = kinds_at(ROOT)
NOTED = """\
# Sobre esta ficha
id: EXT-01
title: Saludar al llegar  # el corto
statement: >-  # la promesa
  Saludas a quien llega antes de que pasen diez segundos, aunque estés con otra persona o al teléfono.

# Por qué
intent: Quien llega quiere saber que lo viste.
apodo: nadie lo conoce
threshold:
  at: most
  value: 1.50  # con centavos
  unit: pesos
  origin: own
channels: [presencial, telefono]  # los dos
do:
  # primero
  - Mira y saluda.
  - Sonríe.  # sin fingir
dont:
  - Seguir en la pantalla.
items:
  - id: saludo
    # en la puerta
    text: Saludé a quien llegó.
  - id: mirada
    text: Lo miré.

# fin
"""


@pytest.fixture(scope="module")
def admin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_forms(tmp_path_factory.mktemp("forms") / "admin")


def save(admin: Path, *files: dict[str, Any]) -> list[str]:
    saved = save_by_node(find_node(), FORMS, admin)([*files])
    assert [one for one in saved if not isinstance(one, str)] == []
    return saved


def content_files() -> list[tuple[str, Path]]:
    files = [("playbook", PLAYBOOK / SETTINGS_FILE), *((name[:-4], PLAYBOOK / name) for name in LISTS)]
    return files + [
        (kind, path) for kind, folder in FOLDERS.items() for path in (PLAYBOOK / folder).glob("*.yml")
    ]


def test_a_file_that_was_only_opened_is_the_same_bytes(admin: Path) -> None:
    texts = [(kind, path.read_text(encoding="utf-8")) for kind, path in content_files()]
    assert len(texts) > 150
    saved = save(admin, *({"shape": kind, "text": text} for kind, text in texts))
    assert [kind for (kind, text), now in zip(texts, saved, strict=True) if now != text] == []


def test_comments_unknown_fields_and_numbers_as_written_stay(admin: Path) -> None:
    assert save(admin, {"shape": "standard", "text": NOTED}) == [NOTED]


@pytest.mark.parametrize(
    ("set_", "old", "new"),
    [
        ([[["title"], "Saludar"]], "title: Saludar al llegar  # el corto", "title: Saludar  # el corto"),
        ([[["threshold", "unit"], "euros"]], "unit: pesos", "unit: euros"),
        ([[["threshold", "value"], 2]], "value: 1.50  # con centavos", "value: 2  # con centavos"),
        ([[["do", 1], "Saluda."]], "- Sonríe.  # sin fingir", "- Saluda.  # sin fingir"),
        ([[["do", "+"], "Espera."]], "sin fingir\n", "sin fingir\n  - Espera.\n"),
        ([[["do", 0], None]], "  - Mira y saluda.\n", ""),
        ([[["items", 0, "text"], "Saludé."]], "text: Saludé a quien llegó.", "text: Saludé."),
        ([[["items", 1], None]], "  - id: mirada\n    text: Lo miré.\n", ""),
        ([[["items", 0, "id"], "hola"]], "  - id: saludo", "  - id: hola"),
        ([[["channels"], ["telefono"]]], "[presencial, telefono]  # los dos", "[telefono]  # los dos"),
        ([[["threshold"], None]], NOTED[NOTED.index("threshold:") : NOTED.index("channels:")], ""),
        ([[["pillar"], "externo"]], "que lo viste.\n", "que lo viste.\npillar: externo\n"),
        ([[["intent"], ""]], "intent: Quien llega quiere saber que lo viste.\n", ""),
    ],
)
def test_an_edit_changes_its_own_lines_alone(admin: Path, set_: list[Any], old: str, new: str) -> None:
    assert NOTED.count(old) == 1
    assert save(admin, {"shape": "standard", "text": NOTED, "set": set_}) == [NOTED.replace(old, new)]


LINES = """\
items:
  # en la puerta
  - id: saludo  # el primero
    text: Saludé a quien llegó.  # ya
    # con los ojos
    raro: sí
  - id: mirada
    text: Lo miré.  # a los ojos
    raro: no
  # al final
  - id: adios
    text: Me despedí.
"""
FIRST, SECOND, LAST = (
    {"id": "saludo", "text": "Saludé a quien llegó."},
    {"id": "mirada", "text": "Lo miré."},
    {"id": "adios", "text": "Me despedí."},
)


@pytest.mark.parametrize(
    ("wanted", "kept"),
    [
        # One went, and another was changed meanwhile.
        ([{**SECOND, "text": "Lo vi."}, LAST], ["# a los ojos", "raro: no", "# al final"]),
        # Two changed places, and one of them was changed.
        (
            [SECOND, {**FIRST, "text": "Saludé."}, LAST],
            ["# el primero", "# ya", "# con los ojos", "raro: sí", "# a los ojos", "raro: no"],
        ),
        # One came, and two were changed.
        (
            [
                {"id": "otro", "text": "Otro."},
                {**FIRST, "text": "Saludé."},
                {**SECOND, "text": "Lo vi."},
                LAST,
            ],
            ["# el primero", "# ya", "# con los ojos", "raro: sí", "# a los ojos", "raro: no"],
        ),
    ],
)
def test_a_line_that_is_changed_and_moved_at_once_takes_its_remarks_along(
    admin: Path, wanted: list[dict[str, str]], kept: list[str]
) -> None:
    text = f"id: EXT-01\ntitle: Saludar\n{LINES}"
    [saved] = save(admin, {"shape": "standard", "text": text, "set": [[["items"], wanted]]})
    items = yaml.load(saved, yaml.CSafeLoader)["items"]
    assert [{name: one[name] for name in ("id", "text")} for one in items] == wanted
    assert [remark for remark in kept if remark not in saved] == []


def test_a_text_that_is_mended_while_another_goes_keeps_its_remark(admin: Path) -> None:
    wanted = ["Mira a los ojos.", "Sonríe ya."]
    text = NOTED.replace("do:\n", "do:\n  - Mira a los ojos.\n")
    [saved] = save(admin, {"shape": "standard", "text": text, "set": [[["do"], wanted]]})
    assert "  - Sonríe ya.  # sin fingir\n" in saved
    assert "Mira y saluda." not in saved


def test_a_word_with_another_name_keeps_what_stands_beside_and_under_it(admin: Path) -> None:
    text = """\
title: M
pillars:
  # el de fuera
  externo:  # fuera
    title: Externo  # así
    # sin decir más
    raro: sí
  interno:
    title: Interno
words:
  searching.hint: Di qué pasa.  # corto
"""
    edits = [
        [["pillars", 0, "key"], "afuera"],
        [["pillars", 1, "title"], "Adentro"],
        [["words", 0, "key"], "searching.label"],
    ]
    [saved] = save(admin, {"shape": "playbook", "text": text, "set": edits})
    assert saved == text.replace("externo:", "afuera:").replace("title: Interno", "title: Adentro").replace(
        "searching.hint", "searching.label"
    )
    [saved] = save(
        admin,
        {"shape": "playbook", "text": text, "set": [*edits, [["pillars", "+"], {"key": "x", "title": "X"}]]},
    )
    assert (
        "  # el de fuera\n  afuera:  # fuera\n    title: Externo  # así\n    # sin decir más\n    raro: sí\n"
        in saved
    )
    assert yaml.load(saved, yaml.CSafeLoader)["pillars"]["x"] == {"title": "X"}


def test_a_long_text_is_folded_as_fmt_does_and_its_comment_stays(admin: Path) -> None:
    long = "Quien llega quiere saber que lo viste, " * 4 + "y que ya vas."
    [saved] = save(admin, {"shape": "standard", "text": NOTED, "set": [[["title"], long]]})
    assert "title: >-  # el corto\n  Quien llega" in saved
    assert yaml.load(saved, yaml.CSafeLoader)["title"] == long


LONG = "una palabra tan larga que dos de ellas no caben en una línea"


@pytest.mark.parametrize(
    ("held", "set_", "written"),
    [
        # What fits on one line stands on one, whichever way it came to fit.
        ([f"  - {LONG}", "  - dos", f"  - {LONG}"], [["search_words", 0], "uno"], ["uno", "dos", LONG]),
        ([f"  - {LONG}", "  - dos", f"  - {LONG}"], [["search_words", 2], None], [LONG, "dos"]),
        (["  - >-", f"    {LONG}", f"    {LONG}", "  - dos"], [["search_words", 0], "uno"], ["uno", "dos"]),
        # Between and behind its elements may stand comments, which have no place on one line.
        ([f"  - {LONG}", "  # dos", "  - dos", f"  - {LONG}"], [["search_words", 0], "uno"], None),
        ([f"  - {LONG}", "  - dos # sí", f"  - {LONG}"], [["search_words", 0], "uno"], None),
        (["  # las tres", f"  - {LONG}", "  - dos", f"  - {LONG}"], [["search_words", 0], "uno"], None),
    ],
)
def test_a_list_of_words_that_comes_to_fit_stands_on_one_line(
    admin: Path, held: list[str], set_: list[Any], written: list[str] | None
) -> None:
    text = "\n".join(["id: EXT-01", "title: Saludar", "search_words:", *held, ""])
    [saved] = save(admin, {"shape": "standard", "text": text, "set": [set_]})
    line = f"[{', '.join(written)}]" if written else None
    assert saved == (
        f"id: EXT-01\ntitle: Saludar\nsearch_words: {line}\n" if line else text.replace(LONG, "uno", 1)
    )
    assert format_text(saved, "x", shape_of("standard", KINDS)) == saved


def test_what_check_refuses_is_not_lost(admin: Path) -> None:
    text = NOTED.replace("1.50", "diez").replace("origin: own", "origin: yes")
    text = text.replace("do:\n", "scored: si\nreview_every: 1_000\ndo:\n", 1)
    assert save(admin, {"shape": "standard", "text": text}) == [text]
    assert save(admin, {"shape": "checklist", "text": "id: x\nscored: yes\n"}) == ["id: x\nscored: yes\n"]


@pytest.mark.parametrize(
    "text",
    [
        '{"id": "EXT-01", "nota": {"a": [], "b": {}, "c": null, "d": [{"x": "no"}, ["1"]]}}\n',
        "{id: EXT-01, nota: 012}",
        "id: EXT-01\ntitle: Hola\nnota: |\n  sin fin",
        "{}\n",
    ],
)
def test_a_file_in_any_form_that_was_only_opened_stays(admin: Path, text: str) -> None:
    assert save(admin, {"shape": "standard", "text": text}) == [text]


def test_an_edit_of_a_file_that_is_written_anew_loses_nothing(admin: Path) -> None:
    """A file in one pair of braces has no lines of its own for each field."""
    unknown = "nota: {a: [], b: {}, c: , d: [{x: 'no'}, ['1', 012]], e: \"uno\\n\\n\", f: 'largo'}, 12: doce"
    text = f"{{id: EXT-01, title: Hola, intent: '', threshold: {{value: 1.50, raro: si}}, {unknown}}}\n"
    [saved] = save(admin, {"shape": "standard", "text": text, "set": [[["title"], "Adiós"]]})
    before, after = (yaml.load(one, yaml.BaseLoader) for one in (text, saved))  # noqa: S506 - texts alone
    assert after == {**before, "title": "Adiós"}


@pytest.mark.parametrize(
    "written",
    [
        "uno\\\n  \n  \\ dos",
        "uno\\\r\n\r\n \t\r\n  dos",
        "uno\\\r\t\r  dos",
        "uno\\\\\n\n  dos",
        "uno\\\\\\\n\n  dos",
        "uno\\\n  \\  dos",
    ],
)
def test_an_escaped_line_end_and_the_empty_lines_after_it_stay(admin: Path, written: str) -> None:
    text = f'{{"id": "EXT-01", "title": "Hola", "intent": "{written}"}}\n'
    [saved] = save(admin, {"shape": "standard", "text": text, "set": [[["title"], "Adiós"]]})
    before, after = (yaml.load(one, yaml.CSafeLoader) for one in (text, saved))
    assert after == {**before, "title": "Adiós"}


def test_an_edit_leaves_what_a_form_takes_for_nothing(admin: Path) -> None:
    text = "id: EXT-01\ntitle: Hola\nreview_every: 1e999\nintent: ''\nchannels: ['']\ndo: [' ']\n"
    [saved] = save(admin, {"shape": "standard", "text": text, "set": [[["title"], "Adiós"]]})
    assert saved == text.replace("Hola", "Adiós")


def test_odd_files_are_written_back_with_what_they_said(admin: Path, tmp_path: Path) -> None:
    """A few of them: `scripts/fuzz.py --of forms` tries as many as one likes."""
    fuzzer = FileFuzzer(tmp_path)
    assert [*fuzzer.forms("default", 400, save_by_node(find_node(), FORMS, admin))] == []


def test_words_named_as_numbers_keep_their_order(admin: Path) -> None:
    text = "title: M\nservices:\n  zeta:\n    title: Zeta\n  24:\n    title: Todo\n  4:\n    title: Cuatro\n"
    edit = [[["services", "+"], {"key": "7", "title": "Siete"}]]
    assert save(
        admin, {"shape": "playbook", "text": text}, {"shape": "playbook", "text": text, "set": edit}
    ) == [
        text,
        f'{text}  "7":\n    title: Siete\n',
    ]


def test_a_new_file_is_in_the_one_form(admin: Path) -> None:
    data = {"id": "EXT-99", "title": "Nueva", "do": ["Saluda."], "channels": ["presencial"]}
    edits = [[[name], value] for name, value in data.items()]
    [saved] = save(admin, {"shape": "standard", "text": "{}", "set": edits})
    assert yaml.load(saved, yaml.CSafeLoader) == data
    assert format_text(saved, "x", shape_of("standard")) == saved


def test_random_edits_say_what_was_asked_in_the_one_form(admin: Path) -> None:
    """A leaf of many files takes another text; the rest reads as before, and `fmt` finds nothing to do."""
    choose = random.Random(7)  # noqa: S311 - the same edits each time
    asked = []
    for kind, path in choose.sample(content_files(), 80):
        text = path.read_text(encoding="utf-8")
        data = yaml.load(text, yaml.BaseLoader)  # noqa: S506 - texts alone
        if not isinstance(data, dict) or kind == "playbook":
            continue
        leaves = [place for place in leaves_of(data) if place[0] not in ("id", "revision", "changes")]
        place = choose.choice(leaves)
        value = choose.choice(
            ["corto", "con: dos puntos", "- guion", "no", "largo " * 30 + "fin", "línea\n\nnueva"]
        )
        asked.append((kind, text, data, place, value))
    saved = save(
        admin,
        *({"shape": kind, "text": text, "set": [[place, value]]} for kind, text, _, place, value in asked),
    )
    assert len(saved) > 60
    for (kind, _, data, place, value), written in zip(asked, saved, strict=True):
        part: Any = data
        for step in place[:-1]:
            part = part[step]
        part[place[-1]] = value
        assert yaml.load(written, yaml.BaseLoader) == data, (place, value)  # noqa: S506
        assert format_text(written, "x", shape_of(kind, KINDS)) == written


def leaves_of(value: Any, place: tuple[Any, ...] = ()) -> list[list[Any]]:
    """Return the places of texts that a form shows at the same place as the file."""
    if isinstance(value, dict):
        skipped = ("variables", "values", "mappings")
        return [
            leaf
            for name, one in value.items()
            if name not in skipped
            for leaf in leaves_of(one, (*place, name))
        ]
    if isinstance(value, list):
        return [leaf for i, one in enumerate(value) for leaf in leaves_of(one, (*place, i))]
    return (
        [[*place]]
        if place[-1] not in ("value", "date", "reviewed", "review_every", "result", "scored")
        else []
    )
