/* The playbook without a connection.
 *
 * The build puts BUILD above: the edition and its date, the version of all this, every file with a digest of its
 * content (`files`, and `sheets` to print, which are kept only for who asks), which of the files are kept from the
 * first visit on (`kept`; null is all of them), and which even where data is to be saved (`least`). In a preview, and
 * where the owner switched this off, BUILD is null.
 *
 * Nothing is kept but what has the digest that this version names: whatever a host, a proxy or a sign-in page answers
 * instead is shown to whoever asked and then forgotten. What is kept stands under this site's path and this version,
 * for several playbooks, or several editions, can live at one origin; no other's is ever touched. What must be today's
 * truth (the pages behind a sheet's code, feeds, data) is not among the files, so it comes from the network or not at all.
 */
const SCOPE = new URL(self.registration.scope);
const OURS = `servicebook:${encodeURIComponent(SCOPE.pathname)}:`;
const CACHE = OURS + BUILD?.version;
// Remembers that the reader asked for everything, from version to version.
const ASKED = `${OURS}asked`;
const AT_ONCE = 6;
const FILES = Object.keys(BUILD?.files ?? {});
const DIGESTS = new Map(Object.entries({ ...BUILD?.files, ...BUILD?.sheets }));
// Where a file's digest is right and its type is wrong, a browser would refuse to run it all the same.
const TYPES = [
  [/(^|\/|\.html)$/, "text/html"],
  [/\.js$/, "javascript"],
  [/\.css$/, "text/css"],
];

const addressOf = (path) => new URL(path.split("/").map(encodeURIComponent).join("/"), SCOPE).href;
const keyOf = (path) => `${addressOf(path)}?v=${DIGESTS.get(path)}`;

self.addEventListener("install", (event) => {
  // What is taken back goes now: a browser may keep this worker waiting for as long as the one before has pages open.
  event.waitUntil(BUILD ? takeIn() : leave());
});

self.addEventListener("activate", (event) => {
  event.waitUntil(BUILD ? forget(earlier) : leave());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const path = BUILD && request.method === "GET" ? pathOf(request.url) : null;
  if (path === null) return;
  if (DIGESTS.has(path)) event.respondWith(answer(event, path));
  else if (request.mode === "navigate") event.respondWith(lookFor(request, path));
});

self.addEventListener("message", (event) => {
  const [port] = event.ports;
  const tell = (message) => port?.postMessage(message);
  const { ask, paths = [] } = event.data ?? {};
  if (ask === "take over") self.skipWaiting();
  else if (ask === "state") event.waitUntil(state(paths).then(tell));
  else if (ask === "mend") event.waitUntil(mend(paths).then(() => state()).then(tell));
  else if (ask === "keep") event.waitUntil(keepAsked(paths, tell));
});

/** Returns the path below the site's root of an address, or null for one that is not of this site. */
function pathOf(url) {
  const { origin, pathname } = new URL(url);
  if (origin !== SCOPE.origin || !pathname.startsWith(SCOPE.pathname)) return null;
  try {
    return decodeURIComponent(pathname.slice(SCOPE.pathname.length)).replace(/(^|\/)index\.html$/, "$1");
  } catch {
    return pathname; // no file has a name that is written so
  }
}

/** A page that is kept, and whatever belongs to it, comes from here; all else from the network, and then from here. */
async function answer(event, path) {
  const kept = await copyKept(path);
  if (kept && (await isForKeptPage(event))) return kept;
  try {
    const response = await fetch(event.request);
    if (!kept) event.waitUntil(keepOpened(path, response.clone()));
    return response;
  } catch (error) {
    return kept ?? away(event.request, error, BUILD.sheets[path] ? "file" : "page");
  }
}

/** A page that came from the network may be of another edition: it takes its parts from there, too. */
async function isForKeptPage({ request, clientId }) {
  if (request.mode === "navigate") return true;
  const client = clientId ? await self.clients.get(clientId) : undefined;
  const page = client ? pathOf(client.url) : null;
  return !client || (DIGESTS.has(page) && Boolean(await copyKept(page)));
}

/** Goes to an address that is no file of this version: a page without its slash, one of today, a new one, none. */
async function lookFor(request, path) {
  const page = `${path}/`;
  if (DIGESTS.has(page) && (await copyKept(page))) return Response.redirect(addressOf(page) + new URL(request.url).search);
  const kind = DIGESTS.has(page) ? "page" : /^p(\/|$)/.test(path) ? "paper" : "unknown";
  // What a host let the browser keep for a while is not asked, where somebody wants to know what holds today.
  const today = { cache: "no-cache", redirect: "manual", credentials: "same-origin" };
  const response = kind === "paper" ? fetch(request.url, today) : fetch(request);
  return response.catch((error) => away(request, error, kind));
}

/** Returns the page that says that there is no connection, and what that means for what was asked for. */
async function away(request, error, kind) {
  const page = request.mode === "navigate" ? await copyKept(BUILD.away) : undefined;
  if (!page) throw error;
  const text = (await page.text())
    .replace('<base href="./">', `<base href="${SCOPE.pathname}">`)
    .replace('data-pb-away="page"', `data-pb-away="${kind}"`);
  return new Response(text, { status: 503, headers: { "Content-Type": "text/html; charset=utf-8" } });
}

