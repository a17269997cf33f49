"""How much each change matters: one table from fields to weights."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum, StrEnum


class Weight(IntEnum):
    """How much a change matters to whoever works by the playbook."""

    EDITORIAL = 1  # nobody needs to know: spelling, punctuation, wording of the reasons, upkeep
    CLARIFIED = 2  # worth reading: examples, phrases, sources, guidance; what is asked stays the same
    SUBSTANTIVE = 3  # somebody must do something else from now on

    @property
    def word(self) -> str:
        """Return the name that data and catalogues use."""
        return self.name.lower()


class Kind(StrEnum):
    """What happened to an entry, a field, or an element of a list."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    REORDERED = "reordered"
    MOVED = "moved"  # an entry, to another pillar
    RENAMED = "renamed"  # an entry, to another id
    RETIRED = "retired"
    REPLACED = "replaced"  # retired in favour of another
    SPLIT = "split"
    MERGED = "merged"


_S, _C, _E = Weight.SUBSTANTIVE, Weight.CLARIFIED, Weight.EDITORIAL


# The rules: each field of each model and the weight of a change to it, or to anything below it that has no
# line of its own. `Entry` stands for every kind. A test holds that no field is left out.
CLASSES: dict[str, Weight] = {
    # Every entry
    "Entry.id": _C,
    "Entry.title": _E,
    "Entry.status": _S,
    "Entry.replaced_by": _S,
    "Entry.former_ids": _E,
    "Entry.revision": _E,
    "Entry.changes": _E,
    "Entry.owner": _E,
    "Entry.reviewed": _E,
    "Entry.review_every": _E,
    "Entry.urgent": _E,
    "Entry.sources": _C,
    "Entry.search_words": _E,
    # Standards: what is promised, to whom it falls, and how it is verified
    "Standard.statement": _S,
    "Standard.intent": _E,
    "Standard.pillar": _C,
    "Standard.principles": _E,
    "Standard.channels": _S,
    "Standard.roles": _S,
    "Standard.moments": _S,
    "Standard.services": _S,
    "Standard.level": _S,
    "Standard.threshold": _S,
    "Threshold.source": _C,
    "Threshold.note": _C,
    "Standard.do": _S,
    "Standard.dont": _S,
    "Standard.phrases": _C,
    "Standard.verification": _S,
    "Standard.items": _S,
    "Standard.customers": _E,
    "Standard.metrics": _C,
    "Standard.no_metric": _C,
    "Standard.cases": _E,
    "Standard.related": _E,
    "Standard.mappings": _E,
    # Behaviours: the acts bind, their scenes show
    "Behaviour.pillar": _C,
    "Behaviour.do": _S,
    "Behaviour.dont": _S,
    "Conduct.scene": _C,
    "Behaviour.why": _E,
    "Behaviour.standards": _E,
    # Guides, cases and role-plays are guidance throughout
    "Customer.nature": _C,
    "Customer.summary": _C,
    "Customer.signals": _C,
    "Customer.needs": _C,
    "Customer.approach": _C,
    "Customer.phrases": _C,
    "Customer.mistakes": _C,
    "Customer.standards": _C,
    "Customer.metrics": _C,
    "Case.company": _E,
    "Case.summary": _C,
    "Case.claims": _C,
    "Case.lessons": _C,
    "Case.practice": _C,
    "Case.standards": _C,
    "Scenario.customer": _C,
    "Scenario.channel": _C,
    "Scenario.situation": _C,
    "Scenario.customer_side": _C,
    "Scenario.staff_side": _C,
    "Scenario.goes_wrong": _C,
    "Scenario.good_answer": _C,
    "Scenario.debrief": _C,
    "Scenario.standards": _C,
    # Metrics: another computation gives another number
    "Metric.summary": _C,
    "Metric.measures": _S,
    "Metric.formula": _S,
    "Formula.words": _C,
    "Variable.label": _C,
    "Metric.collection": _C,
    "Metric.example": _C,
    "Metric.reading": _S,
    "Metric.reading_origin": _C,
    "Reading.meaning": _C,
    "Reading.title": _C,
    "Metric.causes": _C,
    "Metric.standards": _C,
    # Checklists: what is ticked, by whom and when
    "Checklist.use": _S,
    "Checklist.roles": _S,
    "Checklist.channels": _S,
    "Checklist.frequency": _S,
    "Checklist.period": _S,
    "Checklist.scored": _S,
    "Checklist.scoring": _S,
    "Checklist.reminder": _S,
    "Checklist.sections": _S,
    "Section.title": _E,
    "Checklist.dated": _S,
    "Checklist.sign_off": _S,
    "Checklist.signers": _S,
    "Checklist.page_size": _E,
    # Beside the entries
    "Term": _C,
    "Source": _E,
    "Foundation": _C,
    "Settings": _E,
    "Settings.pillars": _C,
    "Settings.principles": _C,
    "Settings.channels": _C,
    "Settings.roles": _C,
    "Settings.moments": _C,
    "Settings.services": _C,
}


# Lists whose order says something: steps to take, lines of a dialogue, parts of a sheet.
ORDERED = frozenset({"approach", "sections", "good_answer", "collection", "points"})


def weight_of(shapes: Sequence[tuple[str, str]]) -> Weight:
    """Return the weight of a change below a chain of fields, each a model's name and a field's, outermost
    first: the innermost that the table names decides."""
    for model, name in reversed(shapes):
        for key in (f"{model}.{name}", model, f"Entry.{name}"):
            # A field that is common to all entries counts as such only at the top of one.
            if key in CLASSES and (not key.startswith("Entry.") or model == shapes[0][0]):
                return CLASSES[key]
    return Weight.EDITORIAL
