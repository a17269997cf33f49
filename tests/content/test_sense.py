"""What a reader with little time asks of each line: one thing at a time, and nothing said in vain."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from servicebook.content.model.entries import Behaviour, Checklist, Scenario, Standard
from servicebook.language import inline
from tests.content.deeds import two_deeds
from tests.content.library import everything, read, standards

# Lines that join two deeds, and lines that only seem to.
DEEDS: dict[str, list[str]] = yaml.load(
    Path(__file__).with_name("deeds.yml").read_text(encoding="utf-8"), yaml.CSafeLoader
)

# What joins two things whether or not a verb follows; `deeds` tells what «y», «ni» and a comma join.
TWO = re.compile(
    r"\b(?:además de|así como|junto con (?:el|la|los|las|una?)|a la vez que|al mismo tiempo|de paso"
    r"|tanto\b.+\bcomo)\b|;|[.?!]»? +[«¿¡]?(?-i:[A-ZÁÉÍÓÚÑ])",
    re.IGNORECASE,
)
# A list of three nouns asks for each; alternatives («una cosa, otra o la tercera») are met by any one.
LISTED = re.compile(
    r"\w+, \w+(?:, \w+)* y (?!al? |con |sin |en |por |de )\w+"
    r"|, (?!al? |con |sin |en |por |de )(?:\w+ ){0,2}\w+, (?!qu|cu|o )(?:\w+ ){0,2}\w+\.?$"
)
# Numbers as people write them: how many calls, cases or visits to look at.
MANY = re.compile(
    r"\b(?:dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|doce|quince|veinte|treinta|\d+)\b", re.IGNORECASE
)
# «It is not X, it is Y»: an idea that starts by denying another that nobody had.
DENIED = re.compile(
    r"\bno (?:es|son|se trata|quiere decir|consiste|sirve para|vas a)\b|, sino\b|\bno para\b", re.IGNORECASE
)
# «The first does this; the other does that»: the reader counts sentences instead of reading them.
COMPARED = re.compile(
    r"\bla (?:primera|segunda|otra)\b(?! vez)|\buna \w+(?: \w+){0,4}[;,] (?:la )?otra\b", re.IGNORECASE
)
# Words of one country, which a sample said to anybody should not need.
REGIONAL = re.compile(
    r"\b(?:ahorita|al rato|ticket|checar|cheque|platic\w+|liga|inbox|chamba|híjole|échenle|fletera|fórmese"
    r"|formarse|licenciad[oa]|coche|platillo|marco|bodega|la de junto|aquí ando|pásele|qué coraje|presumir"
    r"|refresco|ropa trae|gafete|banqueta|alberca|tantito|órale|ándele|ni modo)\b",
    re.IGNORECASE,
)


# What is looked at so many times: «Observa diez», «Haz tres pruebas».
SEVERAL = re.compile(rf"\b(?:observa|haz|pide|pregunta)\b[^.]*{MANY.pattern}", re.IGNORECASE)


def test_an_audit_says_when_what_is_seen_several_times_is_met() -> None:
    graded = [
        entry
        for entry in read().entries
        if isinstance(entry, Checklist) and entry.scored
        if any(SEVERAL.search(section.title) for section in entry.sections)
    ]
    assert graded
    assert [entry.id for entry in graded if "varias veces" not in entry.use] == []


def items() -> Iterator[tuple[str, str]]:
    """Yield the address and text of every item of a standard or of a checklist's own."""
    for entry in read().entries:
        if isinstance(entry, Standard):
            yield from ((f"{entry.id}.{item.id}", inline.plain(item.text)) for item in entry.items)
        elif isinstance(entry, Checklist):
            own = (item for section in entry.sections for item in section.items)
            yield from ((f"{entry.id}.{item.id}", inline.plain(item.text)) for item in own)


def asks_two(text: str) -> bool:
    """Tell whether an item asks for two things; alternatives, joined by «o», are one."""
    return two_deeds(text) or any(pattern.search(text) for pattern in (TWO, LISTED))


def test_no_item_asks_two_things() -> None:
    """No line needs an exception; one that does would be named here with its reason."""
    assert {address: text for address, text in items() if asks_two(text)} == {}


@pytest.mark.parametrize(
    "text",
    [
        "Probé luz, terminal y teléfono.",
        "Di el folio; expliqué para qué sirve.",
        "Leí la ficha y preparé lo que prefiere.",
        "Saludé al cliente, dije mi nombre.",
        "Pregunté el nombre antes de la cuenta. Lo anoté.",
        "Ofrecí agua, asiento, sombra.",
        "Confirmé la cita, su hora, el domicilio.",
        "Tanto la puerta como el pasillo están libres.",
        "Entregué el recibo, junto con la garantía.",
        "El baño está limpio, la luz funciona.",
        "Escuché sin interrumpir, después resumí lo dicho.",
        "Dejé limpio el mostrador a la vez que revisé los folletos.",
    ],
)
def test_what_joins_two_things_is_found(text: str) -> None:
    assert asks_two(text)


