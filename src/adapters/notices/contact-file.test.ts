// A contact file is taken whole or refused with the place of every problem.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { stringify } from "yaml";
import { sampleContact } from "./contact.ts";
import { readContact } from "./contact-file.ts";

const folder = mkdtempSync(join(tmpdir(), "tidemark-contact-"));
afterAll(() => rmSync(folder, { recursive: true }));

function written(text: string): string {
  const path = join(folder, "contact.yaml");
  writeFileSync(path, text);
  return path;
}

test("reads what it says", () => {
  expect(readContact(written(stringify(sampleContact)))).toEqual(sampleContact);
});

test("needs no agency and no bureau", () => {
  const { agencies: _agencies, bureaus: _bureaus, ...rest } = sampleContact;
  expect(readContact(written(stringify(rest)))).toEqual({ ...rest, agencies: {}, bureaus: {} });
});

test("names every problem with its line", () => {
  const text = stringify({ ...sampleContact, phone: " ", hours: { zh: "每日" }, fax: "1" });
  const path = written(text);
  const lineOf = (key: string): number =>
    text.split("\n").findIndex((one) => one.startsWith(key)) + 1;
  expect(() => readContact(path)).toThrow(`${path}:${lineOf("phone")} /phone`);
  expect(() => readContact(path)).toThrow(`${path}:${lineOf("hours") + 1} /hours/en`);
  expect(() => readContact(path)).toThrow("fax");
  expect(() => readContact(written("a: [1"))).toThrow(/Cannot read contact file/);
  expect(() => readContact(join(folder, "nowhere.yaml"))).toThrow("nowhere.yaml: ENOENT");
});
