"""The script of every page: its modules joined into one file, none of their meaning lost."""

from __future__ import annotations

import datetime as dt
import re

from servicebook.site.scripts import _STARTED, join_scripts
from servicebook.site.site import Site, read_playbook
from tests.conftest import ROOT

FOLDER = ROOT / "overrides" / "assets" / "js"
PARTS = {path.stem: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.js")}


def test_modules_that_meet_keep_their_names_apart() -> None:
    one = 'import { two as other, TWO } from "./two.js";\nexport function start() {\n  other(TWO);\n}\n'
    two = "// Two.\nexport const TWO = 2;\nexport async function two() {}\nexport const [A, B] = [1, 2];\n"
    started = 'import { start as go } from "./one.js";\n/** Starts. */\nexport function start() {}\n'
    main = "import(`./${name}.js`).then(run);\n"
    joined = join_scripts({"main": main, "one": one, "two": two, **dict.fromkeys(_STARTED, started)})
    assert joined.count("const $two=(()=>{") == 1
    assert "const{two:other,TWO}=$two;" in joined
    assert "return{TWO,two,A,B};" in joined
    assert joined.index("const $two") < joined.index("const $one") < joined.index("const $menu")
    assert "(HERE[name]?Promise.resolve(HERE[name]):import(`./${name}.js`)).then(run);" in joined
    assert not re.search(r"^(?:import|export)\b|Two\.|Starts", joined, flags=re.MULTILINE)


def test_nothing_of_modules_is_left_in_the_script_of_the_site() -> None:
    joined = join_scripts(PARTS)
    assert re.findall(r"^\s*(?:import \{|export )", joined, flags=re.MULTILINE) == []
    assert 'import("./offline.js")' in joined
    assert "HERE[name]?" in joined


def test_every_module_imports_as_the_joiner_understands() -> None:
    for name, text in PARTS.items():
        imports = re.findall(r"^import\b.*", text, flags=re.MULTILINE)
        understood = re.findall(r'^import \{ [^}]+ \} from "\./[\w-]+\.js";$', text, flags=re.MULTILINE)
        called = [line for line in imports if line.startswith("import(")]
        assert imports == [*understood, *called], name
        # Margins are taken away, so no text may go over several lines.
        assert all(line.count("`") % 2 == 0 for line in text.splitlines()), name


def test_a_page_carries_no_sentence_about_the_connection_that_its_script_never_says() -> None:
    said = {*re.findall(r'"([a-z-]+)"', PARTS["offline"])}
    partial = (FOLDER.parents[1] / "partials" / "offline.html").read_text(encoding="utf-8")
    shown = {*re.findall(r"texts\.([a-z-]+)", partial)}
    playbook, _ = read_playbook(ROOT / "mkdocs.yml", dt.date(2026, 12, 1))
    carried = Site(playbook).theme_data()["offline"].keys()
    assert carried - shown <= said
    assert shown <= carried
