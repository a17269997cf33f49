"""A made-up playbook of any size: every kind of entry, references as dense as in the reference playbook.

The same count gives the same files. The vocabularies and sources are the reference playbook's, so that its
hand-written pages work over it. Some titles and texts hold what a careless program would take for markup.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import yaml

from servicebook.content.model.entries import FOLDERS

REFERENCE = Path(__file__).parents[1] / "playbook"
HOSTILE = (
    "Di <b>gracias</b> & «adiós»",
    "Comillas \"dobles\" y 'sencillas' </title><script>alert(1)</script>",
    "{{ 7*7 }} {% raw %} ${x} xservicebookidx @/x",
    "&amp; &lt;i&gt; \\1 \\g<0> % ñ",
    "Larguísimo " * 10 + "título",
)
_VERBS = [
    *("Saluda", "Mira", "Escucha", "Pregunta", "Explica", "Ofrece"),
    *("Anota", "Confirma", "Agradece", "Avisa", "Acompaña", "Revisa"),
]
_NOUNS = [
    "cliente",
    "compañero",
    "pedido",
    "cambio",
    "mostrador",
    "teléfono",
    "correo",
    "reporte",
    "plazo",
    "motivo",
    "acuerdo",
    "nombre",
]
_ENDS = (
    "con calma y sin interrumpir",
    "antes de que tenga que pedirlo",
    "aunque haya otras personas en la fila",
    "con palabras que se entienden",
    "y confirma que quedó claro",
    "dentro del plazo que prometiste",
)
_COMMON = {"reviewed": "2026-11-01", "review_every": 120}


def write_playbook(folder: Path, count: int) -> None:
    """Write a playbook of `count` standards, and of other entries in proportion, into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("playbook.yml", "sources.yml"):
        shutil.copy(REFERENCE / name, folder / name)
    maker = _Maker(folder, count)
    for kind, entries in maker.entries().items():
        (folder / FOLDERS[kind]).mkdir(exist_ok=True)
        for entry in entries:
            _write(folder / FOLDERS[kind] / f"{entry['id']}.yml", entry)
    _write(folder / "glossary.yml", maker.terms())


