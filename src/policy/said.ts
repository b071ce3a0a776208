// What a sweep keeps of a line that it leaves unchanged, written straight as RFC 8785 JSON: most of it is one of a few
// texts per table and segment, which are written once and remembered.

import { canonicalJson } from "../domain/canonical-json.ts";
import type { Program } from "./ir.ts";
import type { RunNote } from "./row-function.ts";

/** Texts of a program: pieces of JSON by what they say. */
type Phrases = Readonly<{
  grades: readonly string[];
  segments: readonly string[];
  /** per table in the order of their ids: `"id":`, where it stands, and the lists of row ids met so far */
  tables: readonly Readonly<{ at: number; name: string; lists: Map<readonly string[], string> }>[];
  scores: readonly Readonly<{ slot: number; name: string }>[];
}>;

const phrases = new WeakMap<Program, Phrases>();

function phrasesOf(program: Program): Phrases {
  const known = phrases.get(program);
  if (known !== undefined) return known;
  const byId = <Item extends Readonly<{ id: string }>>(items: readonly Item[]): readonly Item[] =>
    items.toSorted((left, right) => (left.id < right.id ? -1 : 1));
  const made: Phrases = {
    grades: (program.grades?.bands ?? []).map((band) => canonicalJson(band.grade)),
    segments: program.segmentIds.map((id) => canonicalJson(id)),
    tables: byId(program.tables.map(({ id }, at) => ({ id, at }))).map(({ id, at }) => {
      return { at, name: `${canonicalJson(id)}:`, lists: new Map() };
    }),
    scores: byId(program.scorecards).map(({ id, slot }) => {
      return { slot, name: `${canonicalJson(id)}:` };
    }),
  };
  phrases.set(program, made);
  return made;
}

/** RFC 8785 JSON of what the run of a line without action says. */
export function saidOf(program: Program, note: RunNote): string {
  const { grades, segments, tables, scores } = phrasesOf(program);
  const { excludedBy, guardsBound, values } = note;
  const excluded = excludedBy.length > 0;
  let points = "";
  for (const { slot, name } of scores) {
    points += `${points === "" ? "" : ","}${name}${String(values[slot]!)}`;
  }
  let rows = "";
  if (!excluded) {
    for (const { at, name, lists } of tables) {
      rows += `${rows === "" ? "" : ","}${name}${listText(note.tables[at]!.ids, lists)}`;
    }
  }
  const by = excluded ? canonicalJson(excludedBy) : "[]";
  const bound = guardsBound.length > 0 ? canonicalJson(guardsBound) : "[]";
  const grade = grades[note.grade] ?? "null";
  const segment = segments[note.segment] ?? "null";
  return `{"excludedBy":${by},"grade":${grade},"guardsBound":${bound},"rowsHit":{${rows}},"scores":{${points}},"segment":${segment}}`;
}

const mostLists = 4_096;

/** A list that is met again is the same object, because tables remember what they say. */
function listText(ids: readonly string[], lists: Map<readonly string[], string>): string {
  const known = lists.get(ids);
  if (known !== undefined) return known;
  const text = canonicalJson(ids);
  if (lists.size < mostLists) lists.set(ids, text);
  return text;
}
