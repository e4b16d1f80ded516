// Records of a zip archive: numbers in little-endian order.

/** The largest number of 32 bits: "look into the Zip64 field", as is anything larger. */
export const FULL32 = 0xffffffff;

/**
 * A number, with its width in bytes.
 *
 * @typedef {[width: 2 | 4 | 8, value: number]} Field
 */

/**
 * @param {number} value
 * @returns {Field}
 */
export const u16 = (value) => [2, value];

/**
 * @param {number} value
 * @returns {Field}
 */
export const u32 = (value) => [4, Math.min(value, FULL32)];

/**
 * @param {number} value
 * @returns {Field}
 */
export const u64 = (value) => [8, value];

/**
 * Return these numbers in little-endian order.
 *
 * @param {...Field} fields
 */
export function record(...fields) {
  const view = new DataView(new ArrayBuffer(fields.reduce((sum, [width]) => sum + width, 0)));
  let at = 0;
  for (const [width, value] of fields) {
    if (width === 2) view.setUint16(at, value, true);
    else if (width === 4) view.setUint32(at, value, true);
    else view.setBigUint64(at, BigInt(value), true);
    at += width;
  }
  return new Uint8Array(view.buffer);
}

/**
 * Return these bytes in one piece.
 *
 * @param {...(Uint8Array | number[])} pieces
 */
export function joined(...pieces) {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
