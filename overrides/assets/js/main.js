/**
 * The one script of every page. Each behaviour is a module of its own: `start(element)` is called with the part
 * of the page that needs it, when that part comes near the reader's view, and at the latest when the page is done
 * with the connection: what is printed has been brought to life, wherever on the page it stands.
 */
const BEHAVIOURS = {
  "[data-pb-menu]": "menu",
  "[data-pb-scheme]": "scheme",
  "[data-pb-search]": "search",
  "[data-pb-facets]": "facets",
  "[data-pb-ticks]": "ticks",
  "[data-pb-checklist]": "checklist",
  ".pb-term": "definition",
  "[data-pb-board]": "overdue",
  "[data-pb-lost]": "lost",
  "[data-pb-veil]": "veil",
  "[data-pb-share]": "share",
  "[data-pb-write]": "letter",
  "[data-pb-jobs]": "jobs",
  "[data-pb-news]": "news",
  "[data-pb-latest-changes]": "latest",
  "[data-pb-team-filter]": "board",
  "[data-pb-pages]": "sizes",
  "[data-pb-downloads]": "downloads",
  "[data-pb-lineup]": "lineup",
  "[data-pb-quiz]": "quiz",
  "[data-pb-compare-runs]": "compare",
  "[data-pb-searches]": "searches",
};

const waiting = new Map();
for (const [selector, name] of Object.entries(BEHAVIOURS))
  for (const element of document.querySelectorAll(selector)) waiting.set(element, name);

// A task for each, so that a finger which comes between two need not wait for all.
const turn = () => new Promise((resolve) => setTimeout(resolve));

function begin(element, whenItsTurn = turn) {
  const name = waiting.get(element);
  if (!waiting.delete(element)) return;
  import(`./${name}.js`)
    .then(async ({ start }) => {
      await whenItsTurn();
      await start(element);
    })
    .catch((error) => console.warn(name, error)); // the page reads without it
}

function beginAll(whenItsTurn) {
  for (const element of [...waiting.keys()]) begin(element, whenItsTurn);
}

if ("IntersectionObserver" in window) {
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) if (isIntersecting) begin(target);
    },
    { rootMargin: "200px" },
  );
  for (const element of waiting.keys()) observer.observe(element);
} else beginAll();
addEventListener("beforeprint", () => {
  beginAll(() => {}); // paper does not wait
  // The foot of printed sheets, in browsers that know one: only the style sheet can write there. Not before: every
  // element inherits it, and would be styled anew.
  const printed = document.querySelector("[data-pb-printed]");
  if (printed) document.documentElement.style.setProperty("--pb-foot", JSON.stringify(printed.textContent));
});

// What is not in view, and keeping the site for later, wait until this page is done with the connection.
const whenIdle = window.requestIdleCallback ?? setTimeout;
const keeper = document.querySelector("[data-pb-offline]");
const whenLoaded = () =>
  whenIdle(() => {
    beginAll();
    if (keeper) import("./offline.js").then(({ start }) => start(keeper)).catch(() => {});
  });
if (document.readyState === "complete") whenLoaded();
else addEventListener("load", whenLoaded);
