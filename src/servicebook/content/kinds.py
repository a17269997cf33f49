"""The kinds of entries that a playbook has: the built-in ones as it adapts them, and its own.

What a playbook declares becomes types: a level is one of its levels, its own fields are fields of the
model. So whatever reads the model (checks, schemas, forms, search, paper) needs to know of no declaration.
A playbook that declares nothing has the built-in types themselves.
"""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Any, Literal, TypeVar, Union, cast, get_args, get_origin

from annotated_types import MinLen
from pydantic import BaseModel, Field, StringConstraints, ValidationError, create_model

from servicebook.content.model.checklists import LevelWeights
from servicebook.content.model.declared import Declarations, FieldInfo, KindInfo
from servicebook.content.model.entries import ENTRY_TYPES, Entry, Mappings
from servicebook.content.model.types import (
    FORMATS,
    ITEM_TAIL,
    KEBAB,
    STANDARD,
    Date,
    Flag,
    Level,
    Line,
    Model,
    Name,
    Number,
    Part,
    Points,
    Ref,
    Text,
    Url,
    Word,
)

M = TypeVar("M", bound=Model)
LONGEST_ID = 60


class Kinds(Mapping[str, type[Entry]]):
    """The model of each kind by the kind's name: the built-in ones first, then the playbook's own."""

    def __init__(
        self,
        models: Mapping[str, type[Entry]],
        words: Mapping[str, str],
        left_out: frozenset[str] = frozenset(),
    ) -> None:
        """`words` are the sentences of the interface that the declarations bring along.

        `left_out` are the vocabularies that the playbook does without.
        """
        self._models = dict(models)
        self.words = words
        self.left_out = left_out

    def __getitem__(self, kind: str) -> type[Entry]:
        return self._models[kind]

    def __iter__(self) -> Iterator[str]:
        return iter(self._models)

    def __len__(self) -> int:
        return len(self._models)

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other

    @cached_property
    def by_folder(self) -> Mapping[str, str]:
        """The kind whose entries stand in a folder, by the folder's name."""
        return {model.folder: kind for kind, model in self._models.items()}

    @property
    def built_in(self) -> list[str]:
        """The kinds that every playbook has."""
        return list(ENTRY_TYPES)

    @property
    def own(self) -> list[str]:
        """The kinds that the playbook declares."""
        return [kind for kind in self._models if kind not in ENTRY_TYPES]


def kinds_of(declared: Declarations | None) -> Kinds:
    """Return the kinds of a playbook; the same object for the same declarations, which have no faults."""
    if declared is None:
        return USUAL
    key = declared.model_dump_json(include=set(Declarations.model_fields), by_alias=True)
    if key not in _KEPT:
        if len(_KEPT) >= _MOST_KEPT:
            del _KEPT[next(iter(_KEPT))]
        _KEPT[key] = _Adapter(declared).kinds()
    return _KEPT[key]


def declared_in(data: Any) -> Declarations | None:
    """Return what settings declare, whatever else is wrong with them; None where that is wrong too."""
    if not isinstance(data, dict):
        return None
    try:
        found = {name: data[name] for name in Declarations.model_fields if name in data}
        return Declarations.model_validate(found)
    except ValidationError:
        return None


