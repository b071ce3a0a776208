// The `where` of a list with optional filters: conditions and their values are added together, so that a value can
// never land in the text of a statement or under another's number.

/** `?` in a condition stands for the next value. */
export type Conditions = Readonly<{
  add: (condition: string, ...values: readonly unknown[]) => void;
  /** `where …`, or nothing when there are no conditions */
  text: () => string;
  values: readonly unknown[];
}>;

/** No conditions yet. */
export function conditions(): Conditions {
  const parts: string[] = [];
  const values: unknown[] = [];
  return {
    add: (condition, ...added) => {
      let next = 0;
      parts.push(
        condition.replaceAll("?", () => {
          values.push(added[next++]);
          return `$${values.length}`;
        }),
      );
      if (next !== added.length) {
        throw new Error(`Cannot add condition: found ${added.length} values, expected ${next}`);
      }
    },
    text: () => (parts.length === 0 ? "" : `where ${parts.join(" and ")}`),
    values,
  };
}
