"""Pages written by hand may call macros and use plain values; nothing outside of that can be reached."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jinja2
import pytest
from mkdocs.config import load_config
from mkdocs.structure.files import get_files

from servicebook.base.problems import ContentError
from servicebook.building.build import build_project
from servicebook.language.messages import messages_in
from servicebook.site.sandbox import PageEnvironment, visible
from tests.conftest import MakeProject

SAY = messages_in("es")
# Each would write the file, or show what is none of a page's business, in an environment without walls.
SHELL = "touch PWNED"
ATTACKS = [
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ ().__class__.__bases__[0].__subclasses__() }}",
    "{{ ''['__class__'] }}",
    "{{ ''|attr('__class__') }}",
    "{{ ''|attr('\\x5f\\x5fclass\\x5f\\x5f') }}",
    "{{ ['']|map(attribute='__class__')|list }}",
    "{{ ['']|groupby('__class__') }}",
    "{{ [['']]|sum(attribute='__class__') }}",
    "{{ standard.__globals__ }}",
    "{{ standard.__globals__['__builtins__'] }}",
    "{{ standard.__closure__[0].cell_contents }}",
    "{{ standard.__code__.co_consts }}",
    "{{ lipsum.__globals__['os'].popen('" + SHELL + "').read() }}",
    "{{ cycler.__init__.__globals__.os.popen('" + SHELL + "').read() }}",
    "{{ joiner.__init__.__globals__ }}",
    "{{ namespace.__init__.__globals__ }}",
    "{{ self.__init__.__globals__ }}",
    "{{ self._TemplateReference__context }}",
    "{{ range.__class__ }}",
    "{{ dict.__base__ }}",
    "{{ '{0.__class__}'.format('') }}",
    "{{ '{0.__class__}'|format('') }}{{ ('{0.__class__}'|string).format(1) }}",
    "{{ '{x.__class__}'.format_map({'x': 1}) }}",
    "{% set f = '{0.__class__.__mro__}'.format %}{{ f('') }}",
    "{{ config.plugins }}",
    "{{ config.theme.get_env().from_string('{{ 1 }}') }}",
    "{{ config.load_file('mkdocs.yml') }}",
    "{{ config.config_file_path }}",
    "{{ page.file.copy_file(True) }}",
    "{{ page.file.abs_src_path }}",
    "{{ page.file.content_string }}",
    "{{ files.src_paths }}",
    "{{ navigation.pages }}",
    "{{ git.raw }}",
    "{{ environment.system }}",
    "{{ plugin }}",
    "{{ macros.standard.__globals__ }}",
    "{{ filters_builtin.attr(1, '__class__') }}",
    "{{ macros_info() }}",
    "{{ context() }}",
    "{{ context(standard) }}",
    "{% include '/etc/passwd' %}",
    "{% include '../mkdocs.yml' %}",
    "{% import '../playbook/playbook.yml' as x %}",
    "{% from 'components/../../mkdocs.yml' import x %}",
    "{{ 'a' * 10 ** 9 }}",
    "{{ 9 ** 9 ** 9 }}",
    "{{ [0] * 10 ** 9 }}",
    "{% for i in range(10 ** 9) %}x{% endfor %}",
    "{% set _ = page.meta.update({'a': 1}) %}",
    "{% set _ = config.extra.clear() %}",
]
# What a page may well do.
HONEST = {
    "{{ page.meta.lema }}": "Servir bien",
    "{{ config.site_name }}": "Manual",
    "{{ page.title }}": "Prueba",
    "{{ config.extra.turno }}": "matutino",
    "{{ turno }}": "matutino",
    "{% for i in range(3) %}{{ i }}{% endfor %}": "012",
    "{{ 'a' * 3 }}{{ 2 ** 10 }}": "aaa1024",
    "{{ ['b', 'a']|sort|join(', ') }}": "a, b",
    "{{ '%s y %s'|format(1, 2) }}": "1 y 2",
}


def build(project: Path) -> None:
    build_project(project, Path("site"), "mkdocs", SAY, lambda step: None)


def test_no_page_reaches_out_of_the_sandbox(make_project: MakeProject) -> None:
    """Each attack is tried on the environment that a real build made, whose project has none of them."""
    project = make_project({"docs/prueba.md": "# Prueba\n"})
    config = load_config(str(project / "mkdocs.yml"))
    config = config.plugins.on_config(config)
    plugins: Any = config.plugins
    plugins["servicebook"].stop_helpers()
    macros = plugins["macros"]
    assert isinstance(macros.env, PageEnvironment)
    files = get_files(config)
    macros.on_nav(None, config, files)
    file = files.get_file_from_path("prueba.md")
    macros.variables["page"] = type(
        "Page", (), {"title": "Prueba", "url": "prueba/", "meta": {}, "file": file}
    )()
    shown = visible(macros.variables)
    assert not {"git", "environment", "files", "navigation", "macros"} & shown.keys()
    got_out = []
    for attack in ATTACKS:
        try:
            got_out.append((attack, macros.env.from_string(attack).render(**macros.variables)))
        except (jinja2.TemplateError, OverflowError, TypeError):
            continue
    # What is no secret: that there is nothing, and a number.
    told = [(attack, text) for attack, text in got_out if text.strip() and not text.isdecimal()]
    assert [one for one in told if "Undefined" not in one[1]] == []
    assert not [*project.rglob("PWNED")]


@pytest.mark.parametrize(
    ("attack", "rule"),
    [
        ("{{ ''.__class__ }}", "macro-forbidden"),
        ("{{ lipsum.__globals__.os.popen('touch PWNED').read() }}", "macro-forbidden"),
        ("{{ config.theme.get_env() }}", "macro-undefined"),
        ("{{ git.raw }}", "macro-unknown"),
        ("{{ 'a' * 10 ** 9 }}", "macro-forbidden"),
    ],
)
def test_what_a_page_may_not_use_is_told_with_its_line(
    make_project: MakeProject, attack: str, rule: str
) -> None:
    project = make_project({"docs/prueba.md": f"# Prueba\n\n{attack}\n"})
    with pytest.raises(ContentError) as refused:
        build(project)
    found = [(problem.rule, str(problem.location)) for problem in refused.value.problems]
    assert found == [(rule, "docs/prueba.md:3:1")]


def test_an_honest_page_gets_what_it_asks_for(make_project: MakeProject) -> None:
    text = "\n\n".join(HONEST)
    project = make_project({"docs/prueba.md": f"---\nlema: Servir bien\n---\n# Prueba\n\n{text}\n"})
    settings = project / "mkdocs.yml"
    settings.write_text(
        settings.read_text(encoding="utf-8") + "extra:\n  turno: matutino\n", encoding="utf-8"
    )
    build(project)
    html = (project / "site/prueba/index.html").read_text(encoding="utf-8")
    for shown in HONEST.values():
        assert f"<p>{shown}" in html, shown


def test_a_projects_own_macros_still_work(make_project: MakeProject) -> None:
    own = "def define_env(env):\n    env.variables['saludo'] = 'Hola'\n"
    own += "    env.macro(lambda: 'macro propia', 'propia')\n"
    project = make_project({"main.py": own, "docs/prueba.md": "# Prueba\n\n{{ saludo }}, {{ propia() }}\n"})
    build(project)
    assert "Hola, macro propia" in (project / "site/prueba/index.html").read_text(encoding="utf-8")
