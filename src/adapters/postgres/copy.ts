// PostgreSQL's text COPY format, both ways, as streams with bounded memory: the way of everything that is bulk. Text is
// as fast as binary here and works on every engine; the escaping is the one of the COPY manual page, section "Text Format".
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ClientBase } from "pg";
import { from as copyFromStream, to as copyToStream } from "pg-copy-streams";
import { Fault } from "../fault.ts";

/** Rows or bytes, all at once or as they come. */
export type Feed<T> = Iterable<T> | AsyncIterable<T>;

const chunkCharacters = 64 * 1024;

const controls = [
  ["\t", "\\t"],
  ["\n", "\\n"],
  ["\r", "\\r"],
] as const;
const unescapes: Readonly<Record<string, string>> = {
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

/**
 * One value as COPY text. null and undefined → `\N`; Date → ISO 8601; bytes → hex; an array → a PostgreSQL array (write
 * JSON arrays with `JSON.stringify`); another object → JSON.
 */
export function encodeCopyValue(value: unknown): string {
  if (value === null || value === undefined) return "\\N";
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  if (typeof value === "boolean") return value ? "t" : "f";
  if (value instanceof Uint8Array) return `\\\\x${Buffer.from(value).toString("hex")}`;
  return escapeCopyText(textOf(value));
}

/** Text with what has a meaning in COPY text escaped. */
export function escapeCopyText(text: string): string {
  if (!/[\\\t\n\r]/.test(text)) return text;
  let escaped = text.replaceAll("\\", "\\\\");
  for (const [character, written] of controls) {
    if (escaped.includes(character)) escaped = escaped.replaceAll(character, written);
  }
  return escaped;
}

/** One row as COPY text, with its line end. */
export function encodeCopyRow(row: readonly unknown[]): string {
  return `${row.map(encodeCopyValue).join("\t")}\n`;
}

/** The fields of one line of COPY text (without its line end); `\N` → null. */
export function decodeCopyRow(line: string): (string | null)[] {
  const fields: (string | null)[] = line.split("\t");
  if (!line.includes("\\")) return fields;
  for (let index = 0; index < fields.length; index++) {
    const field = fields[index]!;
    if (field === "\\N") fields[index] = null;
    else if (field.includes("\\")) fields[index] = unescaped(field);
  }
  return fields;
}

function unescaped(field: string): string {
  return field.replaceAll(/\\(.)/g, (_, letter: string) => unescapes[letter] ?? letter);
}

/** The caller's own rows could not be produced; `cause` is what they threw. */
export class FeedError extends Error {}

/** Sends bytes or text of `copy … from stdin` with back-pressure; returns the number of rows stored. */
export async function sendCopy(
  client: ClientBase,
  text: string,
  chunks: Feed<Uint8Array | string>,
): Promise<number> {
  const stream = client.query(copyFromStream(text));
  let feedError: FeedError | undefined;
  // COPY is answered with the feed's message as a server error; the feed's own error says more.
  async function* watched(): AsyncGenerator<Uint8Array | string> {
    try {
      yield* chunks;
    } catch (error) {
      feedError = new FeedError("Cannot copy in: the rows could not be produced", { cause: error });
      throw feedError;
    }
  }
  try {
    await pipeline(Readable.from(watched(), { objectMode: true, highWaterMark: 2 }), stream);
  } catch (error) {
    throw feedError ?? error;
  }
  return stream.rowCount;
}

/** Sends ready-made COPY text in one go; returns the number of rows stored. */
export async function sendCopyText(
  client: ClientBase,
  text: string,
  rows: string,
): Promise<number> {
  const stream = client.query(copyFromStream(text));
  await new Promise<void>((resolve, reject) => {
    stream.once("error", reject).once("finish", resolve);
    stream.end(rows, "utf8");
  });
  return stream.rowCount;
}

/** Text of rows in chunks of about 64 KiB. */
export async function* encodeCopyRows(rows: Feed<readonly unknown[]>): AsyncGenerator<string> {
  let chunk = "";
  for await (const row of rows) {
    chunk += encodeCopyRow(row);
    if (chunk.length < chunkCharacters) continue;
    yield chunk;
    chunk = "";
  }
  if (chunk !== "") yield chunk;
}

/**
 * The raw bytes of `copy … to stdout`, in chunks that do not respect line ends. When a reader stops early, `abandon` is
 * called if given (it may close the connection); then the rest is read and thrown away, so that an open connection stays usable.
 */
export async function* receiveCopy(
  client: ClientBase,
  text: string,
  abandon?: () => void,
): AsyncGenerator<Buffer> {
  const stream = client.query(copyToStream(text));
  let over = false;
  const ended = new Promise<void>((resolve) => {
    const finish = () => {
      over = true;
      resolve();
    };
    stream.once("end", finish).once("error", finish).once("close", finish);
  });
  try {
    for await (const chunk of stream.iterator({ destroyOnReturn: false })) yield chunk as Buffer;
  } finally {
    if (!over) abandon?.();
    stream.resume();
    await ended;
  }
}

/** Rows of raw COPY bytes. */
export async function* decodeCopyRows(
  chunks: AsyncIterable<Buffer>,
): AsyncGenerator<readonly (string | null)[]> {
  let rest: Buffer | undefined;
  for await (const chunk of chunks) {
    const bytes: Buffer = rest === undefined ? chunk : Buffer.concat([rest, chunk]);
    const end = bytes.lastIndexOf(10);
    rest = end === bytes.length - 1 ? undefined : bytes.subarray(end + 1);
    if (end < 0) continue;
    for (const line of bytes.toString("utf8", 0, end).split("\n")) yield decodeCopyRow(line);
  }
  if (rest !== undefined)
    throw new Fault("Cannot read COPY rows: the last line has no end", { retryable: false });
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "bigint") return String(value);
  if (value instanceof Date) return value.toISOString();
  return Array.isArray(value) ? arrayLiteral(value) : JSON.stringify(value);
}

function arrayLiteral(items: readonly unknown[]): string {
  const parts = items.map((item) => {
    if (item === null || item === undefined) return "NULL";
    if (Array.isArray(item)) return arrayLiteral(item);
    const text =
      item instanceof Uint8Array ? `\\x${Buffer.from(item).toString("hex")}` : textOf(item);
    return `"${text.replaceAll(/["\\]/g, (found) => `\\${found}`)}"`;
  });
  return `{${parts.join(",")}}`;
}
