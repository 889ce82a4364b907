import { createHash } from "node:crypto";

/** Bytes: file systems allow 255, and what is written beside a file has endings of its own. */
const LONGEST = 200;
const HASH_DIGITS = 8;

/** Not allowed in a name or of another meaning there, on one system or another; % since the others become %XX. */
const UNSAFE =
  /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069/\\:*?"<>|%]|^[. ]|[. ]$/gu;

/** Names of Windows' devices, whatever ending they have. */
const DEVICE = /^(?:con|conin\$|conout\$|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³])(?= *(?:\.|$))/i;

const percent = (text: string): string =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join("");

/**
 * The name of one file or folder for any text, such as a category that came with a model: never a path, nothing
 * reserved, at most 200 bytes with its ending. What cannot stand in a name is written as in addresses (`%2F`); of a long
 * text the beginning and a hash are kept. Other texts get other names, but for
 * forms of the same letters in Unicode; where a file system takes Cat and cat for one name, such texts share a file.
 */
export function fileName(text: string, ending = ""): string {
  const safe = text
    .normalize("NFC")
    .replace(UNSAFE, percent)
    .replace(DEVICE, (device) => percent(device.charAt(0)) + device.slice(1));
  const room = LONGEST - Buffer.byteLength(ending);
  if (Buffer.byteLength(safe) <= room) return `${safe || "%"}${ending}`;
  const hash = createHash("sha256").update(text).digest("hex").slice(0, HASH_DIGITS);
  return `${beginning(safe, room - HASH_DIGITS - 1)}~${hash}${ending}`;
}

/** As many whole characters as fit into so many bytes. */
function beginning(name: string, bytes: number): string {
  let length = 0;
  let kept = "";
  for (const [character] of name.matchAll(/%[0-9A-F]{2}|./gsu)) {
    length += Buffer.byteLength(character);
    if (length > bytes) break;
    kept += character;
  }
  return kept;
}
