// The master keys of an installation: made once, kept in a file that only its owner may read or handed in by
// the environment, never in the database. A ring holds several keys by id so that the current one can be
// replaced while what older ones wrapped stays readable; the key of the blind indexes stays the same.

import { createHash, hkdfSync, randomBytes } from "node:crypto";
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { Fault } from "../fault.ts";
import { syncFolder } from "../sync-folder.ts";
import { sizes } from "./aes-gcm.ts";

/** Master keys by id. New row keys are wrapped by `current`; `index` feeds the blind indexes. */
export type KeyRing = Readonly<{
  current: string;
  keys: ReadonlyMap<string, Uint8Array>;
  index: Uint8Array;
}>;

/** Where the master key comes from, first match wins: its text, a file, `keys/master.json` in the data folder. */
export type KeySource = Readonly<{
  /** TIDEMARK_MASTER_KEY: 32 bytes in base64, or a whole ring document */
  masterKey?: string | undefined;
  /** TIDEMARK_MASTER_KEY_FILE: path of a file with the same contents */
  keyFile?: string | undefined;
  dataFolder: string;
  /** make a ring in the data folder when there is none; false where encrypted data exists already */
  create: boolean;
}>;

const format = "tidemark: keys/1";
const keyId = /^[a-z0-9][a-z0-9-]{0,31}$/;

/**
 * Loads the ring, or makes one on the first start. Throws a Fault that says what to do when the file is
 * missing, readable by others, or not a ring.
 */
export function loadKeyRing(source: KeySource): KeyRing {
  if (source.masterKey !== undefined) {
    return parseKeyRing(source.masterKey, "TIDEMARK_MASTER_KEY");
  }
  if (source.keyFile !== undefined) return readKeyFile(source.keyFile);
  const path = join(source.dataFolder, "keys", "master.json");
  if (!existsSync(path)) {
    if (!source.create) {
      throw keyFault(
        `Cannot find master key ${path}: the database holds encrypted data, put the key file back or set TIDEMARK_MASTER_KEY`,
      );
    }
    writeKeyFile(path, newKeyRing());
  }
  return readKeyFile(path);
}

/** A ring with one fresh key. */
export function newKeyRing(): KeyRing {
  return {
    current: "k1",
    keys: new Map([["k1", freshKey()]]),
    index: freshKey(),
  };
}

/** A ring whose current key is fresh; what the older keys wrapped stays readable, blind indexes stay valid. */
export function withFreshKey(ring: KeyRing): KeyRing {
  const numbers = [...ring.keys.keys()].map((id) => Number(/^k(\d+)$/.exec(id)?.[1] ?? 0));
  const current = `k${Math.max(0, ...numbers) + 1}`;
  return { ...ring, current, keys: new Map([...ring.keys, [current, freshKey()]]) };
}

/** The ring as text for a key file or TIDEMARK_MASTER_KEY. Secret. */
export function keyRingText(ring: KeyRing): string {
  const keys = Object.fromEntries([...ring.keys].map(([id, key]) => [id, base64(key)]));
  const document = { format, current: ring.current, keys, index: base64(ring.index) };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** Reads a ring document, or 32 bytes of base64 as a ring of one key. `origin` names it in faults. */
export function parseKeyRing(text: string, origin: string): KeyRing {
  const trimmed = text.trim();
  return trimmed.startsWith("{") ? parseDocument(trimmed, origin) : parseBareKey(trimmed, origin);
}

function parseBareKey(text: string, origin: string): KeyRing {
  const key = keyBytes(text, origin, "key");
  const id = createHash("sha256").update("tidemark.key-id\0").update(key).digest("hex").slice(0, 8);
  const index = new Uint8Array(hkdfSync("sha256", key, "", "tidemark.blind-index", sizes.key));
  return { current: id, keys: new Map([[id, key]]), index };
}

function parseDocument(text: string, origin: string): KeyRing {
  const document = jsonObject(text, origin);
  const { current, keys: listed, index } = document;
  if (document["format"] !== format) {
    throw keyFault(`Cannot read ${origin}: found another format, expected "${format}"`);
  }
  if (typeof listed !== "object" || listed === null) {
    throw keyFault(`Cannot read ${origin}: found no keys, expected an object of key id to base64`);
  }
  const keys = new Map<string, Uint8Array>();
  for (const [id, key] of Object.entries(listed)) {
    if (!keyId.test(id)) throw keyFault(`Cannot read ${origin}: key id ${id} is not like "k1"`);
    keys.set(id, keyBytes(key, origin, `key ${id}`));
  }
  if (typeof current !== "string" || !keys.has(current)) {
    throw keyFault(`Cannot read ${origin}: the current key is not among its keys`);
  }
  return { current, keys, index: keyBytes(index, origin, "index key") };
}

function jsonObject(text: string, origin: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    // The parser's own message quotes the text, and the text is secret.
    throw keyFault(`Cannot read ${origin}: found broken JSON, expected a key ring`);
  }
}

function keyBytes(value: unknown, origin: string, what: string): Uint8Array {
  const bytes = typeof value === "string" ? Buffer.from(value, "base64") : Buffer.alloc(0);
  if (bytes.length === sizes.key && base64(bytes) === value) return new Uint8Array(bytes);
  throw keyFault(
    `Cannot read ${origin}: ${what} is not ${sizes.key} bytes in base64 (44 characters)`,
  );
}

/** Reads a key file; refuses one that others may read. */
export function readKeyFile(path: string): KeyRing {
  let text: string;
  let mode: number;
  try {
    mode = statSync(path).mode & 0o777;
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new Fault(`Cannot read master key ${path}`, { cause, retryable: false });
  }
  if (process.platform !== "win32" && (mode & 0o077) !== 0) {
    throw keyFault(
      `Cannot use master key ${path}: mode ${mode.toString(8).padStart(4, "0")} lets others read it, expected 0600`,
    );
  }
  return parseKeyRing(text, path);
}

/**
 * Writes a new key file, mode 0600 in a folder of mode 0700, durably. Where another process made the file
 * first, that one stays and this one is dropped.
 */
export function writeKeyFile(path: string, ring: KeyRing): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  chmodSync(dirname(path), 0o700);
  const temporary = `${path}.${randomBytes(6).toString("hex")}`;
  try {
    writeDurably(temporary, keyRingText(ring));
    linkSync(temporary, path);
    syncFolder(dirname(path));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EEXIST") {
      throw new Fault(`Cannot write master key ${path}`, { cause, retryable: false });
    }
  } finally {
    rmSync(temporary, { force: true });
  }
}

function writeDurably(path: string, text: string): void {
  const file = openSync(path, "wx", 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function freshKey(): Uint8Array {
  return new Uint8Array(randomBytes(sizes.key));
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}

function keyFault(message: string): Fault {
  return new Fault(message, { retryable: false });
}
