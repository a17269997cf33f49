"""Whether a line asks for two deeds: two verbs of its own, which somebody watching could answer apart.

A noun joined to another («el folio y la fecha») is one deed with two objects. What a relative, a question or
a wish brings along belongs to the deed that governs it: «atendí a quien llegó y esperaba», «dije quién abre y
quién cierra».
"""

from __future__ import annotations

import re
from functools import cache

import simplemma


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# What opens a clause inside another one.
_OPENERS = _set(
    "que quien quienes cual cuales cuyo cuya donde cuando como cuanto si aunque mientras porque pues según"
    " qué quién quiénes cuál cuáles dónde adónde cuándo cómo cuánto cuánta cuántos cuántas"
)
# A deed under a condition or at a moment is one deed: what stands before the comma only says when.
_WHEN = re.compile(
    r"^[¿«]?(?:si|cuando|donde|aunque|como|mientras|al|antes de|después de|tras|para|en cuanto|además de)\b"
    r"[^,]*, ",
    re.IGNORECASE,
)
# Words that join by themselves, where a verb comes behind them.
_NEXT = _set("además también luego después enseguida")
_JOINTS = frozenset({"y", "e", "ni", ",", ";"}) | _NEXT
_PRONOUNS = _set("me te se le les nos lo la los las")
_ARTICLES = _set(
    "el la los las un una unos unas mi mis su sus este esta estos estas ese esa cada otro otra otros otras"
)
_PREPOSITIONS = _set(
    "a al ante bajo con contra de del desde durante en entre hacia hasta para por sin sobre tras"
)
# Pasts that end as no other does, with what is made of them: «puse», «propuse».
_PAST_FIRST = re.compile(r"^(?:di|vi|fui)$|(?:puse|tuve|dije|hice|traje|vine|duje|quise|pude|supe)$")
_PAST_THIRD = re.compile(
    r"^(?:dio|vio|fue|fueron|hubo)$|(?:puso|tuvo|dijo|hizo|trajo|vino|dujo|quiso|pudo|supo|jeron)$"
)
_PARTICIPLES = _set(
    "hecho dicho puesto visto escrito abierto cubierto roto muerto vuelto resuelto impreso suelto"
)
_TOKEN = re.compile(r"[^\W\d_]+|\d+|[,;:]")


@cache
def _infinitive(word: str) -> str | None:
    """Return the verb that a word is a finite form of, or None; nouns that look like verbs are none."""
    if _PAST_FIRST.search(word) or _PAST_THIRD.search(word):
        return "dar"
    if word.endswith("s") and not word.endswith("mos") and word != "es":
        return None  # nobody is told «you» in a line of a list, and plurals end so
    lemma = simplemma.lemmatize(word, lang="es")
    if (
        not re.search(r"[aeií]r$", lemma)
        or lemma == word
        or re.search(r"(?:[aeií]r|ndo)(?:l[aeo]s?|se|me|nos)?$", word)
    ):
        return None
    masculine = re.sub(r"as?$|os$", "o", word)
    participle = lemma[:-2] + ("ado" if lemma.endswith("ar") else "ido")
    return None if masculine in _PARTICIPLES | {participle, participle.replace("ido", "ído")} else lemma


@cache
def _is_also_a_verb(noun: str) -> bool:
    """Tell whether a noun is written as a verb in the present: «firma», «muestra» (of «mostrar»)."""
    stems = {noun, noun.replace("ue", "o"), noun.replace("ie", "e")}
    return re.search(r"\w{3}[ae]$", noun) is not None and any(
        simplemma.is_known(stem + "r", lang="es") for stem in stems
    )


def _form(words: list[str], at: int) -> str | None:
    """Return person and tense of the verb at a place, «wish» for a subjunctive, None where no verb is."""
    word, before = words[at], words[at - 1] if at else ""
    after = words[at + 1] if at + 1 < len(words) else ""
    if before in _PREPOSITIONS or (before in _ARTICLES and before not in _PRONOUNS):
        return None
    verb = _infinitive(word)
    if verb is None:
        # «Firma» is a noun, and a verb where a pronoun stands before it or its object behind it.
        governs = before in _PRONOUNS - _ARTICLES | _OPENERS or after in _ARTICLES | {"a", "al"} | _OPENERS
        return "third present" if governs and _is_also_a_verb(word) else None
    if _PAST_FIRST.search(word) or re.search(r"[éí]$|[ai]mos$", word):
        return "first past"
    if _PAST_THIRD.search(word) or re.search(r"ó$|(?:a|ie|e)ron$", word):
        return "third past"
    if re.search(r"(?:ab|í)an?$", word) or word in {"era", "eran", "iba", "iban"}:
        return "third before"
    if re.search(r"(?:ara|iera|ase|iese)n?$", word) or re.search(
        r"en?$" if verb.endswith("ar") else r"an?$", word
    ):
        return "third present" if word in {"va", "van", "da", "dan", "ha", "han"} else "wish"
    return "third present"


def _joined_verb(words: list[str], at: int) -> str | None:
    """Return the form of the verb that a joint joins, alone or with what stands before it, or None."""
    for place in range(at, len(words)):
        if words[place] in _OPENERS | _JOINTS - _NEXT | {":", "o", "u"}:
            return None
        if form := _form(words, place):
            return form
    return None


def two_deeds(text: str) -> bool:
    """Tell whether one line joins two verbs of its own."""
    plain = re.sub(r"«[^»]*»|\([^)]*\)", "algo", text)
    words = _TOKEN.findall(_WHEN.sub("", plain.strip()).lower())
    own: str | None = None
    nearest_is_inside = opened = False
    for at, word in enumerate(words):
        if word in _OPENERS and words[at - 1 : at] != ["cada"]:
            opened = not (word == "como" and words[at + 1 : at + 2] in (["máximo"], ["mínimo"]))
        elif form := _form(words, at):
            nearest_is_inside = opened or form == "wish"
            own = own if nearest_is_inside else (own or form)
            opened = False
        elif word in _JOINTS and own and not opened:
            joined = _joined_verb(words, at + 1)
            if joined not in (None, "wish") and (not nearest_is_inside or joined == own):
                return True
    return False
