// What differs between two documents, path by path. Members of lists are told apart by their id or name, so that a row
// put in the middle is one difference and not a hundred.

export type Difference = Readonly<{
  /** path such as `tables.cut.rows.R3.when` */
  at: string;
  /** null: not there */
  before: string | null;
  after: string | null;
}>;

type Leaves = ReadonlyMap<string, string>;

function nameOf(member: unknown, at: number): string {
  if (typeof member !== "object" || member === null) return String(at);
  const { id, name, grade, value } = member as Readonly<Record<string, unknown>>;
  const found = id ?? name ?? grade ?? value;
  return typeof found === "string" || typeof found === "number" ? String(found) : String(at);
}

function addLeaves(value: unknown, at: string, leaves: Map<string, string>): void {
  const under = (name: string): string => (at === "" ? name : `${at}.${name}`);
  if (Array.isArray(value)) {
    value.forEach((member, place) => addLeaves(member, under(nameOf(member, place)), leaves));
  } else if (typeof value === "object" && value !== null) {
    for (const [name, member] of Object.entries(value)) addLeaves(member, under(name), leaves);
  } else {
    leaves.set(at, String(value));
  }
}

function leavesOf(document: unknown): Leaves {
  const leaves = new Map<string, string>();
  addLeaves(document, "", leaves);
  return leaves;
}

/** Differences in the order of the later document, then what only the earlier one has. */
export function differences(before: unknown, after: unknown): readonly Difference[] {
  const old = leavesOf(before);
  const now = leavesOf(after);
  const paths = new Set([...now.keys(), ...old.keys()]);
  return [...paths].flatMap((at) => {
    const from = old.get(at) ?? null;
    const into = now.get(at) ?? null;
    return from === into ? [] : [{ at, before: from, after: into }];
  });
}
