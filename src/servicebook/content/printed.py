"""What sheets of paper show of an entry, by which editions tell what changed."""

from __future__ import annotations

from servicebook.content.model.entries import (
    Behaviour,
    Case,
    Checklist,
    Customer,
    Entry,
    Metric,
    Scenario,
    Standard,
)

# The parts of an entry that are printed; an entry's lines of checklist are compared one by one instead.
PARTS: dict[type[Entry], tuple[str, ...]] = {
    Standard: ("statement", "intent", "threshold", "do", "dont", "phrases", "verification"),
    Behaviour: ("do", "dont", "why"),
    Customer: ("summary", "signals", "needs", "approach", "phrases", "mistakes"),
    Case: ("summary", "claims", "lessons", "practice"),
    Metric: ("summary", "measures", "formula", "collection", "example", "reading", "causes"),
    Checklist: ("use", "frequency", "sign_off"),
    Scenario: ("situation", "customer_side", "staff_side", "goes_wrong", "good_answer", "debrief"),
}
