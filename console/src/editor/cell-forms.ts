// Optional parts of a row as the text of one cell and back, without loss: reasons as `R01: daysPastDue; R04: income`,
// scorecards as `resilience, behaviour`, conditions as `daysPastDue: >= 31; hardship: true`, and so on. What the short form
// cannot say is written as JSON.
import { listOf, numberOr, recordOf, textOf } from "./document.ts";

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

/** Names with commas between, of which there may be none. */
export const listForm: Form = {
  write: (value) => (Array.isArray(value) && value.length === 0 ? "" : namesForm.write(value)),
  read: (text) => namesForm.read(text) ?? [],
};

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

/** Each test of a condition with its place in the text, from 0; null where the text cannot be read. */
export function testsIn(
  text: string,
): readonly Readonly<{ operand: string; cell: string; at: number }>[] | null {
  const value = conditionForm.read(text);
  if (typeof value === "string") return null;
  let from = 0;
  return Object.entries(recordOf(value)).map(([operand, cell]) => {
    const colon = text.indexOf(":", text.indexOf(operand, from));
    const at = Math.max(0, text.indexOf(String(cell), colon + 1));
    from = at + String(cell).length;
    return { operand, cell: String(cell), at };
  });
}

/** Values of an enumeration with both labels: `east: 华东 / East; north: 华北 / North`. */
export const valuesForm = exactly({
  write: (value) =>
    listOf(value)
      .map((one) => {
        const { value: name, label } = recordOf(one);
        const { zh, en } = recordOf(label);
        return `${String(name)}: ${String(zh)} / ${String(en)}`;
      })
      .join("; "),
  read: (text) => {
    const values = text
      .split(";")
      .map((one) => /^\s*([^:]+?)\s*:\s*(\S.*?) \/ (\S.*?)\s*$/.exec(one));
    if (values.some((found) => found === null)) return text;
    return values.map((found) => ({
      value: found![1],
      label: { zh: found![2], en: found![3] },
    }));
  },
});

const sourced = /^(cut-by-rate|cut-by-amount|set-to):\s*([^,]+?)\s*(?:,\s*([\w-]+)\s*)?$/;
const balanced = /^cut-to-balance:\s*(\d+) bp\s*,\s*([\w-]+)\s*$/;

function sourceOf(method: string, text: string): unknown {
  const bp = /^(-?\d+) bp$/.exec(text);
  if (bp !== null) return { bp: Number(bp[1]) };
  return method !== "cut-by-rate" && /^-?[\d.]+$/.test(text) ? { amount: text } : { operand: text };
}

/**
 * The target of a treatment: `cut-by-rate: table.rate.rate, down`, `cut-by-rate: 3000 bp, down`, `cut-by-amount: 500.00`,
 * `set-to: 1000.00`, `cut-to-balance: 500 bp, up`.
 */
export const targetForm = exactly({
  write: (value) => {
    const { method, rate, amount, bufferBp, rounding } = recordOf(value);
    const source = recordOf(rate ?? amount);
    const named = textOf(source["operand"] ?? source["amount"]);
    const from = named === "" ? `${textOf(source["bp"] ?? bufferBp)} bp` : named;
    const mode = rounding === undefined ? "" : `, ${textOf(rounding)}`;
    return `${textOf(method)}: ${from}${mode}`;
  },
  read: (text) => {
    const balance = balanced.exec(text);
    if (balance !== null) {
      return { method: "cut-to-balance", bufferBp: Number(balance[1]), rounding: balance[2] };
    }
    const [, method = "", from = "", rounding] = sourced.exec(text) ?? [];
    if (method === "") return text;
    const source = sourceOf(method, from);
    const mode = rounding === undefined ? {} : { rounding };
    return { method, [method === "cut-by-rate" ? "rate" : "amount"]: source, ...mode };
  },
});

/** Which lines a budget counts: `all`, `portfolio: cards`, `segment: business`. */
export const scopeForm = exactly({
  write: (value) => {
    const { kind, portfolio, segment } = recordOf(value);
    return kind === "all" ? "all" : `${textOf(kind)}: ${textOf(portfolio ?? segment)}`;
  },
  read: (text) => {
    if (text.trim() === "all") return { kind: "all" };
    const [, kind, name] = /^\s*(portfolio|segment)\s*:\s*(\S.*?)\s*$/.exec(text) ?? [];
    return kind === undefined ? text : { kind, [kind]: name };
  },
});

/** How much a budget lets through: `exposure: 50000000.00`, `count: 5000`. */
export const capForm = exactly({
  write: (value) => {
    const { kind, amount, count } = recordOf(value);
    return `${textOf(kind)}: ${textOf(amount ?? count)}`;
  },
  read: (text) => {
    const [, kind, most = ""] = /^\s*(exposure|count)\s*:\s*(\S+)\s*$/.exec(text) ?? [];
    if (kind === undefined) return text;
    return kind === "count" ? { kind, count: numberOr(most) } : { kind, amount: most };
  },
});

/** In place of `{}`, which says nothing to a reader. */
export const always = "always";
