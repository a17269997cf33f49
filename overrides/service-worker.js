/* The playbook without a connection.
 *
 * The build puts BUILD above: the edition, every file of the site with a digest of its content (`files`), and
 * which of them are kept from the first visit on (`kept`; null is all of them). In a preview BUILD is null.
 * A file is kept under its address and digest, so that a new edition fetches what differs and nothing else,
 * and a page never meets the parts of another edition.
 */
const CACHE = "servicebook";
const KEEP_ALL = new URL("?keep-all", self.registration.scope).href;
const AT_ONCE = 6;

const addressOf = (path) => new URL(path, self.registration.scope).href;
const keyOf = (path) => `${addressOf(path)}?v=${BUILD.files[path]}`;

self.addEventListener("install", (event) => {
  event.waitUntil(BUILD ? keepChosen() : self.skipWaiting());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((BUILD ? forgetOthers() : leave()).then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const path = BUILD && event.request.method === "GET" ? pathOf(event.request.url) : null;
  if (path !== null) event.respondWith(answer(event, path));
});

self.addEventListener("message", (event) => {
  const [port] = event.ports;
  const tell = (message) => port?.postMessage(message);
  if (event.data === "take over") self.skipWaiting();
  else if (event.data === "state") event.waitUntil(state().then(tell));
  else if (event.data === "keep all") event.waitUntil(keepAll(tell));
});

/** Returns the path of one of the site's files, or null for anything else. */
function pathOf(url) {
  const { origin, pathname } = new URL(url);
  const scope = new URL(self.registration.scope);
  if (origin !== scope.origin || !pathname.startsWith(scope.pathname)) return null;
  const path = decodeURI(pathname.slice(scope.pathname.length)).replace(/(^|\/)index\.html$/, "$1");
  return path in BUILD.files ? path : null;
}

/** What is kept answers first; what is not is fetched and kept; a page that cannot be had says so. */
async function answer(event, path) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(keyOf(path));
  if (kept) return kept;
  try {
    const response = await fetch(event.request);
    if (response.ok) event.waitUntil(cache.put(keyOf(path), response.clone()).catch(() => {}));
    return response;
  } catch (error) {
    const away = event.request.mode === "navigate" && (await cache.match(keyOf(BUILD.away)));
    if (away) return away;
    throw error;
  }
}

async function keepChosen() {
  const cache = await caches.open(CACHE);
  const all = BUILD.kept === null || (await cache.match(KEEP_ALL));
  await keep(all ? Object.keys(BUILD.files) : BUILD.kept);
}

async function keepAll(tell) {
  const cache = await caches.open(CACHE);
  try {
    await cache.put(KEEP_ALL, new Response());
    await keep(Object.keys(BUILD.files), tell);
    tell(await state());
  } catch {
    tell({ failed: true });
  }
}

async function keep(paths, tell = () => {}) {
  const cache = await caches.open(CACHE);
  const had = new Set((await cache.keys()).map(({ url }) => url));
  const missing = paths.filter((path) => !had.has(keyOf(path)));
  let done = paths.length - missing.length;
  const next = missing[Symbol.iterator]();
  const fetchSome = async () => {
    for (const path of next) {
      const response = await fetch(addressOf(path), { cache: "no-cache" });
      if (!response.ok) throw new Error(`${response.status} ${path}`);
      await cache.put(keyOf(path), response);
      tell({ done: ++done, all: paths.length });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, fetchSome));
}

async function forgetOthers() {
  const cache = await caches.open(CACHE);
  const ours = new Set([KEEP_ALL, ...Object.keys(BUILD.files).map(keyOf)]);
  const others = (await cache.keys()).filter(({ url }) => !ours.has(url));
  await Promise.all(others.map((request) => cache.delete(request)));
}

/** A preview is not for later: what an earlier site kept at this address goes, and this worker with it. */
async function leave() {
  await caches.delete(CACHE);
  await self.registration.unregister();
}

async function state() {
  if (!BUILD) return { preview: true };
  const cache = await caches.open(CACHE);
  const had = new Set((await cache.keys()).map(({ url }) => url));
  const paths = Object.keys(BUILD.files);
  return { edition: BUILD.edition, done: paths.filter((path) => had.has(keyOf(path))).length, all: paths.length };
}
