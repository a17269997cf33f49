/**
 * The one script of every page. Each behaviour is a module of its own, fetched when the part of the page that
 * needs it comes near the reader's view: `start(element)` is called with that part.
 */
const BEHAVIOURS = {
  "[data-pb-scheme]": "scheme",
  "[data-pb-search]": "search",
  "[data-pb-facets]": "facets",
  "[data-pb-ticks]": "ticks",
  "[data-pb-checklist]": "checklist",
  ".pb-term": "definition",
  "[data-pb-board]": "overdue",
  "[data-pb-jobs]": "jobs",
  "[data-pb-news]": "news",
  "[data-pb-latest-changes]": "latest",
};

const found = new Map();

const observer = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      observer.unobserve(target);
      import(`./${found.get(target)}.js`).then(({ start }) => start(target));
    }
  },
  { rootMargin: "200px" },
);

for (const [selector, name] of Object.entries(BEHAVIOURS)) {
  for (const element of document.querySelectorAll(selector)) {
    found.set(element, name);
    observer.observe(element);
  }
}

// Keeping the site for later waits until this page is done with the connection.
const keeper = document.querySelector("[data-pb-offline]");
const whenIdle = window.requestIdleCallback ?? setTimeout;
const keepSite = () => whenIdle(() => import("./offline.js").then(({ start }) => start(keeper)));
if (document.readyState === "complete") keepSite();
else addEventListener("load", keepSite);
