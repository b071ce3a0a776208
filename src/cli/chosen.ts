// Which of some options were given: what was not typed is left out, so that it narrows nothing.

/** The options among `names` that were given as text. */
export function chosen(
  options: Readonly<Record<string, unknown>>,
  names: readonly string[],
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    names.flatMap((name) => (typeof options[name] === "string" ? [[name, options[name]]] : [])),
  );
}
