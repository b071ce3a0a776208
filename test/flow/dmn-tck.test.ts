// The DMN TCK's level 2 as conformance suite: every case of every model, through the same reader and the same runner as
// the command line; and the command itself, in both languages.

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readDmn } from "../../src/adapters/dmn/read-dmn.ts";
import { readTck } from "../../src/adapters/dmn/read-tck.ts";
import { runCli } from "../../src/cli/run-cli.ts";
import { compileModel } from "../../src/policy/dmn/compile-model.ts";
import { isSameAnswer } from "../../src/policy/dmn/same-answer.ts";
import { feelText } from "../../src/policy/feel/value-text.ts";
import { hasShared, sharedPath } from "../support/shared-data.ts";

const folder = "vectors/dmn-tck-level2/TestCases/compliance-level-2";
const casesInAll = 116;

type Answer = Readonly<{ name: string; passed: boolean; rows: number }>;

function answersOf(name: string): readonly Answer[] {
  const base = `${sharedPath(folder)}/${name}/${name}`;
  const { model, problems } = readDmn(readFileSync(`${base}.dmn`, "utf8"));
  if (model === null) throw new Error(`${name}: ${problems[0]?.message.en}`);
  const ready = compileModel(model);
  expect([...problems, ...ready.problems], name).toEqual([]);
  const read = readTck(readFileSync(`${base}-test-01.xml`, "utf8"));
  if ("problem" in read) throw new Error(read.problem.message.en);
  return read.rows.map(({ id, inputs, results }) => {
    const { decisions } = ready.evaluate(inputs);
    const wrong = results.filter(
      (one) => !isSameAnswer(one.expected, decisions.get(one.name) ?? null),
    );
    const said = wrong.map(
      (one) =>
        `${one.name}: ${feelText(decisions.get(one.name) ?? null, () => undefined)} for ${feelText(one.expected, () => undefined)}`,
    );
    return {
      name: `${name} ${id} ${said.join("; ")}`,
      passed: wrong.length === 0,
      rows: results.length,
    };
  });
}

describe("the DMN TCK, compliance level 2", () => {
  test.skipIf(!hasShared(folder))("passes in all its cases", () => {
    const names = readdirSync(sharedPath(folder));
    const answers = names.flatMap(answersOf);
    expect(answers.filter(({ passed }) => !passed).map(({ name }) => name)).toEqual([]);
    expect(answers.filter(({ rows }) => rows > 0)).toHaveLength(casesInAll);
  });

  test.skipIf(!hasShared(folder))("passes through the command in both languages", async () => {
    const base = `${sharedPath(folder)}/0004-simpletable-U/0004-simpletable-U`;
    for (const [lang, words] of [
      ["en", "3 of 3 cases passed"],
      ["zh", "3 个用例中 3 个通过"],
    ] as const) {
      const said = await command([
        "dmn",
        "run",
        `${base}.dmn`,
        "--test",
        `${base}-test-01.xml`,
        "--lang",
        lang,
      ]);
      expect(said.code).toBe(0);
      expect(said.out).toContain(words);
    }
  });
});

async function command(
  argv: readonly string[],
): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ["", ""];
  const code = await runCli(argv, {
    out: (text) => (out += text),
    err: (text) => (err += text),
    interactive: false,
    ask: async () => null,
    environment: {},
    workingFolder: process.cwd(),
    onInterrupt: () => () => undefined,
  });
  return { code, out, err };
}

test("A model that is no file ends with a usage error", async () => {
  const { code, err } = await command(["dmn", "check", "no-such-model.dmn"]);
  expect([code, err]).toEqual([64, "Cannot read file: no-such-model.dmn\n"]);
});
