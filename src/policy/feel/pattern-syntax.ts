// The syntax of regular expressions as XPath and XML Schema define it, without back references and look-around: text
// becomes a tree, or null when it is no such pattern.

export type PatternNode =
  /** `cost` in steps for one character */
  | Readonly<{ kind: "one"; cost: number; matches: (code: number) => boolean }>
  | Readonly<{ kind: "start" | "end" }>
  | Readonly<{ kind: "sequence" | "choice"; parts: readonly PatternNode[] }>
  | Readonly<{ kind: "group"; index: number | null; of: PatternNode }>
  | Readonly<{
      kind: "repeat";
      of: PatternNode;
      least: number;
      most: number | null;
      lazy: boolean;
    }>;

export type PatternTree = Readonly<{ root: PatternNode; groups: number }>;

const longestPattern = 500;
const deepestPattern = 50;
const mostRepeats = 200;

type Reader = {
  readonly text: string;
  readonly fold: boolean;
  readonly dotAll: boolean;
  at: number;
  groups: number;
  depth: number;
};
type OneOf = (code: number) => boolean;

class PatternError extends Error {}

/** The tree of a pattern; null when the pattern or a flag is not understood, or the pattern is too long or deep. */
export function parsePattern(text: string, flags: string): PatternTree | null {
  if (!/^[ismxq]*$/.test(flags) || text.length > longestPattern) return null;
  const fold = flags.includes("i");
  const source = flags.includes("x") ? text.replace(/\s+/g, "") : text;
  if (flags.includes("q")) {
    const parts = Array.from(source).map((one) => character(one.codePointAt(0) ?? 0, fold));
    return { root: { kind: "sequence", parts }, groups: 0 };
  }
  const reader: Reader = {
    text: source,
    fold,
    dotAll: flags.includes("s"),
    at: 0,
    groups: 0,
    depth: 0,
  };
  try {
    const root = choice(reader);
    return reader.at === source.length ? { root, groups: reader.groups } : null;
  } catch (error) {
    if (error instanceof PatternError) return null;
    throw error;
  }
}

function choice(reader: Reader): PatternNode {
  reader.depth += 1;
  if (reader.depth > deepestPattern) throw new PatternError("too deep");
  const parts = [sequence(reader)];
  while (reader.text[reader.at] === "|") {
    reader.at += 1;
    parts.push(sequence(reader));
  }
  reader.depth -= 1;
  return { kind: "choice", parts };
}

function sequence(reader: Reader): PatternNode {
  const parts: PatternNode[] = [];
  for (;;) {
    const next = reader.text[reader.at];
    if (next === undefined || next === "|" || next === ")") return { kind: "sequence", parts };
    parts.push(repeated(reader, atom(reader)));
  }
}

function repeated(reader: Reader, of: PatternNode): PatternNode {
  const found = /^(?:([*+?])|\{(\d{1,4})(?:(,)(\d{1,4})?)?\})(\?)?/.exec(
    reader.text.slice(reader.at, reader.at + 14),
  );
  if (found === null) return of;
  reader.at += found[0].length;
  const [, sign, low, comma, high, lazy] = found;
  const least = sign === undefined ? Number(low) : sign === "+" ? 1 : 0;
  const most = mostOf(sign, least, comma, high);
  if (least > mostRepeats || (most !== null && (most > mostRepeats || most < least))) {
    throw new PatternError("too many repeats");
  }
  return { kind: "repeat", of, least, most, lazy: lazy !== undefined };
}

function mostOf(
  sign: string | undefined,
  least: number,
  comma: string | undefined,
  high: string | undefined,
): number | null {
  if (sign !== undefined) return sign === "?" ? 1 : null;
  if (comma === undefined) return least;
  return high === undefined ? null : Number(high);
}

function atom(reader: Reader): PatternNode {
  const code = reader.text.codePointAt(reader.at) ?? 0;
  const text = String.fromCodePoint(code);
  reader.at += text.length;
  switch (text) {
    case "(":
      return group(reader);
    case "[":
      return one(reader, characterClass);
    case ".":
      return one(reader, () => (reader.dotAll ? () => true : isNoLineEnd));
    case "^":
      return { kind: "start" };
    case "$":
      return { kind: "end" };
    case "\\":
      return one(reader, escape);
    case "*":
    case "+":
    case "?":
    case "{":
      throw new PatternError("nothing to repeat");
    default:
      return character(code, reader.fold);
  }
}

function group(reader: Reader): PatternNode {
  const unnumbered = reader.text.startsWith("?:", reader.at);
  if (!unnumbered && reader.text[reader.at] === "?") throw new PatternError("look-around");
  if (unnumbered) reader.at += 2;
  else reader.groups += 1;
  const index = unnumbered ? null : reader.groups;
  const of = choice(reader);
  if (reader.text[reader.at] !== ")") throw new PatternError("open group");
  reader.at += 1;
  return { kind: "group", index, of };
}

