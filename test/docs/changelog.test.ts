// The changelog tells each reader where to look: the same four sections in every version, the unreleased one first.
import { expect, test } from "vitest";
import { readDocument } from "../support/documents.ts";

const sections = ["Money & decisions", "Interfaces", "Operations", "Internals"];

test("every version has the four sections in order, each with entries, and Unreleased stands first", () => {
  const versions = readDocument("CHANGELOG.md").split(/^## /m).slice(1);
  expect(versions[0]).toMatch(/^Unreleased\n/);
  for (const version of versions) {
    const parts = version.split(/^### /m).slice(1);
    expect(parts.map((part) => part.split("\n")[0])).toEqual(sections);
    for (const part of parts) expect(part).toMatch(/^- \S/m);
  }
});