@pytest.mark.parametrize(
    "text",
    [
        "Saludé en diez segundos o menos.",
        "Pedí permiso antes de colgar o pausar.",
        "Si no supe algo, dije cuándo lo averiguo.",
        "Llamé después de la hora de la comida.",
        "Cuando la puerta está cerrada, hay un letrero.",
        "Di una indicación a la vez.",
        "Repasé los pendientes junto con mi relevo.",
        "Al primer insulto dije, con calma, qué no aceptaba.",
    ],
)
def test_alternatives_are_one_thing(text: str) -> None:
    assert not asks_two(text)


@pytest.mark.parametrize("text", DEEDS["double"])
def test_two_deeds_are_two_things(text: str) -> None:
    assert asks_two(text)


@pytest.mark.parametrize("text", DEEDS["innocent"])
def test_two_objects_of_one_deed_are_one_thing(text: str) -> None:
    assert not asks_two(text)


@pytest.mark.parametrize("standard", standards(), ids=lambda standard: standard.id)
def test_a_verification_says_how_many_times_to_look(standard: Standard) -> None:
    assert MANY.search(standard.verification.how), standard.verification.how


def intents_that_deny() -> list[str]:
    """Return the ids of standards whose intent denies something before it says something."""
    return [one.id for one in standards() if DENIED.search(inline.plain(one.intent))]


def test_intents_say_what_is_and_seldom_what_is_not() -> None:
    assert len(intents_that_deny()) <= len(standards()) // 10, intents_that_deny()


def test_reasons_of_phrases_seldom_compare_first_and_second() -> None:
    reasons = [
        (entry.id, inline.plain(phrase.why))
        for entry in read().entries
        for phrase in getattr(entry, "phrases", ())
        if phrase.why
    ]
    compared = [(where, text) for where, text in reasons if COMPARED.search(text)]
    assert len(reasons) > 80
    assert len(compared) <= len(reasons) // 10, compared


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (DENIED, "El trato VIP no es hacer reverencias. Es adelantarte."),
        (DENIED, "La prisa no es por despacharlo, sino para que sepa pronto."),
        (COMPARED, "La primera abre la puerta; la segunda pide cuentas."),
        (COMPARED, "Una invita a pasar; la otra apura."),
        (REGIONAL, "«Ahorita le marco.»"),
        (REGIONAL, "«Con su ticket se lo cambio.»"),
        (REGIONAL, "«Al rato platicamos.»"),
        (REGIONAL, "«Pásele, aquí ando.»"),
        (REGIONAL, "«¿Qué ropa trae?»"),
    ],
)
def test_a_habit_is_found(pattern: re.Pattern[str], text: str) -> None:
    assert pattern.search(text)


def samples() -> Iterator[tuple[str, str]]:
    """Yield where a sample stands and what it says: phrases, who serves in scenarios, good scenes."""
    for entry in read().entries:
        yield from ((entry.id, phrase.say) for phrase in getattr(entry, "phrases", ()))
        if isinstance(entry, Scenario):
            yield from ((entry.id, turn.text) for turn in entry.good_answer if turn.who == "staff")
        if isinstance(entry, Behaviour):
            yield from ((entry.id, said) for said in re.findall(r"«[^»]*»", entry.do.scene))


def test_samples_are_said_in_words_that_every_country_has() -> None:
    assert [(where, say) for where, say in samples() if REGIONAL.search(say)] == []


def test_working_days_have_one_name() -> None:
    assert [where for where, _, text in everything() if re.search(r"\blaborables?\b", text)] == []


def test_an_audit_mixes_levels_so_that_its_weights_act() -> None:
    for entry in read().entries:
        if isinstance(entry, Checklist) and entry.scored:
            levels = [item.level for section in entry.sections for item in section.items]
            assert {"essential", "expected", "excellence"} <= set(levels), entry.id
            assert levels.count("essential") <= len(levels) / 2, entry.id


def test_an_audit_is_written_as_what_an_observer_sees() -> None:
    """Its rows speak of somebody else, where the lists of those who serve speak in the first person."""
    own = [
        (entry.id, inline.plain(item.text))
        for entry in read().entries
        if isinstance(entry, Checklist) and entry.scored
        for section in entry.sections
        for item in section.items
    ]
    assert own
    assert [text for _, text in own if re.match(r"\w+(?:é|í|imos|amos)\b", text)] == []
    taken = [
        section.id
        for entry in read().entries
        if isinstance(entry, Checklist) and entry.scored
        for section in entry.sections
        if section.take or section.select
    ]
    assert taken == [], "items of standards speak in the first person"
