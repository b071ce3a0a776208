// Every problem is documented in both languages, and a code means one thing.

import { expect, test } from "vitest";
import { refusals } from "../../domain/refusal.ts";
import { languages } from "../../domain/text.ts";
import { refusalTable } from "../refusal-table.ts";
import { isProblemCode, problemCatalogue, type ProblemCode } from "./problem-catalogue.ts";

const codes = Object.keys(problemCatalogue) as ProblemCode[];

test.each(codes)("%s has title and help in both languages and an error status", (code) => {
  const { title, help, status } = problemCatalogue[code];
  for (const language of languages) {
    expect(title[language].trim()).not.toBe("");
    expect(help[language].length).toBeGreaterThan(10);
  }
  expect(/\p{Script=Han}/u.test(title.zh)).toBe(true);
  expect(/\p{Script=Han}/u.test(`${title.en}${help.en}`)).toBe(false);
  expect(status).toBeGreaterThanOrEqual(400);
});

test("every refusal is a problem with the status of the one table", () => {
  for (const [code, { httpStatus }] of Object.entries(refusalTable)) {
    expect(problemCatalogue[code as ProblemCode].status).toBe(httpStatus);
  }
  expect(codes.slice(0, Object.keys(refusals).length)).toEqual(Object.keys(refusals));
});

test("names that objects inherit are no problems", () => {
  expect(isProblemCode("constructor")).toBe(false);
  expect(isProblemCode("gate-closed")).toBe(true);
});