function character(code: number, fold: boolean): PatternNode {
  return { kind: "one", cost: 0, matches: sameCharacter(code, fold) };
}

/** A node for one character; what it costs grows with the parts of its class. */
function one(reader: Reader, read: (reader: Reader) => OneOf): PatternNode {
  const before = reader.at;
  const matches = read(reader);
  return { kind: "one", cost: (reader.at - before) / 8, matches };
}

function isNoLineEnd(code: number): boolean {
  return code !== 10 && code !== 13;
}

function sameCharacter(code: number, fold: boolean): OneOf {
  if (!fold) return (one) => one === code;
  const wanted = folded(code);
  return (one) => folded(one) === wanted;
}

function folded(code: number): number {
  return String.fromCodePoint(code).toLowerCase().codePointAt(0) ?? code;
}

const spaces = new Set([9, 10, 13, 32]);
const escapedCodes: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9 };
const classes: Readonly<Record<string, OneOf>> = {
  d: (code) => /\p{Nd}/u.test(String.fromCodePoint(code)),
  s: (code) => spaces.has(code),
  w: (code) => !/[\p{P}\p{Z}\p{C}]/u.test(String.fromCodePoint(code)),
  i: (code) => /[\p{L}_:]/u.test(String.fromCodePoint(code)),
  c: (code) => /[\p{L}\p{Nd}\p{M}_:.-]/u.test(String.fromCodePoint(code)),
};

/** What follows a backslash: a class, a category or a character that stands for itself. */
function escape(reader: Reader): OneOf {
  const text = reader.text[reader.at] ?? "";
  reader.at += 1;
  const known = escapedCodes[text];
  if (known !== undefined) return (code) => code === known;
  const named = classes[text];
  if (named !== undefined) return named;
  const negated = classes[text.toLowerCase()];
  if (negated !== undefined) return (code) => !negated(code);
  if (text === "p" || text === "P") return category(reader, text === "P");
  if (/[\\|.?*+(){}$[\]^-]/.test(text)) return sameCharacter(text.charCodeAt(0), false);
  throw new PatternError("unknown escape");
}

const categoryName = /^\{(L[ultmo]?|M[nce]?|N[dlo]?|P[cdseifo]?|Z[slp]?|S[mcko]?|C[cfon]?)\}/;

function category(reader: Reader, negated: boolean): OneOf {
  const found = categoryName.exec(reader.text.slice(reader.at, reader.at + 6));
  if (found === null) throw new PatternError("unknown category");
  reader.at += found[0].length;
  const test = new RegExp(`^\\p{${found[1] ?? ""}}$`, "u");
  return (code) => test.test(String.fromCodePoint(code)) !== negated;
}

/** The rest of `[…]`, with XML Schema's subtraction `[a-z-[aeiou]]`. */
function characterClass(reader: Reader): OneOf {
  reader.depth += 1;
  if (reader.depth > deepestPattern) throw new PatternError("too deep");
  const negated = reader.text[reader.at] === "^";
  if (negated) reader.at += 1;
  const parts: OneOf[] = [];
  let without: OneOf = () => false;
  while (reader.text[reader.at] !== "]" || parts.length === 0) {
    if (reader.at >= reader.text.length) throw new PatternError("open class");
    if (reader.text.startsWith("-[", reader.at)) {
      reader.at += 2;
      without = characterClass(reader);
      break;
    }
    parts.push(classPart(reader));
  }
  if (reader.text[reader.at] !== "]") throw new PatternError("open class");
  reader.at += 1;
  reader.depth -= 1;
  return (code) => parts.some((part) => part(code)) !== negated && !without(code);
}

function classPart(reader: Reader): OneOf {
  const single = takeCode(reader);
  if (single === null) return escape(reader);
  const next = reader.text[reader.at + 1];
  if (reader.text[reader.at] !== "-" || next === "]" || next === "[" || next === undefined) {
    return sameCharacter(single, reader.fold);
  }
  reader.at += 1;
  const last = takeCode(reader);
  if (last === null || last < single) throw new PatternError("range without end");
  const inside = (code: number): boolean => code >= single && code <= last;
  return reader.fold ? (code) => inside(folded(code)) || inside(unfolded(code)) : inside;
}

function unfolded(code: number): number {
  return String.fromCodePoint(code).toUpperCase().codePointAt(0) ?? code;
}

/** The next character of a class; null (nothing taken but the backslash) for a class such as `\d`. */
function takeCode(reader: Reader): number | null {
  const code = reader.text.codePointAt(reader.at) ?? 0;
  const text = String.fromCodePoint(code);
  reader.at += text.length;
  if (text !== "\\") return code;
  const escaped = reader.text[reader.at] ?? "";
  const known =
    escapedCodes[escaped] ?? (/[\\|.?*+(){}$[\]^-]/.test(escaped) ? escaped.charCodeAt(0) : null);
  if (known !== null) reader.at += 1;
  return known;
}
