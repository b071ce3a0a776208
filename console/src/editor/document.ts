// A strategy document while it is edited: plain JSON that may be unfinished, never changed in place, so that what did not
// change stays the same object and undo is a matter of keeping the one before.

export type Doc = Readonly<Record<string, unknown>>;
export type Step = string | number;
export type Path = readonly Step[];

/** What stands there; undefined where nothing does. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (found, step) =>
      typeof found === "object" && found !== null
        ? (found as Readonly<Record<Step, unknown>>)[step]
        : undefined,
    value,
  );
}

/** A copy with another value there; undefined takes a field away. Only what lies on the way is copied. */
export function put<Value>(value: Value, [step, ...rest]: Path, next: unknown): Value {
  if (step === undefined) return next as Value;
  if (Array.isArray(value)) {
    return value.map((one: unknown, at) =>
      at === Number(step) ? put(one, rest, next) : one,
    ) as Value;
  }
  const fields = recordOf(value);
  const member = put(fields[step], rest, next);
  const { [step]: _, ...others } = fields;
  if (member === undefined) return others as Value;
  // The order of fields is the reader's: one that is there already stays where it is.
  return (step in fields ? { ...fields, [step]: member } : { ...others, [step]: member }) as Value;
}

/** The steps of a JSON pointer (RFC 6901). */
export function pathOf(pointer: string): Path {
  return pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** The list that stands there, or none. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The fields of an object, or none. */
export function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}

/** A value as the text of a cell: texts as they are, everything else as JSON, nothing as nothing. */
export function textOf(value: unknown): string {
  if (value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** A whole number where the text is one; the text itself otherwise, so that the check can say what is wrong with it. */
export function numberOr(text: string): number | string {
  return /^-?\d{1,15}$/.test(text.trim()) ? Number(text) : text;
}

/** One language of a bilingual text. */
export function saidIn(value: unknown, language: string): string {
  return textOf(recordOf(value)[language]);
}

/** A list with entries taken out, put in or moved. */
export function spliced<Item>(
  list: readonly Item[],
  at: number,
  remove: number,
  ...added: readonly Item[]
): readonly Item[] {
  return list.toSpliced(at, remove, ...added);
}

/** A list whose `count` entries from `at` on stand `by` places further; unchanged where there is no room. */
export function moved<Item>(
  list: readonly Item[],
  at: number,
  count: number,
  by: number,
): readonly Item[] {
  if (at + by < 0 || at + count + by > list.length) return list;
  return list.toSpliced(at, count).toSpliced(at + by, 0, ...list.slice(at, at + count));
}

/** An id that none of the list has: the last one counted on in tens, as analysts number rows. */
export function freshId(taken: readonly string[], otherwise: string): string {
  const known = new Set(taken);
  const [, letters = otherwise, digits = "0"] = /^(.*?)(\d+)$/.exec(taken.at(-1) ?? "") ?? [];
  for (let next = Number(digits) + 10; ; next += 10) {
    const id = `${letters}${next}`;
    if (!known.has(id)) return id;
  }
}
