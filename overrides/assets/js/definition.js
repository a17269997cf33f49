/**
 * A term's definition where the term stands: on pointing, on focus, on tap. It stays while the pointer is on it,
 * Esc takes it away, and a second tap follows the link to the glossary.
 */
const shown = document.createElement("div");
shown.className = "pb-definition";
shown.id = "pb-definition";
shown.setAttribute("role", "tooltip");
shown.hidden = true;
document.body.append(shown);

let owner = null;
let leaving = 0;

function show(term) {
  clearTimeout(leaving);
  if (owner === term) return;
  hide();
  owner = term;
  shown.textContent = term.dataset.definition;
  shown.hidden = false;
  term.setAttribute("aria-describedby", shown.id);
  place(term);
}

function place(term) {
  const [line] = term.getClientRects();
  const width = shown.offsetWidth;
  const left = Math.max(8, Math.min(line.left, document.documentElement.clientWidth - width - 8));
  const below = line.bottom + shown.offsetHeight + 8 < innerHeight;
  shown.style.left = `${left + scrollX}px`;
  shown.style.top = `${scrollY + (below ? line.bottom + 2 : line.top - shown.offsetHeight - 2)}px`;
}

function hide() {
  clearTimeout(leaving);
  owner?.removeAttribute("aria-describedby");
  owner = null;
  shown.hidden = true;
}

/** Leave time to move the pointer from the term to its definition. */
function leave() {
  clearTimeout(leaving);
  leaving = setTimeout(hide, 200);
}

shown.addEventListener("pointerenter", () => clearTimeout(leaving));
shown.addEventListener("pointerleave", leave);
addEventListener("keydown", ({ key }) => key === "Escape" && hide());
addEventListener("pointerdown", ({ target }) => target !== owner && !shown.contains(target) && hide());

export function start(term) {
  let open = false;
  // Not every browser's click says what clicked (Safari's does not); the finger that came down does.
  let isTap = false;
  term.addEventListener("pointerdown", ({ pointerType }) => {
    open = owner === term;
    isTap = pointerType === "touch";
  });
  term.addEventListener("pointerenter", ({ pointerType }) => pointerType === "mouse" && show(term));
  term.addEventListener("pointerleave", ({ pointerType }) => pointerType === "mouse" && leave());
  term.addEventListener("focus", () => term.matches(":focus-visible") && show(term));
  term.addEventListener("blur", hide);
  term.addEventListener("click", (event) => {
    const isFirstTap = isTap && !open;
    isTap = false; // the next click may be a keyboard's, which no pointer announces
    if (!isFirstTap) return;
    event.preventDefault();
    show(term);
  });
}
