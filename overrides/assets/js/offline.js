/* Keeps the playbook for reading without a connection, and says when there is another edition. */

import { wordsOf } from "./page.js";

const workers = navigator.serviceWorker;

/** Registers the site's worker. Where workers are not to be had, nothing is shown and nothing fails. */
export async function start(element) {
  if (!workers) return;
  const root = new URL(element.dataset.root, document.baseURI);
  try {
    if (isToBeSaved() && !(await workers.getRegistration(root))) offerToKeep(element, root);
    else await keepAtHand(element, root);
  } catch {
    // Blocked by a setting, or the page is open from a file: it reads the same, with a connection.
  }
}

/** Tells whether data costs who reads here: then nothing is kept that was not asked for. */
function isToBeSaved() {
  const { saveData, type } = navigator.connection ?? {};
  return saveData || type === "cellular";
}

async function keepAtHand(element, root) {
  const registration = await workers.register(new URL("service-worker.js", root), { scope: root });
  watch(registration, element);
  const { active } = await Promise.race([workers.ready, brokenOff(registration)]);
  await showState(active, element);
  for (const place of document.querySelectorAll("[data-pb-sheets]")) offerSheets(place, active, root);
  ask(active, { ask: "mend", paths: [pathOf(location.href, root)] }, () => {});
}

/** Fails when the first worker of a site cannot begin: nothing else tells who waits until one is ready. */
function brokenOff(registration) {
  return new Promise((_, fail) => {
    const worker = registration.active ? null : registration.installing;
    worker?.addEventListener("statechange", () => worker.state === "redundant" && fail(new Error("the worker did not begin")));
  });
}

const pathOf = (address, root) => decodeURIComponent(new URL(address).pathname.slice(root.pathname.length));

function ask(worker, question, hear) {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }) => hear(data);
  worker.postMessage(question, [port2]);
}

const stateOf = (worker, paths = []) => new Promise((resolve) => ask(worker, { ask: "state", paths }, resolve));

function offerToKeep(element, root) {
  const button = element.querySelector("[data-pb-keep]");
  element.querySelector("[role=status]").textContent = wordsOf(element)("saving");
  element.hidden = button.hidden = false;
  const begin = async () => {
    button.disabled = true;
    const isBegun = await keepAtHand(element, root).then(() => true, () => false);
    button.disabled = false;
    if (!isBegun) return void (element.querySelector("[role=status]").textContent = wordsOf(element)("failed"));
    button.removeEventListener("click", begin);
    button.click();
  };
  button.addEventListener("click", begin);
}

async function showState(worker, element) {
  const say = wordsOf(element);
  const status = element.querySelector("[role=status]");
  const button = element.querySelector("[data-pb-keep]");
  const show = ({ off, failed, done, all }) => {
    element.hidden = Boolean(off);
    button.hidden = off || done === all;
    if (failed) status.textContent = say("failed");
    else status.textContent = done === all ? say("kept") : button.disabled ? say("keeping", { done, all }) : say("some");
    if (failed || done === all) button.disabled = false;
  };
  show(await stateOf(worker));
  button.addEventListener("click", () => {
    button.disabled = true;
    navigator.storage?.persist?.();
    ask(worker, { ask: "keep" }, show);
  });
}

/** Lets the reader keep the sheets that stand beside this place, to print them without a connection. */
async function offerSheets(place, worker, root) {
  const say = wordsOf(place);
  const status = place.querySelector("[role=status]");
  const button = place.querySelector("button");
  const links = place.parentElement.querySelectorAll("a[download]");
  const paths = [...links].map((link) => pathOf(link.href, root));
  const show = ({ failed, done, all }) => {
    place.hidden = !all && !failed;
    button.hidden = done === all;
    if (failed) status.textContent = say("failed");
    else if (done === all) status.textContent = say("kept");
    else if (button.disabled) status.textContent = say("keeping", { done, all });
    if (failed) button.disabled = false;
  };
  show(await stateOf(worker, paths));
  button.addEventListener("click", () => {
    button.disabled = true;
    ask(worker, { ask: "keep", paths }, show);
  });
}

/** Announces a worker that waits with another edition; it takes over when the reader says so, here or elsewhere. */
function watch(registration, element) {
  const say = wordsOf(element);
  const notice = document.querySelector("[data-pb-update]");
  const button = notice.querySelector("button");
  const before = workers.controller;

  const show = (text, act) => {
    notice.querySelector("[role=status]").textContent = text;
    button.hidden = false;
    button.onclick = act;
    notice.dataset.pbUpdate = "shown";
  };
  const announce = async () => {
    const { waiting } = registration;
    if (!waiting || !workers.controller) return;
    const [now, next] = await Promise.all([stateOf(workers.controller), stateOf(waiting)]);
    if (now.version === next.version) return; // the site came back to what this reader has
    const back = next.date < now.date;
    const text = now.edition === next.edition ? say("changed") : say(back ? "back" : "edition", { edition: next.edition });
    const isLater = now.edition !== next.edition && !back;
    show(text, () => {
      workers.addEventListener("controllerchange", () => (isLater ? showNews(notice) : location.reload()), { once: true });
      waiting.postMessage({ ask: "take over" });
    });
  };
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", announce);
  });
  workers.addEventListener("controllerchange", () => {
    if (before) show(say("changed"), () => location.reload()); // another tab took it over
  });
  announce();
}

/** Opens what the new edition changed, where the navigation has a page of that; else this page anew. */
function showNews(notice) {
  const news = new URL(notice.dataset.news, document.baseURI).href;
  const isThere = [...document.querySelectorAll(".pb-footer a")].some(({ href }) => href === news);
  if (isThere && location.href !== news) location.assign(news);
  else location.reload();
}
