// CRC-32 as zip archives use it, eight bytes a step: a byte a step would take longer than to fetch and save them. M. E.
// Kounavis and F. L. Berry, "A Systematic Approach to Building High Performance Software-Based CRC Generators" (2005).

const POLYNOMIAL = 0xedb88320; // reflected

// The table of what a byte becomes.
const BYTES = Int32Array.from({ length: 256 }, (_, value) => withZeros(value, 8));

// The tables of what eleven, or the last ten, bits of a word become after its other bits and as many words of zeros
// more. A table for each byte would take a third more reads; for two bytes at once they would not fit in a core's own
// memory.
const [WORD_A, WORD_B, WORD_C] = tables(1);
const [LAST_A, LAST_B, LAST_C] = tables(0);

/**
 * Return the checksum of bytes that follow on those with the checksum `before`.
 *
 * @param {Uint8Array} bytes
 * @param {number} before
 */
export function crc32(bytes, before = 0) {
  // Four bytes a read, which must lie on a multiple of four; every machine with a browser has the lowest byte first.
  const start = -bytes.byteOffset & 3;
  if (bytes.length < start) return ~byByte(bytes, 0, bytes.length, ~before) >>> 0;
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + start, ((bytes.length - start) >>> 3) * 2);
  const head = byByte(bytes, 0, start, ~before);
  return ~byByte(bytes, start + words.length * 4, bytes.length, byTwoWords(words, head)) >>> 0;
}

/**
 * @param {Uint8Array} bytes
 * @param {number} start
 * @param {number} end
 * @param {number} before
 */
function byByte(bytes, start, end, before) {
  let crc = before;
  for (let i = start; i < end; i += 1) crc = (crc >>> 8) ^ BYTES[(crc ^ bytes[i]) & 255];
  return crc;
}

/**
 * @param {Int32Array} words
 * @param {number} before
 */
function byTwoWords(words, before) {
  let crc = before;
  for (let i = 0; i < words.length; i += 2) {
    const word = words[i] ^ crc;
    const last = words[i + 1];
    crc =
      WORD_A[word & 2047] ^
      WORD_B[(word >>> 11) & 2047] ^
      WORD_C[word >>> 22] ^
      LAST_A[last & 2047] ^
      LAST_B[(last >>> 11) & 2047] ^
      LAST_C[last >>> 22];
  }
  return crc;
}

/** @param {number} words */
function tables(words) {
  const table = (/** @type {number} */ bits, /** @type {number} */ shift) =>
    Int32Array.from({ length: 1 << bits }, (_, value) => withZeros(value << shift, 32 + 32 * words));
  return [table(11, 0), table(11, 11), table(10, 22)];
}

/**
 * Return what a checksum becomes after so many bits of zeros.
 *
 * @param {number} checksum
 * @param {number} bits
 */
function withZeros(checksum, bits) {
  let value = checksum;
  for (let bit = 0; bit < bits; bit += 1) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
  return value;
}