def _standard_id(place: int) -> str:
    """Return the id of a standard: an id's number has four digits, so that many of one kind begin another."""
    series, number = divmod((place - 1) // 2, 9_999)
    return f"{'EXT' if place % 2 else 'INT'}{'ABC'[series - 1] if series else ''}-{number + 1:04d}"


def _write(path: Path, data: Any) -> None:
    text = yaml.dump(data, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=100)
    path.write_text(text, encoding="utf-8", newline="\n")


class _Maker:
    """Makes the entries of one playbook, their references among themselves."""

    def __init__(self, folder: Path, count: int) -> None:
        settings = yaml.load((folder / "playbook.yml").read_text(encoding="utf-8"), yaml.CSafeLoader)
        sources = yaml.load((folder / "sources.yml").read_text(encoding="utf-8"), yaml.CSafeLoader)
        self._dice = random.Random(count)  # noqa: S311 - reproducible, not secret
        self._words: dict[str, list[str]] = {
            name: list(settings[name])
            for name in ("teams", "pillars", "principles", "channels", "roles", "moments", "services")
        }
        self._sources = [source["id"] for source in sources]
        few = max(2, count // 20)
        self._ids = {
            "standard": [_standard_id(i) for i in range(1, count + 1)],
            "behaviour": [f"conducta-{i}" for i in range(1, few + 1)],
            "customer": [f"cliente-{i}" for i in range(1, few + 1)],
            "case": [f"caso-{i}" for i in range(1, max(2, few // 2) + 1)],
            "metric": [f"indicador-{i}" for i in range(1, few + 1)],
            "checklist": [f"lista-{i}" for i in range(1, few + 1)],
            "scenario": [f"escenario-{i}" for i in range(1, few + 1)],
        }

    def entries(self) -> dict[str, Iterable[dict[str, Any]]]:
        """Return the entries of each kind, as the data of their files."""
        return {
            kind: [self._entry(kind, i, identity) for i, identity in enumerate(ids)]
            for kind, ids in self._ids.items()
        }

    def _entry(self, kind: str, i: int, identity: str) -> dict[str, Any]:
        entry = {**self._head(i, identity), **getattr(self, f"_{kind}")()}
        if "related" in entry:
            entry["related"] = [other for other in entry["related"] if other != identity]
        return entry

    def terms(self) -> list[dict[str, Any]]:
        """Return the glossary."""
        return [
            {"id": f"termino-{noun}", "title": noun, "definition": self._sentence()}
            for noun in ("cliente", "pedido", "plazo")
        ]

    def _head(self, i: int, identity: str) -> dict[str, Any]:
        title = HOSTILE[i // 7 % len(HOSTILE)] if i % 7 == 6 else self._sentence().rstrip(".")
        return {
            "id": identity,
            "title": title.strip(),
            "owner": self._one("teams"),
            **_COMMON,
            "sources": [{"source": self._pick(self._sources)}],
        }

    def _standard(self) -> dict[str, Any]:
        return {
            "statement": self._sentence(),
            "intent": self._text(3),
            "pillar": self._one("pillars"),
            "principles": self._some("principles"),
            "channels": self._some("channels"),
            "roles": self._some("roles"),
            "moments": self._some("moments"),
            "services": self._some("services"),
            "level": self._pick(["essential", "expected", "excellence"]),
            "threshold": {
                "at": "most",
                "value": self._dice.randint(1, 90),
                "unit": "minutos",
                "origin": "own",
            },
            "do": self._sentences(4),
            "dont": self._sentences(4),
            "phrases": [self._phrase(), self._phrase()],
            "verification": {
                "question": f"¿{self._sentence()[:-1]}?",
                "how": self._sentence(),
                "evidence": self._sentence(),
            },
            "items": [{"id": f"punto-{i}", "text": self._sentence()} for i in range(1, 4)],
            "customers": self._ids_of("customer", 2),
            "metrics": self._ids_of("metric", 2),
            "cases": self._ids_of("case", 1),
            "related": self._ids_of("standard", 2),
            "mappings": {"servqual": ["reliability"], "iso23592": ["processes", "culture"]},
            "search_words": ["mostrador", "queja"],
        }

    def _behaviour(self) -> dict[str, Any]:
        return {
            "pillar": self._one("pillars"),
            "do": {"act": self._sentence(), "scene": self._text(2)},
            "dont": {"act": self._sentence(), "scene": self._text(2)},
            "why": self._text(2),
            "standards": self._ids_of("standard", 3),
        }

    def _customer(self) -> dict[str, Any]:
        return {
            "nature": self._pick(["type", "situation", "internal"]),
            "summary": self._text(2),
            "signals": self._sentences(3),
            "needs": self._sentences(3),
            "approach": [{"title": self._sentence()[:-1], "text": self._text(2)} for _ in range(4)],
            "phrases": [self._phrase(), self._phrase()],
            "mistakes": self._sentences(3),
            "standards": self._ids_of("standard", 5),
            "metrics": self._ids_of("metric", 2),
        }

    def _case(self) -> dict[str, Any]:
        return {
            "company": "Compañía & Hijos",
            "summary": self._text(2),
            "claims": [self._claim(i) for i in (1, 2, 3)],
            "lessons": self._sentences(2),
            "practice": self._sentences(2),
            "standards": self._ids_of("standard", 4),
        }

    def _claim(self, i: int) -> dict[str, Any]:
        return {
            "id": f"dato-{i}",
            "text": self._sentence(),
            "sources": [{"source": self._pick(self._sources)}],
            "date": "2020",
            "confidence": self._pick(["high", "medium", "low"]),
            "recheck": "2036-11-01",
        }

    def _metric(self) -> dict[str, Any]:
        good, all_ = self._dice.randint(1, 50), 50
        return {
            "summary": self._sentence(),
            "measures": self._text(2),
            "formula": {
                "words": "buenos entre todos por cien",
                "expression": "buenos / todos * 100",
                "variables": {
                    "buenos": {"label": "Casos buenos", "unit": "casos"},
                    "todos": {"label": "Todos los casos", "unit": "casos"},
                },
                "unit": "%",
            },
            "collection": self._sentences(2),
            "example": {
                "story": self._sentence(),
                "values": {"buenos": good, "todos": all_},
                "result": good * 100 // all_,
            },
            "reading": [{"range": "80 o más", "meaning": self._sentence()}],
            "standards": self._ids_of("standard", 4),
        }

    def _checklist(self) -> dict[str, Any]:
        standards = self._ids_of("standard", 8)
        return {
            "use": self._sentence(),
            "roles": self._some("roles"),
            "frequency": "Diario",
            "scored": self._pick(["true", "false"]),
            "sections": [
                {"id": "uno", "title": "Antes", "take": standards[:4]},
                {
                    "id": "dos",
                    "title": "Después",
                    "take": [f"{id_}.punto-1" for id_ in standards[4:]] or standards,
                },
                {"id": "tres", "title": "Propios", "items": [{"id": "luz", "text": self._sentence()}]},
            ],
        }

    def _scenario(self) -> dict[str, Any]:
        return {
            "customer": self._ids_of("customer", 1)[0],
            "channel": self._one("channels"),
            "situation": self._text(2),
            "customer_side": self._text(2),
            "staff_side": self._text(2),
            "goes_wrong": self._text(2),
            "good_answer": [
                {"who": who, "text": self._sentence()} for who in ("customer", "staff", "customer", "staff")
            ],
            "debrief": [f"¿{self._sentence()[:-1]}?", f"¿{self._sentence()[:-1]}?"],
            "standards": self._ids_of("standard", 3),
        }

    def _phrase(self) -> dict[str, str]:
        return {"say": f"«{self._sentence()}»", "avoid": f"«{self._sentence()}»", "why": self._sentence()}

    def _sentence(self) -> str:
        return f"{self._pick(_VERBS)} al {self._pick(_NOUNS)} {self._pick(_ENDS)}."

    def _sentences(self, count: int) -> list[str]:
        return [self._sentence() for _ in range(count)]

    def _text(self, count: int) -> str:
        """Return a paragraph with everything that inline text may hold, and something that it may not."""
        link = f"Mira [otro estándar]({self._pick(self._ids['standard'])})."
        return " ".join(["*Ojo*:", *self._sentences(count), "Son **2 < 3** & punto.", link])

    def _pick(self, choices: Sequence[str]) -> str:
        return self._dice.choice(choices)

    def _one(self, vocabulary: str) -> str:
        return self._pick(self._words[vocabulary])

    def _some(self, vocabulary: str) -> list[str]:
        words = self._words[vocabulary]
        return self._dice.sample(words, min(len(words), self._dice.randint(1, 3)))

    def _ids_of(self, kind: str, count: int) -> list[str]:
        ids = self._ids[kind]
        return self._dice.sample(ids, min(len(ids), count))
