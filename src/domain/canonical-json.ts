// RFC 8785 (JSON Canonicalization Scheme): equal values are equal bytes. Content hashes, decision records and
// log leaves are all built over this one form, so the law lives in the domain.

const maximumDepth = 200;

/**
 * Writes a JSON value in RFC 8785 form: keys in UTF-16 code unit order, ECMAScript numbers, no white space.
 * Object members that are `undefined` do not exist; everything else that JSON cannot hold (NaN, Infinity,
 * bigint, functions, objects of a class, lone surrogates, `undefined` in lists, deeper than 200) throws TypeError.
 */
export function canonicalJson(value: unknown): string {
  return write(value, 0);
}

function write(value: unknown, depth: number): string {
  if (depth > maximumDepth) throw refusal(`nesting deeper than ${maximumDepth}`);
  switch (typeof value) {
    case "string":
      return writeString(value);
    case "number":
      if (!Number.isFinite(value)) throw refusal(String(value));
      return String(value);
    case "boolean":
      return value ? "true" : "false";
    case "object":
      return value === null ? "null" : writeObject(value, depth);
    default:
      throw refusal(`a value of type ${typeof value}`);
  }
}

/** Neither quotes, backslashes, control characters nor surrogates: what stands in JSON as it is. */
const plain = /^[ !#-[\]-\uD7FF\uE000-\uFFFF]*$/;

function writeString(text: string): string {
  if (plain.test(text)) return `"${text}"`;
  if (!text.isWellFormed()) throw refusal("a lone surrogate");
  return JSON.stringify(text);
}

function writeObject(value: object, depth: number): string {
  if (Array.isArray(value)) {
    let list = "";
    for (let index = 0; index < value.length; index++) {
      list += (index === 0 ? "" : ",") + write(value[index], depth + 1);
    }
    return `[${list}]`;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) throw refusal("an object of a class");
  let members = "";
  for (const key of sortedKeys(value)) {
    const member = (value as Record<string, unknown>)[key];
    if (member === undefined) continue;
    members += `${members === "" ? "" : ","}${writeString(key)}:${write(member, depth + 1)}`;
  }
  return `{${members}}`;
}

/** Most objects are written with their keys in order already, and looking costs less than sorting. */
function sortedKeys(value: object): readonly string[] {
  const keys = Object.keys(value);
  for (let index = 1; index < keys.length; index++) {
    // Without a comparison of its own, sort goes by UTF-16 code units, as RFC 8785 asks.
    if (keys[index - 1]! > keys[index]!) return keys.toSorted();
  }
  return keys;
}

function refusal(found: string): TypeError {
  return new TypeError(`Cannot write canonical JSON: found ${found}, expected a JSON value`);
}

/** The first character in which two texts differ; their length where they are equal. */
export function firstDifference(left: string, right: string): number {
  let at = 0;
  while (at < left.length && left[at] === right[at]) at += 1;
  return at;
}
