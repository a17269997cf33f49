/**
 * Photographs of a run, small, kept in the browser's database and never sent anywhere. What cannot be kept stays in
 * memory while the page is open.
 */
const NAME = `pb:${new URL("../../", import.meta.url).pathname}:photos`;
const SIDE = 1280;
const QUALITY = 0.72;
const TYPE = "image/jpeg";
const held = new Map();
let opening;

/** A picture file made small, as a JPEG. Rejects for what is no picture. */
export async function shrink(file) {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [picture.width, picture.height].map((side) => Math.max(1, Math.round(side * scale)));
  const pen = canvas.getContext("2d");
  // A JPEG has no see-through parts; without this they would be black.
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), TYPE, QUALITY),
  );
}

/** A picture drawn: a site under a strict policy shows no image that is not its own file. */
export async function draw(blob, canvas) {
  const picture = await createImageBitmap(blob);
  [canvas.width, canvas.height] = [picture.width, picture.height];
  canvas.getContext("2d").drawImage(picture, 0, 0);
}

/** Keep a picture under a key; tells whether it was kept for good. */
export async function keepPhoto(key, blob) {
  held.set(key, blob);
  try {
    await asked((store) => store.put(blob, key), "readwrite");
    return true;
  } catch {
    return false;
  }
}

/** The picture under a key, or undefined. */
export async function photoAt(key) {
  if (held.has(key)) return held.get(key);
  try {
    return await asked((store) => store.get(key), "readonly");
  } catch {
    return undefined;
  }
}

export async function dropPhoto(key) {
  held.delete(key);
  try {
    await asked((store) => store.delete(key), "readwrite");
  } catch {
    // It was never there.
  }
}

/** A picture as text that a file can hold. */
export async function textOf(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}

/** The picture in such a text, or undefined: nothing but a photograph is let in. */
export function photoIn(text) {
  const found = typeof text === "string" && /^data:(image\/(?:jpeg|png|webp));base64,([A-Za-z0-9+/=]+)$/.exec(text);
  if (!found) return undefined;
  try {
    return new Blob([Uint8Array.from(atob(found[2]), (sign) => sign.charCodeAt(0))], { type: found[1] });
  } catch {
    return undefined;
  }
}

async function asked(act, mode) {
  opening ??= open();
  const database = await opening.catch((error) => {
    opening = undefined;
    throw error;
  });
  return new Promise((resolve, reject) => {
    const transaction = database.transaction("photos", mode);
    const request = act(transaction.objectStore("photos"));
    // Only a finished transaction is on the disk.
    transaction.oncomplete = () => resolve(request.result);
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore("photos");
    request.onsuccess = () => resolve(request.result);
    request.onerror = request.onblocked = () => reject(request.error);
  });
}
