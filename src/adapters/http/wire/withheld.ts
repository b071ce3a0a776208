// Facts that a reader is not told stand in no body either: those of a signal are left out wherever the signal is shown,
// so that a timeline says no more than the list of signals does.

/** The body without those of its `facts` that are `withheld`. */
export function withoutFacts(
  body: Readonly<Record<string, unknown>>,
  withheld: ReadonlySet<string>,
): Readonly<Record<string, unknown>> {
  const { facts } = body;
  if (withheld.size === 0 || typeof facts !== "object" || facts === null) return body;
  const shown = Object.entries(facts).filter(([name]) => !withheld.has(name));
  return { ...body, facts: Object.fromEntries(shown) };
}
