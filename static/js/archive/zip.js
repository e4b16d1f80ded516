// A zip archive as a stream of bytes, which can be read as a stream, too. Files are not compressed, since most are
// already. What is held whole is stored with its size and checksum in front. What is not has its checksum behind it,
// and then a reader must see by the bytes where they end: they are packed as DEFLATE's blocks without compression.
// Zip64 is used where it must be. PKWARE's APPNOTE.TXT 6.3.10, section 4.3; RFC 1951, section 3.2.4.

import { crc32 } from "./crc32.js";
import { FULL32, joined, record, u16, u32, u64 } from "./little-endian.js";

/** @typedef {import("./little-endian.js").Field} Field */

const FULL16 = 0xffff;
const VERSION = 20;
const VERSION_ZIP64 = 45;
const UTF8 = 0x0800; // the name is
const FOLLOWED = 0x0008; // sizes and checksum come after the bytes
const STORED = 0;
const DEFLATED = 8;
const BLOCK = 65_535; // bytes at most
const BLOCK_HEADER = 5;
const EMPTY = new Uint8Array();
const UNIX = 3 << 8;
const PLAIN_FILE = 0o100644 * 65536;

/**
 * `size` is in bytes, and `pieces` are just as many.
 *
 * @typedef {{
 *   path: string,
 *   size: number,
 *   modified: string | Date,
 *   pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
 * }} ZipFile
 */

/**
 * Yield the archive piece by piece.
 *
 * @param {AsyncIterable<ZipFile> | Iterable<ZipFile>} files
 * @returns {AsyncGenerator<Uint8Array, void, undefined>}
 */
export async function* archive(files) {
  const entries = [];
  let offset = 0;
  for await (const file of files) {
    const pieces = iteratorOf(file.pieces);
    let piece = await pieces.next();
    const first = piece.done ? EMPTY : piece.value;
    const entry = first.length === file.size ? new WholeEntry(file, offset, first) : new Entry(file, offset);
    const header = entry.header();
    yield header;
    for (; !piece.done; piece = await pieces.next()) {
      for (const packed of entry.packed(piece.value)) yield packed;
    }
    const descriptor = entry.descriptor();
    yield descriptor;
    entries.push(entry);
    offset += header.length + entry.packedSize + descriptor.length;
  }
  yield* ending(entries, offset);
}

/** @param {AsyncIterable<Uint8Array> | Iterable<Uint8Array>} pieces */
function iteratorOf(pieces) {
  return Symbol.asyncIterator in pieces ? pieces[Symbol.asyncIterator]() : pieces[Symbol.iterator]();
}

/** A file that comes in pieces. */
class Entry {
  crc = 0;
  method = DEFLATED;
  flags = UTF8 | FOLLOWED;
  #rest; // bytes of the file that are in no block yet
  #room = 0; // bytes that are missing in the block

  /**
   * @param {ZipFile} file
   * @param {number} offset
   */
  constructor({ path, size, modified }, offset) {
    this.name = new TextEncoder().encode(path);
    this.size = size;
    this.offset = offset;
    this.modified = new Date(modified);
    this.#rest = size;
  }

  get packedSize() {
    return this.size + BLOCK_HEADER * Math.ceil(this.size / BLOCK);
  }

  get isLarge() {
    return this.packedSize >= FULL32;
  }

