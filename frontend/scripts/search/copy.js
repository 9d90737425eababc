// The signed copy of the list: fetched, checked with the key that the page carries, or with the key of a kept copy.

const fromBase64 = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));

export async function isTrue(bytes, key) {
  const line = bytes.indexOf(10);
  if (line < 0) return false;
  const signature = fromBase64(new TextDecoder().decode(bytes.subarray(0, line)));
  const imported = await crypto.subtle.importKey("spki", fromBase64(key), { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);
  return crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, imported, signature, bytes.subarray(line + 1));
}

// Ids travel as 22 signs instead of 36.
function uuidOf(short) {
  if (short.length !== 22) return short;
  const bytes = fromBase64(short.replaceAll("-", "+").replaceAll("_", "/"));
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

export function expand(copy) {
  for (const service of copy.services) service.i = uuidOf(service.i);
  return copy;
}

export const read = (bytes) => expand(JSON.parse(new TextDecoder().decode(bytes.subarray(bytes.indexOf(10) + 1))));

// The bytes of the list; an answer that is not the list, or is signed by someone else, is an error.
export async function fetchCopy(address, key) {
  const answer = await fetch(address, { credentials: "omit", cache: "no-store" });
  if (!answer.ok) throw new Error(`list ${answer.status}`);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  if (!(await isTrue(bytes, key))) throw new UntrueCopy();
  return bytes;
}

export class UntrueCopy extends Error {}