class _Adapter:
    """Makes the models of a playbook from the built-in ones; what no declaration touches stays itself."""

    def __init__(self, declared: Declarations) -> None:
        self._declared = declared
        self._made: dict[type[Model], type[Model]] = {}
        self._levels = tuple(declared.levels)
        self._left_out = frozenset(name for name in OPTIONAL if not getattr(declared, name))
        self._patterns = self._patterns_of(declared.ids)

    def kinds(self) -> Kinds:
        models = {kind: self._built_in(kind) for kind in ENTRY_TYPES}
        own = {kind: info for kind, info in self._declared.kinds.items() if kind not in ENTRY_TYPES}
        models |= {kind: self._own(kind, info) for kind, info in own.items()}
        return Kinds(models, dict(self._words(models)), self._left_out)

    # --- kinds -----------------------------------------------------------------------------------

    def _built_in(self, kind: str) -> type[Entry]:
        own, pattern = self._declared.fields.get(kind, {}), self._declared.ids.get(kind)
        changed = {**self._changed_fields(ENTRY_TYPES[kind]), **self._own_fields(own)}
        if pattern:
            changed["id"] = self._id_field(pattern)
        model = self._derived(ENTRY_TYPES[kind], changed)
        facets = {name: words for name, words in model.facets.items() if words not in self._left_out}
        facets |= _facets_among(own)
        if model is not ENTRY_TYPES[kind]:
            model.facets, model.own_fields = facets, own
            model.codes = model.codes or bool(pattern)
        return model

    def _own(self, kind: str, info: KindInfo) -> type[Entry]:
        changed = {**self._changed_fields(Entry), **self._own_fields(info.fields, info.summary)}
        changed["replaced_by"] = (Annotated[Annotated[str, Ref(kind)] | None, Part("substantive")], None)
        if pattern := self._declared.ids.get(kind):
            changed["id"] = self._id_field(pattern)
        model = cast("type[Entry]", create_model(kind, __base__=Entry, __module__=__name__, **changed))
        model.__doc__ = info.title_one
        model.kind, model.folder, model.codes = kind, info.folder or kind, bool(pattern)
        model.facets, model.own_fields = _facets_among(info.fields), info.fields
        model.summary_at = info.summary or ""
        return model

    def _own_fields(self, own: Mapping[str, FieldInfo], summary: str | None = None) -> dict[str, Any]:
        return {
            name: self._own_field(info, "title" if name == summary else f"field-{name}")
            for name, info in own.items()
        }

    def _own_field(self, info: FieldInfo, anchor: str) -> Any:
        one = self._type_of(info)
        has_text = info.type in ("text", "list") and "facts" in info.shows
        part = Part(info.change, at=anchor if has_text else "", printed="paper" in info.shows)
        if info.several or info.type == "list":
            least = [Field(min_length=1)] if info.required else []
            return (Annotated[(_several(one), *least, part)], ... if info.required else ())
        return (Annotated[one, part], ...) if info.required else (Annotated[one | None, part], None)

    def _type_of(self, info: FieldInfo) -> Any:
        if info.type == "word":
            name = info.vocabulary or ""
            if words := self._declared.vocabularies.get(name):
                return Annotated[_one_of(tuple(words)), Word(name)]
            return self._type(Level) if name == "levels" else Annotated[Name, Word(name)]
        if info.type == "reference":
            return Annotated[Name, Ref(info.kind or "")]
        return _TYPES[info.type]

    # --- types -----------------------------------------------------------------------------------

    def _derived(self, model: type[M], changed: Mapping[str, Any]) -> type[M]:
        if not changed:
            return model
        made = create_model(model.__name__, __base__=model, __module__=__name__, **changed)
        made.__doc__ = model.__doc__
        return made

    def _model(self, model: type[Model]) -> type[Model]:
        if model not in self._made:
            if model is LevelWeights:
                self._made[model] = self._weights()
            else:
                changed = self._frameworks() if model is Mappings else self._changed_fields(model)
                self._made[model] = self._derived(model, changed)
        return self._made[model]

    def _frameworks(self) -> dict[str, Any]:
        return {
            name: (_several(Annotated[(_one_of(tuple(info.elements)), Word(f"frameworks.{name}"))]), ())
            for name, info in self._declared.frameworks.items()
        }

    def _weights(self) -> type[Model]:
        """Return the weights of the levels that there are: of the usual ones, those that are declared too."""
        if set(self._levels) == set(LevelWeights.model_fields):
            return LevelWeights
        fields: dict[str, Any] = dict.fromkeys(self._levels, (Points | None, None))
        made = create_model(LevelWeights.__name__, __base__=Model, __module__=__name__, **fields)
        made.__doc__ = LevelWeights.__doc__
        return made

    def _changed_fields(self, model: type[Model]) -> dict[str, Any]:
        """Return those fields of a model that a declaration changes, as `create_model` takes them."""
        changed: dict[str, Any] = {}
        for name, info in model.model_fields.items():
            whole = Annotated[(info.annotation, *info.metadata)] if info.metadata else info.annotation
            default = ... if info.is_required() else info.default
            made = self._type(whole)
            if isinstance(default, Model):
                default = self._model(type(default))()
            words = {mark.vocabulary for mark in _marks_in(whole)}
            if words & self._left_out and info.is_required():
                made, default = _optional(made)
            elif "levels" in words and isinstance(default, str) and default not in self._levels:
                default = ...
            if made != whole or default != (... if info.is_required() else info.default):
                changed[name] = (made, default)
        return changed

    def _type(self, written: Any) -> Any:
        """Return a type with what stands in it changed."""
        origin, args = get_origin(written), get_args(written)
        if origin is Annotated:
            marks = tuple(self._constraint(mark) for mark in written.__metadata__)
            is_level = any(isinstance(mark, Word) and mark.vocabulary == "levels" for mark in marks)
            inner = _one_of(self._levels) if is_level and _is_choice(args[0]) else self._type(args[0])
            return Annotated[(inner, *marks)]
        if origin in (Union, types.UnionType):
            return Union[tuple(self._type(arg) for arg in args)]  # noqa: UP007 - of a tuple of types
        if origin is tuple:
            return _several(self._type(args[0]))
        if origin is dict:
            return types.GenericAlias(dict, (args[0], self._type(args[1])))
        if isinstance(written, type) and issubclass(written, Model):
            return self._model(written)
        return written

    def _constraint(self, mark: Any) -> Any:
        if isinstance(mark, StringConstraints) and mark.pattern in self._patterns:
            return StringConstraints(pattern=self._patterns[str(mark.pattern)], max_length=mark.max_length)
        return mark

    def _id_field(self, pattern: str) -> Any:
        constraints = StringConstraints(pattern=f"^(?:{pattern})$", max_length=LONGEST_ID)
        return (Annotated[str, constraints, Part("clarified")], ...)

    def _patterns_of(self, ids: Mapping[str, str]) -> dict[str, str]:
        """Return the patterns that change with those declared: of items' addresses, and of former ids."""
        patterns = {}
        if "standard" in ids:
            patterns[FORMATS["item"]] = f"^(?:{ids['standard']}){ITEM_TAIL}"
        if ids:
            every = "|".join((*ids.values(), STANDARD, KEBAB))
            patterns[FORMATS["former"]] = f"^(?:{every})$"
        return patterns

    # --- words -----------------------------------------------------------------------------------

    def _words(self, models: Mapping[str, type[Entry]]) -> Iterator[tuple[str, str]]:
        """Yield what the interface says of what is declared: the key of a sentence, and the sentence."""
        for level, info in self._declared.levels.items():
            if info.title:
                yield from ((f"{family}.{level}", info.title) for family in ("level", "screen"))
                yield f"label.LevelWeights.{level}", info.title
                yield f"field.LevelWeights.{level}", _sentence(info.title)
        for kind, named in self._declared.kinds.items():
            address = named.address or named.folder or (kind if kind not in ENTRY_TYPES else None)
            keys = {"kind": named.title, "name": named.title_one, "path": address, "related": named.title}
            yield from ((f"{family}.{kind}", text) for family, text in keys.items() if text)
        for name, framework in self._declared.frameworks.items():
            yield f"label.Mappings.{name}", framework.title
            yield f"field.Mappings.{name}", _sentence(framework.title)
        for model in models.values():
            for name, field in model.own_fields.items():
                yield f"label.{model.__name__}.{name}", field.label
                yield f"field.{model.__name__}.{name}", _sentence(field.help or field.label)


