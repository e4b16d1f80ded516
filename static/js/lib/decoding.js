// Decodes text files, whatever wrote them.

// A mark at the beginning names the encoding (Unicode 16, section 23.8). That of UTF-32 begins as one of UTF-16 does,
// so it comes first.
/** @type {[string, number[]][]} */
const MARKS = [
  ["utf-32le", [0xff, 0xfe, 0, 0]],
  ["utf-32be", [0, 0, 0xfe, 0xff]],
  ["utf-8", [0xef, 0xbb, 0xbf]],
  ["utf-16le", [0xff, 0xfe]],
  ["utf-16be", [0xfe, 0xff]],
];
const LOOKED_AT = 4096;

/**
 * Return the text that these bytes hold, or null if they are no text. `doubt` says what may be wrong with it: "damaged"
 * if it is UTF-8 but for a few bytes, shown as �; "guessed" if nothing says which encoding it is, and Windows-1252 was
 * tried, the most common of the others (https://html.spec.whatwg.org/#determining-the-character-encoding).
 *
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {{ text: string, doubt: "" | "damaged" | "guessed" } | null}
 */
export function decoded(bytes) {
  const marked = MARKS.find(([, mark]) => mark.every((byte, index) => bytes[index] === byte))?.[0];
  const encoding = marked ?? unmarked(bytes);
  if (!encoding) return null;
  if (encoding.startsWith("utf-32")) return { text: fromUtf32(bytes, encoding === "utf-32le"), doubt: "" };
  try {
    return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes), doubt: "" };
  } catch {
    const text = new TextDecoder(encoding).decode(bytes);
    if (marked || isMostlyUtf8(text)) return { text, doubt: "damaged" };
    return { text: new TextDecoder("windows-1252").decode(bytes), doubt: "guessed" };
  }
}

/**
 * Return whether more letters beyond ASCII were read as UTF-8 than could not be. Those of Windows-1252 hardly ever
 * happen to be UTF-8.
 *
 * @param {string} text
 */
function isMostlyUtf8(text) {
  const bad = text.match(/\ufffd/g)?.length ?? 0;
  const good = text.match(/[^\0-\x7f\ufffd]/gu)?.length ?? 0;
  return good > bad;
}

/**
 * Return the encoding of text without a mark, as far as zeros tell it: UTF-16 of western text has one in every second
 * byte, any other text has none.
 *
 * @param {Uint8Array} bytes
 */
function unmarked(bytes) {
  const start = bytes.subarray(0, LOOKED_AT);
  const zeros = [0, 0];
  for (const [index, byte] of start.entries()) if (byte === 0) zeros[index % 2] += 1;
  const [even, odd] = zeros.map((count) => count / (start.length / 2));
  if (!even && !odd) return "utf-8";
  if (odd > 0.3 && even < 0.05) return "utf-16le";
  return even > 0.3 && odd < 0.05 ? "utf-16be" : null;
}

/**
 * Decode UTF-32, without its mark: TextDecoder does not know it (https://encoding.spec.whatwg.org/#names-and-labels).
 *
 * @param {Uint8Array} bytes
 * @param {boolean} isLittleEndian
 */
function fromUtf32(bytes, isLittleEndian) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chars = [];
  for (let at = 4; at + 4 <= bytes.length; at += 4) {
    const point = view.getUint32(at, isLittleEndian);
    chars.push(point > 0x10ffff ? "\ufffd" : String.fromCodePoint(point));
  }
  return chars.join("");
}
