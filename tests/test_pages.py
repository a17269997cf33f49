"""Hand-written pages: what their macro calls give, and what is said of a wrong one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from servicebook.base.problems import ContentError, Problem
from servicebook.building.builder import SiteBuilder
from servicebook.cli.main import run
from servicebook.language.messages import messages_in
from tests.conftest import MakeProject

SAY = messages_in("es")

# A page, and what is said of it.
WRONG = {
    "desconocida": (
        "# P\n\n{{ standar('EXT-01') }}\n",
        "3: No existe la macro «standar». ¿Quisiste decir «standard»?",
    ),
    "tras-datos": (
        "---\ntitle: x\ndescription: y\n---\n\n\n# P\n\n{{ standard('EXT-1') }}\n",
        "9: No existe «EXT-1» (estándar). ¿Quisiste decir «EXT-01»?",
    ),
    "tras-datos-crlf": (
        "---\r\ntitle: x\r\n---\r\n# P\r\n\r\n{{ standard('EXT-1') }}\r\n",
        "6: No existe «EXT-1» (estándar). ¿Quisiste decir «EXT-01»?",
    ),
    "argumentos": (
        "{{ standard() }}\n\n{{ standard('EXT-01', 'x') }}\n\n{{ ref(identity='EXT-01') }}\n",
        "1: La macro «standard» no se llama así. Se escribe: standard('id')\n"
        "3: La macro «standard» no se llama así. Se escribe: standard('id')\n"
        "5: La macro «ref» no se llama así. Se escribe: ref('id', 'text')",
    ),
    "no-textos": (
        "{{ ref(3) }}\n\n{{ standards(level=3) }}\n\n{{ matrix([], 'x') }}\n",
        "1: La macro «ref» no se llama así. Se escribe: ref('id', 'text')\n"
        "3: La macro «standards» no se llama así. Se escribe: standards(facets=True, field='word')\n"
        "5: La macro «matrix» no se llama así. Se escribe: matrix('rows', 'columns')",
    ),
    "sin-llamar": (
        "# P\n\n{{ standard }}\n\n{{ glossary.x() }}\n",
        "3: La macro «standard» no se llama así. Se escribe: standard('id')\n"
        "5: La macro «glossary» no se llama así. Se escribe: glossary()",
    ),
    "otro-tipo": ("# P\n\n{{ metric('EXT-01') }}\n", "3: No existe «EXT-01» (indicador)."),
    "ref": ("# P {{ ref('vipp') }}\n", "1: No existe ninguna ficha «vipp». ¿Quisiste decir «vip»?"),
    "antes": ("# P {{ ref('EXT-08') }}\n", "1: «EXT-08» ahora es «EXT-01». Escribe ese id."),
    "antes-de-un-tipo": (
        "# P {{ standard('EXT-08') }} {{ metric('EXT-08') }}\n",
        "1: «EXT-08» ahora es «EXT-01». Escribe ese id.\n1: No existe «EXT-08» (indicador).",
    ),
    "termino": ("# P {{ term('x') }}\n", "1: No existe «x» (término)."),
    "filtro": (
        "# P\n\n{{ scenarios(chanel='presencial') }}\n",
        "3: No se puede filtrar por «chanel». Se puede por: channel. ¿Quisiste decir «channel»?",
    ),
    "sin-filtros": ("{{ cases(pillar='x') }}\n", "1: «cases» no se filtra. Se escribe: cases()"),
    "palabra": (
        "{{ standards(channels='telefno') }}\n\n{{ standards(level=['essential', 'x']) }}\n",
        "1: «telefno» no es un valor de «channels». ¿Quisiste decir «telefono»?\n"
        "3: «x» no es un valor de «level».",
    ),
    "matriz": (
        "{{ matrix('standard', 'chanels') }}\n{{ matrix('estandar', 'channels') }}\n",
        "1: «chanels» no es un tipo de ficha ni un campo por el que se clasifique. "
        "¿Quisiste decir «channels»?\n"
        "2: «estandar» no es un tipo de ficha ni un campo por el que se clasifique. "
        "¿Quisiste decir «standard»?",
    ),
    "llaves": (
        "# P\n\ntexto {{ standard('EXT-01' }}\n",
        "3: Se encontró «}» donde falta «)».",
    ),
    "muestra-de-codigo": (
        "# P\n\n```yaml\nrun: ${{ github.sha de }}\n```\n",
        "4: Este ejemplo de código lleva llaves dobles, que aquí llaman a una macro. "
        "Ponlo entre {% raw %} y {% endraw %} para que se vea como está.",
    ),
    "sin-parentesis": (
        "# P\n\n{{ standard 'EXT-01' }}\n",
        "3: No se entiende la llamada de esta página. Revisa llaves, comillas y paréntesis.",
    ),
    "sin-coma": (
        "{{ ref('EXT-01' text='el saludo') }}\n",
        "1: No se entiende la llamada de esta página. Revisa llaves, comillas y paréntesis.",
    ),
    "comillas-curvas": (
        "{{ standard(“EXT-01”) }}\n",
        "1: «“» no va en una llamada. Si es una comilla, usa las sencillas y rectas: 'EXT-01'.",
    ),
    "comilla-abierta": (
        "{{ standard('EXT-01) }}\n",
        "1: «'» no va en una llamada. Si es una comilla, usa las sencillas y rectas: 'EXT-01'.",
    ),
    "sin-cerrar": (
        "# P\n\n{{ standard('EXT-01')\n",
        "3: La llamada de esta página no se cierra. "
        "Busca dónde faltan las llaves, el paréntesis o la comilla del final.",
    ),
    "ciclo-sin-cerrar": (
        "# P\n\n{% for a in [1] %}\n",
        "3: La llamada de esta página no se cierra. "
        "Busca dónde faltan las llaves, el paréntesis o la comilla del final.",
    ),
    "nada-adentro": (
        "{{ }}\n",
        "1: No se entiende la llamada de esta página. Revisa llaves, comillas y paréntesis.",
    ),
    "instruccion": ("{% sii x %}\n", "1: No existe la instrucción «sii»."),
    "filtro-de-jinja": ("# P\n\n\n{{ 'x'|nada }}\n", "4: No existe el filtro «nada»."),
    "varias-lineas": (
        "# P\n\n{{ standards(\n  level='essential',\n  canal='x') }}\n",
        "3: No se puede filtrar por «canal». Se puede por: pillar, channels, roles, moments, principles, "
        "services, level. ¿Quisiste decir «channels»?",
    ),
    "en-un-ciclo": (
        "# P\n\n{% for id in ['EXT-01', 'EXT-9'] %}\n{{ standard(id) }}\n{% endfor %}\n",
        "4: No existe «EXT-9» (estándar).",
    ),
}


def problems_of(project: Path) -> list[Problem]:
    """Build a project that has problems and return them."""
    with pytest.raises(ContentError) as error:
        SiteBuilder(project / "mkdocs.yml").build(project / "site")
    return error.value.problems


def test_wrong_calls_of_all_pages_are_told_in_one_run(make_project: MakeProject) -> None:
    project = make_project({f"docs/{name}.md": "x" for name in WRONG})
    greeting = project / "playbook/standards/EXT-01.yml"
    greeting.write_text(greeting.read_text("utf-8") + "former_ids: [EXT-08]\n", "utf-8")
    for name, (text, _) in WRONG.items():
        (project / f"docs/{name}.md").write_bytes(text.encode())
    said: dict[str, list[str]] = {name: [] for name in WRONG}
    for problem in problems_of(project):
        name = Path(problem.location.path).stem
        assert problem.location.path == f"docs/{name}.md"
        said[name].append(f"{problem.location.line}: {SAY.explain(problem)}")
    assert {name: "\n".join(lines) for name, lines in said.items()} == {
        name: expected for name, (_, expected) in WRONG.items()
    }


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (
            "# P\n\n{{ 1/0 }}\n",
            3,
            "Aquí no se pudo armar la página: «division by zero». Revisa lo que está entre llaves.",
        ),
        ("---\ntitle: x\n---\n\n{{ page.nothing.more }}\n", 5, "«nothing» no existe en esta página."),
        ("{% include 'nope.html' %}\n", 1, "No existe el archivo «nope.html»."),
    ],
)
def test_a_call_that_fails_is_a_problem_of_its_page(
    make_project: MakeProject, text: str, line: int, said: str
) -> None:
    [problem] = problems_of(make_project({"docs/mala.md": text}))
    assert (problem.location.path, problem.location.line) == ("docs/mala.md", line)
    assert SAY.explain(problem) == said


def test_what_is_set_on_a_page_and_what_is_not_rendered_is_no_problem(make_project: MakeProject) -> None:
    project = make_project(
        {
            "docs/index.md": "---\nsaludo: Hola\n---\n"
            "{% set id = 'EXT-01' %}\n{{ saludo }} {{ standard(id) }}\n"
            "{% for word in ['a'] %}{{ word }}{{ loop.index }}{% endfor %}{{ config.site_name }}\n",
            "docs/crudo.md": "---\nrender_macros: false\n---\n{{ standar('x') }}\n",
        }
    )
    SiteBuilder(project / "mkdocs.yml").build(project / "site")
    assert "{{ standar(" in (project / "site/crudo/index.html").read_text(encoding="utf-8")


def test_a_page_that_is_called_as_its_site_says_so_once(make_project: MakeProject) -> None:
    home = "---\ntitle: Manual mínimo\n---\n# Manual\n"
    project = make_project({"docs/index.md": home, "docs/uno.md": "# Uno\n"})
    with (project / "mkdocs.yml").open("a", encoding="utf-8") as config:
        config.write("nav: [Inicio: index.md, uno.md]\n")
    SiteBuilder(project / "mkdocs.yml").build(project / "site")
    titles = [
        re.findall("<title>(.*)</title>", (project / "site" / page).read_text(encoding="utf-8"))
        for page in ("index.html", "uno/index.html")
    ]
    assert titles == [["Manual mínimo"], ["Uno - Manual mínimo"]]


@pytest.mark.parametrize("name", ["servicebook", "macros"])
def test_a_missing_plugin_is_told(make_project: MakeProject, name: str) -> None:
    project = make_project({})
    config = (project / "mkdocs.yml").read_text(encoding="utf-8")
    rest = {"servicebook": r"  - servicebook\n", "macros": r"  - macros:\n(?:      .*\n)+"}
    (project / "mkdocs.yml").write_text(re.sub(rest[name], "", config), encoding="utf-8")
    with pytest.raises(ContentError) as told:
        SiteBuilder(project / "mkdocs.yml").build(project / "site")
    assert [problem.rule for problem in told.value.problems] == ["plugin-missing"]
    assert told.value.problems[0].values == {"name": name}


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "The plugin “macros” is missing"),
        ("pt", "Falta o plugin “macros”"),
        ("pt-BR", "Falta o plugin “macros”"),
    ],
)
def test_what_is_told_before_the_playbook_is_read_is_in_its_language(
    make_project: MakeProject, capsys: pytest.CaptureFixture[str], language: str, said: str
) -> None:
    project = make_project({})
    config = (project / "mkdocs.yml").read_text(encoding="utf-8")
    config = re.sub(r"  - macros:\n(?:      .*\n)+", "", config)
    assert "language: es" in config
    config = config.replace("language: es", f"language: {language}")
    (project / "mkdocs.yml").write_text(config, encoding="utf-8")
    settings = project / "playbook/playbook.yml"
    text = settings.read_text(encoding="utf-8").replace("language: es", f"language: {language[:2]}")
    settings.write_text(text, encoding="utf-8")
    assert run(["build", "--project", str(project)]) == 1
    assert said in capsys.readouterr().out


@pytest.mark.parametrize("place", ["99", "1", "9" * 5000])
@pytest.mark.parametrize("call", ["", "{{ edition() }}"])
def test_a_mark_that_somebody_wrote_stays(make_project: MakeProject, place: str, call: str) -> None:
    mark = f'<span data-servicebook="{place}"></span>'
    project = make_project({"docs/uno.md": f"# Uno\n\nAntes {mark} después. {call}\n"})
    SiteBuilder(project / "mkdocs.yml").build(project / "site")
    assert f"Antes {mark} después." in (project / "site/uno/index.html").read_text(encoding="utf-8")


def test_macros_give_the_components(make_project: MakeProject) -> None:
    calls = """\
{{ standard('EXT-01') }}

{{ standards(pillar='externo', channels=['presencial', 'telefono']) }}

{{ customer('vip') }} {{ customers(nature='situation') }} {{ metric('csat') }} {{ metrics() }}

{{ checklist('apertura') }} {{ checklists(roles='mostrador') }}

{{ behaviours() }} {{ cases() }} {{ scenarios() }}

{{ matrix('standard', 'channels') }} {{ matrix('standard', 'metric') }}

Mira {{ ref('vip') }} y {{ ref('EXT-01', 'el saludo') }}. {{ edition() }} {{ sources() }} {{ glossary() }}
"""
    project = make_project({"docs/uno/dos.md": calls})
    SiteBuilder(project / "mkdocs.yml").build(project / "site")
    page = (project / "site/uno/dos/index.html").read_text(encoding="utf-8")
    assert "data-servicebook" not in page
    assert '<a href="../../clientes/vip/">Cliente VIP</a>' in page
    assert '<a href="../../estandares/ext-01/">el saludo</a>' in page
    assert "Libro de servicio" in page
    assert page.count("<table") == 2
