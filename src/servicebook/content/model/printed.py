"""What a sheet of paper said, as an edition keeps it: words and numbers, enough to set the sheet again."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from servicebook.content.model.types import Flag, Line, Model, Title


class PrintedRow(Model):
    """A line of a list; one of the list's own has no id on paper."""

    id: str = ""
    text: str
    weight: Annotated[int, Field(ge=0)] = 0
    gate: Flag = False


class PrintedSection(Model):
    """A part of a list."""

    title: Title
    rows: Annotated[tuple[PrintedRow, ...], Field(min_length=1)]


class Blank(Model):
    """Something to fill in by hand."""

    name: Line
    label: str


class DoDont(Model):
    """A pair of the reminder."""

    do: str
    dont: str


class SayAvoid(Model):
    """A pair of phrases."""

    say: str
    avoid: str


class PrintedStep(Model):
    """A step of a guide."""

    title: Line
    text: str


class Spoken(Model):
    """A line of a dialogue."""

    who: Line
    label: str
    text: str


class Declared(Model):
    """What a field of the playbook's own said."""

    label: str
    text: str


class _Printed(Model):
    """What every sheet has; `kind` is that of the entries which are printed so."""

    kind: ClassVar[str]
    declared: tuple[Declared, ...] = ()


class PrintedChecklist(_Printed):
    """A list to tick; its cards for the pocket hold the same lines."""

    kind: ClassVar[str] = "checklist"
    form: Literal["checklist"]
    use: str
    frequency: str
    sections: tuple[PrintedSection, ...]
    reminders: tuple[DoDont, ...] = ()
    dated: Flag = False
    sign_off: tuple[Blank, ...] = ()


class PrintedAudit(_Printed):
    """A list that is graded, with the rule that grades it."""

    kind: ClassVar[str] = "checklist"
    form: Literal["audit"]
    use: str
    frequency: str
    sections: tuple[PrintedSection, ...]
    visit: tuple[Blank, ...]
    rule_title: Line
    rule: tuple[str, ...]
    total: Annotated[int, Field(ge=0)]
    sign_off: tuple[Blank, ...] = ()


class PrintedGuide(_Printed):
    """A guide to a customer."""

    kind: ClassVar[str] = "customer"
    form: Literal["guide"]
    summary: str
    signals: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    approach: tuple[PrintedStep, ...] = ()
    phrases: tuple[SayAvoid, ...] = ()
    mistakes: tuple[str, ...] = ()
    standards: tuple[str, ...] = ()


class PrintedRolePlay(_Printed):
    """A scene to play, with the trainer's part; the first sheets had no level, minutes and rubric."""

    kind: ClassVar[str] = "scenario"
    form: Literal["role_play"]
    channel: str = ""
    level: str | None = None
    minutes: str | None = None
    customer: str
    situation: str
    customer_side: str
    staff_side: str
    rubric: tuple[str, ...] | None = None
    goes_wrong: str
    good_answer: tuple[Spoken, ...] = ()
    debrief: tuple[str, ...] = ()
    standards: tuple[str, ...] = ()


class PrintedStandard(_Printed):
    """A standard on one sheet; its poster says a part of it.

    The verification is what to ask, how to look, and what shows it.
    """

    kind: ClassVar[str] = "standard"
    form: Literal["standard"]
    statement: str
    threshold: str = ""
    do: tuple[str, ...]
    dont: tuple[str, ...]
    phrases: tuple[SayAvoid, ...] = ()
    verification: tuple[str, ...]


Printed = Annotated[
    PrintedChecklist | PrintedAudit | PrintedGuide | PrintedRolePlay | PrintedStandard,
    Field(discriminator="form"),
]
