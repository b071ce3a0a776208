// The generated reference documents are those of the present code.
import { expect, test } from "vitest";
import { referenceDocs } from "../../scripts/reference-docs.ts";
import { pipeline } from "../../src/flow/pipeline.ts";
import { readDocument } from "../support/documents.ts";

const documents = [...referenceDocs()];

test.each(documents)("%s is current: run npm run docs", (path, text) => {
  expect(readDocument(path)).toBe(text);
});

test("every step, command and event of the pipeline stands in the reference", () => {
  const steps = referenceDocs().get("docs/reference/steps.md") ?? "";
  for (const step of pipeline) {
    expect(steps).toContain(`## ${step.name} ·`);
    for (const name of [...Object.keys(step.commands), ...step.events]) {
      expect(steps).toContain(`\`${name}\``);
    }
  }
});
