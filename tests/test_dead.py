"""Nothing is kept that nobody uses: names in code, classes in styles, exports of scripts, components."""

from __future__ import annotations

import ast
import re
from collections import Counter

from tests.conftest import ROOT

CODE = sorted((ROOT / "src").rglob("*.py"))
TEMPLATES = sorted((ROOT / "overrides").rglob("*.html"))
SCRIPTS = sorted(path for path in (ROOT / "overrides").rglob("*.js") if "vendor" not in path.parts)
STYLES = sorted((ROOT / "overrides").rglob("*.css"))
PAGES = sorted((ROOT / "docs").rglob("*.md"))
OTHERS = [ROOT / "pyproject.toml", *sorted((ROOT / "scripts").rglob("*.py"))]
# Called by name from elsewhere: by click, pydantic, http.server, MkDocs, watchdog, logging and Jinja.
CALLED_BY_OTHERS = re.compile(
    r"__\w+__|do_[A-Z]+|on_\w+|visit_\w+|model_config|emit|log_message|log_error|end_headers|handle_error"
    r"|daemon_threads|format_\w+|write_usage|write_heading|get_help_extra|list_templates|load_bytecode|dump_bytecode"
    r"|formatter_class|cls|generate_\w+|define_env|_output_child_pre|(?:de|a)scend_resolver|get_source_checksum|bytecode_cache|protocol_version|translate_path|finish_request"
)


def words_in(*paths: object) -> Counter[str]:
    return Counter(word for path in paths for word in re.findall(r"[A-Za-z_]\w*", path.read_text("utf-8")))  # type: ignore[attr-defined]


def test_every_name_in_the_engine_is_used() -> None:
    """A name that only its definition and tests have is dead; models' fields are used by their YAML."""
    used = words_in(*CODE, *TEMPLATES, *OTHERS)
    defined: list[str] = []
    for path in CODE:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        defined += [node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)]
        for node in tree.body:
            if isinstance(node, ast.Assign):
                defined += [target.id for target in node.targets if isinstance(target, ast.Name)]
    once = Counter(defined)
    dead = {name for name in once if used[name] <= once[name] and not CALLED_BY_OTHERS.fullmatch(name)}
    assert dead == set()


def test_every_class_in_the_styles_is_used() -> None:
    markup = "\n".join(path.read_text(encoding="utf-8") for path in (*TEMPLATES, *SCRIPTS, *PAGES, *CODE))
    dead = {
        name
        for path in STYLES
        for name in re.findall(
            r"\.(pb-[\w-]+)", re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
        )
        if not is_built(name, markup)
    }
    assert dead == set()


def is_built(name: str, markup: str) -> bool:
    """Tell whether some markup has a class, whole or put together: `pb-level--{{ level }}`."""
    starts = {name[: match.end()] for match in re.finditer("--|__", name)}
    return name in markup or any(
        re.search(re.escape(start) + r"(?:\{\{|\$\{|[\"'])", markup) for start in starts
    )


def test_every_export_of_a_script_is_imported() -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in SCRIPTS}
    dead = {
        f"{path.name}: {name}"
        for path, text in texts.items()
        for name in re.findall(r"^export (?:async )?(?:function\*?|const|class|let) (\w+)", text, flags=re.M)
        if len(re.findall(rf"\b{name}\b", text)) == 1
        and not any(re.search(rf"\b{name}\b", other) for place, other in texts.items() if place != path)
        and not any(name in page.read_text(encoding="utf-8") for page in TEMPLATES)
    }
    assert dead == set()


def test_every_component_is_called() -> None:
    called = "\n".join(path.read_text(encoding="utf-8") for path in (*TEMPLATES, *CODE))
    kinds = re.findall(r'kind = "(\w+)"', called)
    dead = {
        path.stem
        for path in (ROOT / "overrides" / "components").glob("*.html")
        if path.stem not in kinds and len(re.findall(rf"[\"'/]{path.stem}[\"'.]", called)) < 1
    }
    assert dead == set()


def test_every_part_of_the_paper_is_imported() -> None:
    folder = ROOT / "src" / "servicebook" / "paper"
    code = "\n".join(path.read_text(encoding="utf-8") for path in (*CODE, *folder.glob("*.typ")))
    assert {path.name for path in folder.glob("*.typ") if path.stem not in code} == set()
