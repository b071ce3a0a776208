// Optimistic concurrency by RFC 9110 §13: single resources carry their version as an entity tag, and a
// change may name the version it was decided on.

/** The entity tag of a version. */
export function entityTag(version: number | string): string {
  return `"${version}"`;
}

/** What an If-Match header asks for: nothing, one tag, or something we cannot read. */
export type Precondition =
  | Readonly<{ kind: "none" }>
  | Readonly<{ kind: "tag"; tag: string }>
  | Readonly<{ kind: "unreadable" }>;

/** Reads If-Match: absent or `*` asks for nothing; weak tags and lists are not offered, so not understood. */
export function preconditionOf(ifMatch: string | undefined): Precondition {
  if (ifMatch === undefined || ifMatch.trim() === "*") return { kind: "none" };
  const tag = /^"([\x21\x23-\x7e]{1,100})"$/.exec(ifMatch.trim())?.[1];
  return tag === undefined ? { kind: "unreadable" } : { kind: "tag", tag };
}

/** The version number in a tag, or null when it is none. */
export function versionInTag(tag: string): number | null {
  return /^\d{1,9}$/.test(tag) ? Number(tag) : null;
}
