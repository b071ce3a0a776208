// XML read as a stream of tags and text, as the parts of a workbook need it: no document type, no entities but the five of
// XML and numbers, so that nothing in it can grow while it is read (ECMA-376 part 2 forbids document types anyway).

import { isUtf8 } from "node:buffer";

/** The text is no XML that a workbook may hold. `forbidden`: it has a document type. */
export class XmlError extends Error {
  readonly forbidden: boolean;

  constructor(message: string, forbidden = false) {
    super(message);
    this.forbidden = forbidden;
  }
}

/** Names come without their namespace prefix. `attribute` is read only when asked for. */
export type XmlHandler = Readonly<{
  open: (name: string, attribute: (name: string) => string | undefined) => void;
  close: (name: string) => void;
  text: (text: string) => void;
}>;

/** Takes the text piece by piece; `end` proves that nothing was left open. */
export type XmlReader = Readonly<{ push: (piece: Buffer) => void; end: () => void }>;

const longestToken = 4 * 1024 * 1024;

/** A reader that calls the handler as it goes. Throws an XmlError. */
export function xmlReader(handler: XmlHandler): XmlReader {
  const decode = utf8Pieces();
  let rest = "";
  let depth = 0;
  const tag = (body: string): void => {
    depth += readTag(body, handler);
    if (depth < 0) throw new XmlError("Cannot read XML: a tag is closed that was not open");
  };
  return {
    push: (piece) => {
      rest = readTokens(rest + decode(piece), handler, tag);
      if (rest.length > longestToken) throw new XmlError("Cannot read XML: a tag has no end");
    },
    end: () => {
      if (rest.trim() !== "" || depth !== 0) throw new XmlError("Cannot read XML: it is cut off");
    },
  };
}

/** Whole characters of UTF-8 pieces. */
function utf8Pieces(): (piece: Buffer) => string {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  return (piece) => {
    try {
      return decoder.decode(piece, { stream: true });
    } catch {
      const what = isUtf8(piece) ? "a character cut off" : "bytes that are not UTF-8";
      throw new XmlError(`Cannot read XML: it has ${what}`);
    }
  };
}

/** Reads all whole tokens and returns what is left. */
function readTokens(text: string, handler: XmlHandler, tag: (body: string) => void): string {
  let at = 0;
  while (at < text.length) {
    const start = text.indexOf("<", at);
    if (start === -1) {
      // Text may go on in the next piece, in the middle of an entity.
      const amp = text.lastIndexOf("&");
      const cut = amp >= at && text.length - amp < 12 ? amp : text.length;
      if (cut > at) handler.text(unescaped(text.slice(at, cut)));
      return text.slice(cut);
    }
    if (start > at) handler.text(unescaped(text.slice(at, start)));
    const end = markupEnd(text, start);
    if (end === -1) return text.slice(start);
    readMarkup(text, start, end, handler, tag);
    at = end;
  }
  return "";
}

const specials = [
  ["<!--", "-->"],
  ["<![CDATA[", "]]>"],
  ["<?", "?>"],
] as const;

/** Index after the markup that starts at `start`; -1 when it goes on in the next piece. */
function markupEnd(text: string, start: number): number {
  for (const [open, close] of specials) {
    if (!text.startsWith(open, start)) continue;
    const end = text.indexOf(close, start + open.length);
    return end === -1 ? -1 : end + close.length;
  }
  if (text[start + 1] === "!") {
    if (text.length - start < 9) return -1;
    throw new XmlError("Cannot read XML: it has a document type", true);
  }
  let quote = "";
  for (let at = start + 1; at < text.length; at++) {
    const mark = text[at]!;
    if (quote !== "") quote = mark === quote ? "" : quote;
    else if (mark === '"' || mark === "'") quote = mark;
    else if (mark === ">") return at + 1;
  }
  return -1;
}

function readMarkup(
  text: string,
  start: number,
  end: number,
  handler: XmlHandler,
  tag: (body: string) => void,
): void {
  if (text.startsWith("<![CDATA[", start)) handler.text(text.slice(start + 9, end - 3));
  else if (text[start + 1] !== "!" && text[start + 1] !== "?") tag(text.slice(start + 1, end - 1));
}

/** Returns by how much the tag changes the depth. */
function readTag(body: string, handler: XmlHandler): number {
  if (body.startsWith("/")) {
    handler.close(localName(body.slice(1).trim()));
    return -1;
  }
  const empty = body.endsWith("/");
  const nameEnd = body.search(/[\s/]/);
  const name = localName(nameEnd === -1 ? body : body.slice(0, nameEnd));
  handler.open(name, (wanted) => attributeOf(body, wanted));
  if (!empty) return 1;
  handler.close(name);
  return 0;
}

function localName(name: string): string {
  const colon = name.indexOf(":");
  return colon === -1 ? name : name.slice(colon + 1);
}

/** An attribute by its name, with or without prefix: `r:id` and `id` are two. */
function attributeOf(body: string, wanted: string): string | undefined {
  for (let at = body.indexOf(wanted); at !== -1; at = body.indexOf(wanted, at + 1)) {
    if (!/\s/.test(body[at - 1] ?? "")) continue;
    const found = /^\s*=\s*(?:"([^"]*)"|'([^']*)')/.exec(body.slice(at + wanted.length));
    if (found !== null) return unescaped(found[1] ?? found[2] ?? "");
  }
  return undefined;
}

const named: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
};

function unescaped(text: string): string {
  if (!text.includes("&")) return text;
  return text.replaceAll(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w+));?/gi,
    (all, hex, decimal, name) => {
      if (name !== undefined) {
        const meant = Object.hasOwn(named, name) ? named[name] : undefined;
        if (meant === undefined) throw new XmlError(`Cannot read XML: it has entity ${all}`, true);
        return meant;
      }
      const code = hex === undefined ? Number(decimal) : Number.parseInt(String(hex), 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : "\uFFFD";
    },
  );
}
