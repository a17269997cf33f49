"""What axe finds on a page, light and dark, each thing looked into once."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

# What a page needs before `Axe` looks into it.
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")

# A twin has the same elements, classes, states and kinds of names as one that was seen before in the same
# place, and differs by its words alone. Twins on one page, such as the lines of a list after the first, are
# taken out; what an earlier page had, such as the frame of all, is left out of what axe looks into. No
# landmark is a twin, since its name may be another's; and taken out is no part of a row or of a pair, and
# nothing that has an id, which others may name.
FIND_TWINS = """(seen) => {
  const known = new Set(seen);
  const here = new Set();
  const roles = ["main", "navigation", "complementary", "banner", "contentinfo", "form", "search", "region"];
  const landmarks = ["main, nav, aside, header, footer, form, search, section[aria-label]"]
    .concat("section[aria-labelledby]", roles.map((role) => `[role=${role}]`)).join();
  const valued = /^(style|type|role|hidden|open|disabled|checked|tabindex|lang|dir|inert|scope|aria-.*)$/;
  const naming = /^aria-(label|description|placeholder|roledescription|valuetext)$/;
  const ids = ["labelledby", "describedby", "controls", "owns", "details", "flowto", "errormessage"];
  const pointing = new Set(["for", "list", "headers", ...ids.map((name) => `aria-${name}`)]);
  const leads = (id) => Boolean(document.getElementById(id));
  const told = ({ name, value }) => {
    if (pointing.has(name)) return `${name}=${value.split(" ").map(leads)}`;
    if (valued.test(name) && !naming.test(name)) return `${name}=${value}`;
    return `${name}${value.trim() ? "" : "="}`;
  };
  const shape = (one) =>
    `${one.localName}.${one.getAttribute("class")} ${[...one.attributes].map(told).sort()}`;
  // A number of 64 bits in place of a text as long as the page.
  const short = (text) => {
    let [one, other] = [5381, 52711];
    for (let at = 0; at < text.length; at++) {
      one = (one * 33) ^ text.charCodeAt(at);
      other = (other * 31) ^ text.charCodeAt(at);
    }
    return `${one >>> 0}.${other >>> 0}`;
  };
  const says = (node) => (node.nodeType === Node.TEXT_NODE && node.data.trim() ? "text" : "");
  const shapes = new Map();
  const weigh = (one) => {
    const inner = [...one.childNodes].map((node) => (node.localName ? weigh(node) : says(node)));
    shapes.set(one, short(`${shape(one)}(${inner.filter(Boolean)})`));
    return shapes.get(one);
  };
  const stays = (one) => one.matches("td, th, dt, dd, [id]") || one.querySelector("[id]");
  const gone = [];
  const go = (parent, path) => {
    for (const one of parent.children) {
      const place = short(`${path}>${shapes.get(one)}`);
      const isTwin = known.has(place) && !one.matches(landmarks) && !one.querySelector(landmarks);
      if (!isTwin) go(one, short(`${path}>${shape(one)}${[...one.childNodes].some(says)}`));
      else if (!here.has(place) || stays(one)) one.dataset.pbTwin = "";
      else gone.push(one);
      here.add(place);
      known.add(place);
    }
  };
  weigh(document.body);
  go(document.body, shape(document.body));
  gone.forEach((one) => one.remove());
  return [...known];
}"""

# Everything in the light scheme; in the dark one, what changes with it, in one part of the page.
LOOK = """async ([without, part]) => {
  const rules = Object.fromEntries(without.map((rule) => [rule, { enabled: false }]));
  const within = (include) => ({ include, exclude: "[data-pb-twin]" });
  const light = await axe.run(within(document), { resultTypes: ["violations"], rules });
  document.body.dataset.mdColorScheme = "slate";
  const colours = { resultTypes: ["violations"], runOnly: ["color-contrast"] };
  const dark = await axe.run(within(document.querySelector(part) ?? document), colours);
  return [...light.violations, ...dark.violations].map((one) => `${one.id}: ${one.nodes[0].target}`);
}"""


class Axe:
    """Looks into pages in a row; `SERVICEBOOK_PAGES=all` has it look into twins as well, for the night."""

    def __init__(self) -> None:
        self._seen: list[str] = []
        self._has_all = os.environ.get("SERVICEBOOK_PAGES") == "all"

    def look(self, page: Page, without: Sequence[str] = (), part: str = "body") -> list[str]:
        """Return what axe finds, without some of its rules: rule and first element of each violation.

        `part` is what may be otherwise in the dark. The page is not as it was afterwards.
        """
        if not self._has_all:
            self._seen = page.evaluate(FIND_TWINS, self._seen)
        found: list[str] = page.evaluate(LOOK, [list(without), part])
        return found
