/** At an address that leads nowhere: where the same in small letters leads somewhere, that is what was meant (`EXT-07`). */
export async function start() {
  const meant = new URL(location);
  meant.pathname = meant.pathname.toLowerCase();
  if (meant.pathname === location.pathname) return;
  const answer = await fetch(meant, { method: "HEAD" }).catch(() => null);
  if (answer?.ok) location.replace(meant);
}