/** Returns what is kept of a file, or undefined; a storage that fails has nothing. */
async function copyKept(path) {
  try {
    // Asked by its name: opening a cache that is gone would make it again.
    return await caches.match(keyOf(path), { cacheName: CACHE });
  } catch {
    return undefined;
  }
}

/** Runs an act on a cache while nobody else makes or drops that cache; where browsers have no locks, it just runs. */
const alone = (name, act) => navigator.locks?.request(name, act) ?? act();

/** Returns this version's cache. Only `takeIn` makes it: a version that goes finds it gone, and leaves it so. */
function ours() {
  // Between the question and the opening, the next version could drop it: opening would make it again.
  return alone(CACHE, async () => {
    if (!(await caches.has(CACHE))) throw new Error("another version is here now");
    return caches.open(CACHE);
  });
}

async function keepOpened(path, response) {
  try {
    await put(path, response);
  } catch {
    // It was shown; it is only not here for later.
  }
}

/** Keeps a response as the file at a path. Raises an error when it is not that file, or there is no room for it. */
async function put(path, response) {
  const type = response.headers.get("Content-Type") ?? "";
  const [, wanted = ""] = TYPES.find(([names]) => names.test(path)) ?? [];
  const body = response.status === 200 && type.includes(wanted) ? await response.arrayBuffer() : null;
  if (!body || (await digestOf(body)) !== DIGESTS.get(path)) throw new Error(`not this version's: ${path}`);
  // A response of our own: one that was redirected may not answer for a page.
  const copy = new Response(body, { headers: { "Content-Type": type } });
  await (await ours()).put(keyOf(path), copy);
}

async function digestOf(body) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
  return [...bytes.subarray(0, 6)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Keeps all that this version is to have, or nothing of it: who has an earlier one goes on with that. */
async function takeIn() {
  const had = await caches.has(CACHE);
  try {
    await caches.open(CACHE);
    await keep(await chosen());
  } catch (error) {
    if (!had) await caches.delete(CACHE);
    throw error;
  }
}

/** Returns what is to be kept: what the build chose or the reader asked for, and what an earlier version had here. */
async function chosen() {
  const unasked = navigator.connection?.saveData ? BUILD.least : (BUILD.kept ?? FILES);
  const paths = (await caches.has(ASKED)) ? FILES : unasked;
  const before = [...(await holders()).keys()].map(pathOf).filter((path) => DIGESTS.has(path));
  return [...new Set([...paths, ...before])];
}

/** Returns the caches of this site that `are` so: those of other versions, or all. */
async function cachesThat(are) {
  return (await caches.keys()).filter((name) => name.startsWith(OURS) && are(name));
}

const earlier = (name) => name !== CACHE && name !== ASKED;

/** Returns the cache that has it, for each file that an earlier version kept under its address and digest. */
async function holders() {
  const found = new Map();
  for (const name of await cachesThat(earlier)) {
    const cache = await caches.open(name);
    for (const { url } of await cache.keys()) found.set(url, cache);
  }
  return found;
}

async function keep(paths, tell = () => {}) {
  const had = await keysHere();
  const missing = paths.filter((path) => !had.has(keyOf(path)));
  const from = missing.length ? await holders() : new Map();
  let done = paths.length - missing.length;
  const next = missing[Symbol.iterator]();
  const fetchSome = async () => {
    for (const path of next) {
      const before = await from.get(keyOf(path))?.match(keyOf(path));
      await put(path, before ?? (await fetch(addressOf(path), { cache: "no-cache" })));
      tell({ done: ++done, all: paths.length });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, fetchSome));
}

async function keysHere() {
  return new Set((await (await ours()).keys()).map(({ url }) => url));
}

/** Keeps what the reader asked for: these sheets, or, when none are named, every page. */
async function keepAsked(paths, tell) {
  try {
    await ours();
    if (!paths.length) await caches.open(ASKED);
    await keep(paths.length ? paths.filter((path) => DIGESTS.has(path)) : FILES, tell);
    tell(await state(paths));
  } catch {
    tell({ failed: true });
  }
}

/** Fetches what is missing of what is to be here, and the page that was opened before this worker was. */
async function mend(paths) {
  if (!BUILD) return;
  const opened = paths.filter((path) => DIGESTS.has(path));
  await keep([...new Set([...(await chosen()), ...opened])]).catch(() => {});
}

async function state(paths = []) {
  if (!BUILD) return { off: true };
  const { edition, date, version } = BUILD;
  const had = await keysHere().catch(() => new Set());
  const of = paths.length ? paths.filter((path) => DIGESTS.has(path)) : FILES;
  return { edition, date, version, done: of.filter((path) => had.has(keyOf(path))).length, all: of.length };
}

async function forget(which) {
  await Promise.all((await cachesThat(which)).map((name) => alone(name, () => caches.delete(name))));
}

/** What an earlier site kept at this address goes, and this worker with it. */
async function leave() {
  await forget(() => true);
  // Asked for and not waited for: the answer comes when this event is over, and each would wait for the other.
  self.registration.unregister();
}