  header() {
    const extra = joined(this.isLarge ? record(u16(1), u16(16), u64(0), u64(0)) : [], this.#universalTime());
    return joined(record(u32(0x04034b50), ...this.#common(...this.known(), extra)), this.name, extra);
  }

  /**
   * Return checksum, packed size and size, as far as they are known in front.
   *
   * @returns {[crc: number, packedSize: number, size: number]}
   */
  known() {
    return this.isLarge ? [0, FULL32, FULL32] : [0, 0, 0];
  }

  /**
   * Yield a piece, and between its bytes the headers of the blocks that begin in it.
   *
   * @param {Uint8Array} piece
   * @returns {Iterable<Uint8Array>}
   */
  *packed(piece) {
    this.crc = crc32(piece, this.crc);
    for (let done = 0; done < piece.length; ) {
      if (!this.#room) yield this.#beginBlock();
      const part = piece.subarray(done, done + this.#room);
      this.#room -= part.length;
      done += part.length;
      yield part;
    }
  }

  #beginBlock() {
    this.#room = Math.min(BLOCK, this.#rest);
    this.#rest -= this.#room;
    const isLast = this.#rest ? 0 : 1;
    return joined([isLast], record(u16(this.#room), u16(~this.#room & FULL16)));
  }

  descriptor() {
    const width = this.isLarge ? u64 : u32;
    return record(u32(0x08074b50), u32(this.crc), width(this.packedSize), width(this.size));
  }

  line() {
    const large = [
      ...(this.isLarge ? [u64(this.size), u64(this.packedSize)] : []),
      ...(this.offset >= FULL32 ? [u64(this.offset)] : []),
    ];
    const extra = joined(large.length ? record(u16(1), u16(8 * large.length), ...large) : [], this.#universalTime());
    const packedSize = this.isLarge ? FULL32 : this.packedSize;
    const size = this.isLarge ? FULL32 : this.size;
    const fields = [u32(0x02014b50), u16(UNIX | VERSION_ZIP64), ...this.#common(this.crc, packedSize, size, extra)];
    const rest = [u16(0), u16(0), u16(0), u32(PLAIN_FILE), u32(this.offset)];
    return joined(record(...fields, ...rest), this.name, extra);
  }

  /**
   * @param {number} crc
   * @param {number} packedSize
   * @param {number} size
   * @param {Uint8Array} extra
   * @returns {Field[]}
   */
  #common(crc, packedSize, size, extra) {
    const version = this.isLarge || this.offset >= FULL32 ? VERSION_ZIP64 : VERSION;
    const lengths = [u16(this.name.length), u16(extra.length)];
    const sizes = [u32(crc), u32(packedSize), u32(size)];
    return [u16(version), u16(this.flags), u16(this.method), ...this.#localTime(), ...sizes, ...lengths];
  }

  /**
   * Return the date as MS-DOS kept it: in whose zone nobody knows, two seconds a step, from 1980 to 2107.
   *
   * @returns {Field[]}
   */
  #localTime() {
    const at = this.modified;
    const year = Math.min(Math.max(at.getFullYear() - 1980, 0), 127);
    return [
      u16((at.getHours() << 11) | (at.getMinutes() << 5) | (at.getSeconds() >> 1)),
      u16((year << 9) | ((at.getMonth() + 1) << 5) | at.getDate()),
    ];
  }

  /** Return Info-ZIP's "extended timestamp": seconds since 1970, which 32 bits hold until 2038. */
  #universalTime() {
    const seconds = Math.floor(this.modified.getTime() / 1000);
    if (seconds !== (seconds | 0)) return [];
    return joined(record(u16(0x5455), u16(5)), [1], record(u32(seconds >>> 0)));
  }
}

/** A file whose bytes are all there: at most as many as a browser holds, so never large. */
class WholeEntry extends Entry {
  /** @override */
  method = STORED;
  /** @override */
  flags = UTF8;

  /**
   * @param {ZipFile} file
   * @param {number} offset
   * @param {Uint8Array} bytes
   */
  constructor(file, offset, bytes) {
    super(file, offset);
    this.crc = crc32(bytes);
  }

  /** @override */
  get packedSize() {
    return this.size;
  }

  /**
   * @override
   * @returns {[crc: number, packedSize: number, size: number]}
   */
  known() {
    return [this.crc, this.size, this.size];
  }

  /**
   * @override
   * @param {Uint8Array} piece
   * @returns {Iterable<Uint8Array>}
   */
  packed(piece) {
    return [piece];
  }

  /** @override */
  descriptor() {
    return EMPTY;
  }
}

/**
 * Return the central directory: a line a file, and where all of that lies.
 *
 * @param {Entry[]} entries
 * @param {number} offset
 */
function ending(entries, offset) {
  const lines = entries.map((entry) => entry.line());
  const length = lines.reduce((sum, line) => sum + line.length, 0);
  const count = entries.length;
  if (offset + length >= FULL32 || count >= FULL16) {
    const versions = [u16(UNIX | VERSION_ZIP64), u16(VERSION_ZIP64)];
    const sizes = [u64(count), u64(count), u64(length), u64(offset)];
    lines.push(record(u32(0x06064b50), u64(44), ...versions, u32(0), u32(0), ...sizes));
    lines.push(record(u32(0x07064b50), u32(0), u64(offset + length), u32(1)));
  }
  const counted = u16(Math.min(count, FULL16));
  lines.push(record(u32(0x06054b50), u16(0), u16(0), counted, counted, u32(length), u32(offset), u16(0)));
  return lines;
}