def _sentence(text: str) -> str:
    """Return what a field is for as editors read it: with a full stop where it has none."""
    return text if text.endswith((".", "?", "!", "…")) else f"{text}."


def _facets_among(own: Mapping[str, FieldInfo]) -> dict[str, str]:
    """Return the declared fields that lists can be narrowed by, with what names their words."""
    return {name: info.vocabulary or "" for name, info in own.items() if "facet" in info.shows}


def _one_of(words: tuple[str, ...]) -> Any:
    return Literal[words]


def _several(one: Any) -> Any:
    return types.GenericAlias(tuple, (one, ...))


def _is_choice(written: Any) -> bool:
    return get_origin(written) is Literal


def _marks_in(written: Any) -> Iterator[Word]:
    """Yield the vocabularies that a type's own text is a word of; those of models inside it are theirs."""
    if get_origin(written) is Annotated:
        yield from (mark for mark in written.__metadata__ if isinstance(mark, Word))
    for inner in get_args(written):
        if not (isinstance(inner, type) and issubclass(inner, BaseModel)):
            yield from _marks_in(inner)


def _optional(written: Any) -> tuple[Any, Any]:
    """Return the type of a required field as one that may be left out, and its default."""
    inner, marks = (
        (get_args(written)[0], written.__metadata__) if get_origin(written) is Annotated else (written, ())
    )
    if get_origin(inner) is tuple:
        return Annotated[(inner, *(mark for mark in marks if not isinstance(mark, MinLen)))], ()
    return Annotated[(inner | None, *marks)], None


_TYPES: dict[str, Any] = {
    "line": Line,
    "text": Text,
    "number": Number,
    "date": Date,
    "flag": Flag,
    "list": Text,
    "url": Url,
}
# The vocabularies that a playbook may do without.
OPTIONAL = frozenset({"principles", "channels", "roles", "moments", "services"})
_MOST_KEPT = 8
_KEPT: dict[str, Kinds] = {}


USUAL = Kinds(ENTRY_TYPES, {})
