/* Keeps the playbook for reading without a connection, and says when there is a new edition. */

import { wordsOf } from "./page.js";

/** Registers the site's worker. Where workers are not to be had, nothing is shown and nothing fails. */
export async function start(element) {
  if (!("serviceWorker" in navigator)) return;
  const root = new URL(element.dataset.root, document.baseURI);
  try {
    const registration = await navigator.serviceWorker.register(new URL("service-worker.js", root), { scope: root });
    watch(registration, element);
    const ready = await navigator.serviceWorker.ready;
    await showState(ready.active, element);
  } catch {
    // Blocked by a setting, or the page is open from a file: it reads the same, with a connection.
  }
}

function ask(worker, question, hear) {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }) => hear(data);
  worker.postMessage(question, [port2]);
}

const stateOf = (worker) => new Promise((resolve) => ask(worker, "state", resolve));

async function showState(worker, element) {
  const say = wordsOf(element);
  const status = element.querySelector("[role=status]");
  const button = element.querySelector("[data-pb-keep]");
  const show = ({ preview, failed, done, all }) => {
    element.hidden = Boolean(preview);
    button.hidden = preview || done === all;
    if (failed) status.textContent = say("failed");
    else status.textContent = done === all ? say("kept") : button.disabled ? say("keeping", { done, all }) : say("some");
    if (failed || done === all) button.disabled = false;
  };
  show(await stateOf(worker));
  button.addEventListener("click", () => {
    button.disabled = true;
    navigator.storage?.persist?.();
    ask(worker, "keep all", show);
  });
}

/** Announces a worker that waits with another edition; it takes over when the reader says so. */
function watch(registration, element) {
  const announce = async () => {
    const { waiting } = registration;
    if (!waiting || !navigator.serviceWorker.controller) return;
    const say = wordsOf(element);
    const notice = document.querySelector("[data-pb-update]");
    const [now, next] = await Promise.all([stateOf(navigator.serviceWorker.controller), stateOf(waiting)]);
    const text = now.edition === next.edition ? say("changed") : say("edition", { edition: next.edition });
    notice.querySelector("[role=status]").textContent = text;
    const button = notice.querySelector("button");
    button.hidden = false;
    button.onclick = () => {
      navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
      waiting.postMessage("take over");
    };
    notice.dataset.pbUpdate = "shown";
  };
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", announce);
  });
  announce();
}
