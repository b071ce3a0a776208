// Which member of one list is which member of another: by identity, never by place, so that a row put in the middle is one
// difference and not a hundred. Of members that both lists have, the fewest are told as moved.

type Member = Readonly<Record<string, unknown>>;

/** One member in both lists, or in one of them; places count from 0. `moved`: its neighbours are not what they were. */
export type Aligned = Readonly<{
  key: string;
  before: unknown;
  after: unknown;
  from: number | null;
  to: number | null;
  moved: boolean;
}>;

/** What names a member of a list of parts; a bin of a scorecard is named by what it takes. */
function identityOf(member: unknown): string | null {
  if (typeof member !== "object" || member === null) return null;
  const { id, name, grade, value, code, when } = member as Member;
  const found = id ?? name ?? grade ?? value ?? code ?? when;
  return typeof found === "string" ? found : null;
}

/** Names of all members, the second of the same name with a number; null where a member has none. */
function keysOf(list: readonly unknown[]): readonly string[] | null {
  const seen = new Map<string, number>();
  const keys: string[] = [];
  for (const member of list) {
    const identity = identityOf(member);
    if (identity === null) return null;
    const count = (seen.get(identity) ?? 0) + 1;
    seen.set(identity, count);
    keys.push(count === 1 ? identity : `${identity}#${count}`);
  }
  return keys;
}

/**
 * Members in the order of the later list, then those that only the earlier one has; null for lists of plain values. Bins
 * whose range changed are paired in their order.
 */
export function alignMembers(
  before: readonly unknown[],
  after: readonly unknown[],
): readonly Aligned[] | null {
  const [old, now] = [keysOf(before), keysOf(after)];
  if (old === null || now === null) return null;
  const from = new Map(now.map((key) => [key, old.indexOf(key)]));
  if (isBins(before) && isBins(after)) pairBins(from, old, now);
  const found = now.map((key, to) => ({ key, to, from: from.get(key)! }));
  const kept = inOrder(found.map(({ from: place }) => place));
  const taken = new Set(found.map(({ from: place }) => place));
  return [
    ...found.map(({ key, to, from: place }): Aligned => {
      const member = { key, after: after[to], to };
      return place === -1
        ? { ...member, before: undefined, from: null, moved: false }
        : { ...member, before: before[place], from: place, moved: !kept.has(place) };
    }),
    ...old.flatMap((key, place): readonly Aligned[] =>
      taken.has(place)
        ? []
        : [{ key, before: before[place], after: undefined, from: place, to: null, moved: false }],
    ),
  ];
}

function isBins(list: readonly unknown[]): boolean {
  return list.every((member) => Object.hasOwn(member as Member, "points"));
}

function pairBins(from: Map<string, number>, old: readonly string[], now: readonly string[]): void {
  const left = old.map((_key, place) => place).filter((place) => !now.includes(old[place]!));
  for (const [key, place] of from) {
    if (place !== -1) continue;
    from.set(key, left.shift() ?? -1);
  }
}

/** The places of a longest rising run of them, -1 left out: what stands outside it has moved. */
function inOrder(places: readonly number[]): ReadonlySet<number> {
  const longest: number[][] = [];
  for (const place of places) {
    if (place === -1) continue;
    const at = longest.findIndex((run) => run.at(-1)! > place);
    const before = at === -1 ? longest.at(-1) : longest[at - 1];
    const run = [...(before ?? []), place];
    longest[at === -1 ? longest.length : at] = run;
  }
  return new Set(longest.at(-1));
}
