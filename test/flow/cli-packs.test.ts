// The packs on the command line: checked, listed, shown, compared and tested without a database, in both languages.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { tidemark, tidemarkJson } from "../support/command-line.ts";
import { repositoryRoot } from "../support/documents.ts";

const english = { TIDEMARK_LANG: "en" };
let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tidemark-pack-"));
  mkdirSync(join(folder, "uk"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A copy of the pack of the United Kingdom with one text changed, its terms beside it. */
function changedPack(from: string, to: string): string {
  const own = (name: string): string => join(repositoryRoot, "compliance-packs", "uk", name);
  const path = join(folder, "uk", "pack.yaml");
  writeFileSync(path, readFileSync(own("pack.yaml"), "utf8").replace(from, to));
  writeFileSync(
    join(folder, "uk", "product-terms.md"),
    readFileSync(own("product-terms.md"), "utf8"),
  );
  return path;
}

test("the packs that ship have no problem, and what is unconfirmed is said", async () => {
  type Checked = Readonly<{
    problems: number;
    packs: readonly Readonly<{
      id: string;
      findings: readonly Readonly<{ pointer: string; text: string }>[];
    }>[];
  }>;
  const { problems, packs } = await tidemarkJson<Checked>(english, "pack", "check");
  expect(problems).toBe(0);
  const uk = packs.find(({ id }) => id === "uk-revolving");
  expect(uk?.findings.map(({ pointer }) => pointer)).toContain("/notice/close");
  const said = await tidemark({ TIDEMARK_LANG: "zh" }, ["pack", "check"]);
  expect(said.out).toContain("尚未核实，须由人工同意");
});

test("a pack with another form is refused with file, line and field", async () => {
  const path = changedPack("days: 30", "days: thirty");
  const { code, err } = await tidemark(english, ["pack", "check", path]);
  expect(code).not.toBe(0);
  expect(err).toMatch(/pack\.yaml:\d+ found "thirty" at \/notice\/decrease\/value\/days/);
});

test("a pack whose term nobody wrote down is refused", async () => {
  const path = changedPack("Product terms 2.1", "Product terms 9.9");
  const { code, out } = await tidemark(english, ["pack", "check", path]);
  expect(code).not.toBe(0);
  expect(out).toContain("problem /notice/decrease: Found source");
  expect((await tidemark(english, ["pack", "check", changedPack("", "")])).code).toBe(0);
});

test("a file that is not there is told by name", async () => {
  const { code, err } = await tidemark(english, ["pack", "check", "nowhere.yaml"]);
  expect(code).not.toBe(0);
  expect(err).toContain("nowhere.yaml does not exist");
});

test("the cases of the packs are answered", async () => {
  type Tested = Readonly<{ cases: number; failed: readonly unknown[] }>;
  const { cases, failed } = await tidemarkJson<Tested>(english, "pack", "test");
  expect(cases).toBeGreaterThanOrEqual(120);
  expect(failed).toEqual([]);
});

test("versions are listed, at most one of each jurisdiction in force", async () => {
  type Listed = Readonly<{
    data: readonly Readonly<{ id: string; jurisdiction: string; inForce: boolean }>[];
  }>;
  const { data } = await tidemarkJson<Listed>(english, "pack", "list");
  const inForce = data.filter((one) => one.inForce).map(({ jurisdiction }) => jurisdiction);
  expect(new Set(data.map(({ jurisdiction }) => jurisdiction))).toEqual(
    new Set(["au", "br", "cn", "eu", "in", "kr", "uk", "us", "za"]),
  );
  expect(inForce).toContain("cn");
  expect(new Set(inForce).size).toBe(inForce.length);
});

test("a pack is shown with status and source, a release by what it changed", async () => {
  const shown = await tidemark(english, ["pack", "show", "eu-overdraft", "2"]);
  expect(shown.out).toMatch(/\/notice\/decrease +confirmed .*Art\. 24\(3\)/);
  const diff = await tidemark(english, ["pack", "diff", "eu-overdraft", "1", "2"]);
  expect(diff.out).toContain("/duties/excessRepayment\n  - nothing\n  + ");
  const unknown = await tidemark(english, ["pack", "show", "nowhere"]);
  expect(unknown.code).not.toBe(0);
  expect(unknown.err).toContain("nowhere");
});
