// Events one a line, read in bounded memory however long the file or a line of it is: a line beyond the bound is handed
// on cut, so that whoever judges it says so. Blank lines count as nothing.

import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { StringDecoder } from "node:string_decoder";
import type { Readable } from "node:stream";
import { deepestInput, unstorable } from "../http/storable.ts";
import type { IncomingSignal } from "../../domain/signal.ts";
import { FileFault } from "./file-fault.ts";

/** One event with the number of its line, from 1, and the bytes read so far. */
export type EventLine = Readonly<{ line: number; bytes: number; incoming: IncomingSignal }>;

/** A file of events, or what comes in on standard input for "-". */
export type EventLines = Readonly<{
  /** null: unknown */
  totalBytes: number | null;
  lines: AsyncIterable<EventLine>;
}>;

/** Opens the file. Throws a FileFault where there is none. `longest`: characters of a line that are kept. */
export async function openEventLines(
  path: string,
  longest: number,
  input: Readable = process.stdin,
): Promise<EventLines> {
  if (path === "-") return { totalBytes: null, lines: eventLines(input, longest) };
  const found = await stat(path).catch((cause: unknown) => {
    throw new FileFault({
      ...{ file: path, line: 0, cause },
      found: { en: "no file", zh: "文件不存在" },
      expected: { en: "a file with one event a line", zh: "每行一个事件的文件" },
    });
  });
  return { totalBytes: found.size, lines: eventLines(createReadStream(path), longest) };
}

async function* eventLines(input: Readable, longest: number): AsyncGenerator<EventLine> {
  const decoder = new StringDecoder("utf8");
  let [rest, line, bytes] = ["", 0, 0];
  const take = function* (text: string): Generator<EventLine> {
    line += 1;
    if (text.trim() !== "") yield { line, bytes, incoming: incomingOf(text, longest) };
  };
  for await (const chunk of input as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    const parts = decoder.write(chunk).split("\n");
    parts[0] = kept(rest, longest) + parts[0]!;
    rest = parts.pop()!;
    for (const part of parts) yield* take(part);
    rest = kept(rest, longest);
  }
  rest += decoder.end();
  if (rest !== "") yield* take(rest);
}

/** One character more than the bound shows that there was more. */
function kept(text: string, longest: number): string {
  return text.length > longest ? text.slice(0, longest + 1) : text;
}

/** The event of a line. Text that is no JSON, or JSON that no row could hold, stays text. */
export function incomingOf(text: string, longest: number): IncomingSignal {
  const line = kept(text.replace(/\r$/, "").replace(/^\uFEFF/, ""), longest);
  if (line.length > longest || depthOf(line) > deepestInput) return { unreadable: line };
  try {
    const event = JSON.parse(line) as unknown;
    return unstorable(event) === null ? { event } : { unreadable: line };
  } catch {
    return { unreadable: line };
  }
}

/** How deep brackets go, strings aside: reading JSON far deeper would end the process. */
function depthOf(line: string): number {
  let [depth, deepest] = [0, 0];
  for (const [mark] of line.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/g)) {
    if (mark === "[" || mark === "{") deepest = Math.max(deepest, ++depth);
    else if (mark === "]" || mark === "}") depth -= 1;
  }
  return deepest;
}
