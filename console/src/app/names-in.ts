// Names that are typed into one field.

/** Names with commas between, as they are typed. */
export function namesIn(text: string): string[] {
  return text
    .split(/[,，、]/)
    .map((name) => name.trim())
    .filter((name) => name !== "");
}
