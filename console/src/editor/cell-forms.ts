// Optional parts of a row as the text of one cell and back, without loss: reasons as `R01: daysPastDue; R04: income`,
// scorecards as `resilience, behaviour`, conditions as `daysPastDue: >= 31; hardship: true`. What the short form cannot
// say is written as JSON.
import { listOf, recordOf, textOf } from "./document.ts";

const asJson = "json:";

type Form = Readonly<{ write: (value: unknown) => string; read: (text: string) => unknown }>;

/** The text of a value, of which `read` makes the same value again. */
function exactly(form: Form): Form {
  const read = (text: string): unknown => {
    if (text === "") return undefined;
    if (!text.startsWith(asJson)) return form.read(text);
    try {
      return JSON.parse(text.slice(asJson.length)) as unknown;
    } catch {
      return text;
    }
  };
  const write = (value: unknown): string => {
    if (value === undefined) return "";
    const text = typeof value === "string" ? value : form.write(value);
    return JSON.stringify(read(text)) === JSON.stringify(value)
      ? text
      : `${asJson}${JSON.stringify(value)}`;
  };
  return { write, read };
}

/** Texts that are read as nothing the form knows stay texts: the check says what is wrong with them. */
export const reasonsForm = exactly({
  write: (value) =>
    listOf(value)
      .map((reason) => {
        const { code, facts } = recordOf(reason);
        return `${String(code)}: ${listOf(facts).join(", ")}`;
      })
      .join("; "),
  read: (text) => {
    const reasons = text.split(";").map((part) => /^\s*(\w+)\s*:\s*(\S.*?)\s*$/.exec(part));
    if (reasons.some((found) => found === null)) return text;
    return reasons.map((found) => ({
      code: found![1],
      facts: found![2]!.split(",").map((name) => name.trim()),
    }));
  },
});

/** A text that may be absent. */
export const textForm = exactly({ write: (value) => textOf(value), read: (text) => text });

/** Names with commas between. */
export const namesForm = exactly({
  write: (value) => listOf(value).join(", "),
  read: (text) => text.split(",").map((name) => name.trim()),
});

/** A condition; always holding is `always`. */
export const conditionForm = exactly({
  write: (value) =>
    Object.entries(recordOf(value))
      .map(([name, cell]) => `${name}: ${String(cell)}`)
      .join("; ") || always,
  read: (text) => {
    if (text.trim() === always) return {};
    const parts = text.match(/(?:[^;"]|"(?:[^"\\]|\\.)*")+/g) ?? [];
    const tests = parts.map((part) => /^\s*([\w.-]+)\s*:\s*(\S.*?)\s*$/s.exec(part));
    if (tests.length === 0 || tests.some((found) => found === null)) return text;
    return Object.fromEntries(tests.map((found) => [found![1], found![2]]));
  },
});

/** In place of `{}`, which says nothing to a reader. */
export const always = "always";
