// The short form of every notice fits into two messages in both languages, tells what changes, and tells nothing else.

import { expect, test } from "vitest";
import { changing, readCatalogue, readTexts, shippedTexts } from "./catalogue.ts";
import { sampleContact } from "./contact.ts";
import { longestShort, roomOf, shortProblems } from "./short-form.ts";
import { createWordings } from "./wordings.ts";

const catalogue = readCatalogue(shippedTexts);
const noTexts = { find: async () => null, inForce: async () => 0 };

test("the shipped texts fit into two messages with the widest amount and date", () => {
  expect(shortProblems(catalogue, sampleContact)).toEqual([]);
});

test.each([
  ["Call 400-000-0000", 17, longestShort.gsm],
  ["€5 [5]", 9, longestShort.gsm],
  ["São Paulo", 9, longestShort.ucs2],
  ["₹5", 2, longestShort.ucs2],
  ["额度", 2, longestShort.ucs2],
])("%s takes %d of %d", (text, taken, most) => {
  expect(roomOf(text)).toEqual({ taken, most });
});

test("they leave an English name 160 characters and a Chinese one 60", () => {
  const lender = { en: "B".repeat(160), zh: "银".repeat(60) };
  expect(shortProblems(catalogue, { ...sampleContact, lender })).toEqual([]);
});

test("a lender whose name is not in the alphabet of SMS has the smaller room in English too", () => {
  const lender = { ...sampleContact.lender, en: "Crédito ao Consumidor de São Paulo" };
  expect(shortProblems(catalogue, { ...sampleContact, lender }).map(({ en }) => en)).toContainEqual(
    expect.stringMatching(
      /^en: found a short form of \d+ characters for offer, expected at most 134$/,
    ),
  );
});

test("it names lender, change and number, and neither the account nor a reason", () => {
  const shipped = readTexts(shippedTexts);
  for (const language of ["en", "zh"] as const) {
    const text = shipped[language]["short.text"]!;
    const named = [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(new Set(named)).toEqual(new Set(["lender", "phone", "subject"]));
    for (const action of changing) {
      expect(shipped[language][`${action}.subject`]).not.toContain("{lineEnding}");
    }
  }
});

test("a lender whose name makes it too long is told so for each action and language", () => {
  const lender = { en: "Bank ".repeat(60), zh: "银行".repeat(60) };
  const problems = shortProblems(catalogue, { ...sampleContact, lender });
  expect(problems).toHaveLength((changing.length + 1) * 2);
  expect(problems[0]!.en).toMatch(
    /^zh: found a short form of \d+ characters for decrease, expected at most 134$/,
  );
});

test("texts whose short form is too long are no texts that somebody could approve", () => {
  const { of, shipped } = createWordings(noTexts, sampleContact, shippedTexts);
  const long = `${shipped.en["short.text"]!} ${"Please read it. ".repeat(20)}`;
  const made = of({ ...shipped, en: { ...shipped.en, "short.text": long } }, 1);
  expect("problems" in made && made.problems.map(({ en }) => en)).toContainEqual(
    expect.stringContaining(`expected at most ${longestShort.gsm}`),
  );
});
