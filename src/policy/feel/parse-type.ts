// Types as FEEL writes them (DMN 1.5 §10.3.1.2, rule 65): built-in names, names of item definitions, list<…>,
// range<…>, context<…> and function<…>.

import type { WrittenType } from "./ast.ts";
import {
  type Cursor,
  expectSign,
  isSign,
  isWord,
  nested,
  peek,
  take,
  takeNameUntil,
  takeSign,
  unexpected,
} from "./cursor.ts";
import { matchName, nameTable } from "./name-table.ts";

const spacedTypes = nameTable([
  "date and time",
  "date time",
  "days and time duration",
  "day time duration",
  "years and months duration",
  "year month duration",
]);

/** Reads a type from the cursor on. */
export function parseType(cursor: Cursor): WrittenType {
  return nested(cursor, () => {
    const generic = ["list", "range", "context", "function"].find(
      (name) => isWord(cursor, name) && isSign(cursor, "<", 1),
    );
    if (generic === undefined) return { kind: "named", name: typeName(cursor) };
    cursor.index += 2;
    if (generic === "context") return contextType(cursor);
    if (generic === "function") return functionType(cursor);
    const of = parseType(cursor);
    expectSign(cursor, ">");
    return { kind: generic === "list" ? "list" : "range", of };
  });
}

function typeName(cursor: Cursor): string {
  const spaced =
    matchName(spacedTypes, cursor.tokens, cursor.index) ??
    matchName(cursor.members, cursor.tokens, cursor.index);
  if (spaced !== null) {
    cursor.index += spaced.count;
    return spaced.name;
  }
  if (peek(cursor).kind !== "word") return unexpected(cursor, "a type", "类型");
  let name = take(cursor).text;
  while (isSign(cursor, ".") && peek(cursor, 1).kind === "word") {
    take(cursor);
    name += `.${take(cursor).text}`;
  }
  return name;
}

function contextType(cursor: Cursor): WrittenType {
  const members: [string, WrittenType][] = [];
  do {
    const name = takeNameUntil(cursor, ({ text }) => text === ":");
    expectSign(cursor, ":");
    members.push([name, parseType(cursor)]);
  } while (takeSign(cursor, ","));
  expectSign(cursor, ">");
  return { kind: "context", members };
}

function functionType(cursor: Cursor): WrittenType {
  if (!isSign(cursor, ">")) {
    do parseType(cursor);
    while (takeSign(cursor, ","));
  }
  expectSign(cursor, ">");
  if (takeSign(cursor, "->")) parseType(cursor);
  return { kind: "function" };
}
