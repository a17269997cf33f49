/** The doors to what cannot wait, for who can search nothing: those of the home page, which is kept for that. */

/** Puts the doors of the site at `root` into the place for them in `help`; none where they are not to be had. */
export async function offer(help, root) {
  const text = await fetch(root).then((answer) => answer.text(), () => "");
  const doors = new DOMParser().parseFromString(text, "text/html").querySelector(".pb-urgent");
  for (const link of doors?.querySelectorAll("a") ?? []) link.href = new URL(link.getAttribute("href"), root);
  if (doors) help.querySelector("[data-pb-doors]").replaceChildren(doors);
}
