// Several names in one option, with commas between.

/** The names in the order in which they were typed, each once; none where the option was not given. */
export function namesOf(given: unknown): readonly string[] {
  if (typeof given !== "string") return [];
  const names = given.split(",").map((name) => name.trim());
  return [...new Set(names.filter((name) => name !== ""))];
}
