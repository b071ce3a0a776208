// Strategy files: what is wrong is said with file, line and column, also where the YAML itself is broken.

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readStrategyFile, readYamlFile } from "./strategy-file.ts";

const source = fileURLToPath(
  new URL("../../../strategies/consumer-cn/strategy.yaml", import.meta.url),
);
let folder = "";
let good = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tidemark-strategy-"));
  good = await readFile(source, "utf8");
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function problemsOf(text: string): Promise<string[]> {
  const path = join(folder, "strategy.yaml");
  await writeFile(path, text);
  const { problems } = await readStrategyFile(path);
  return problems.map((problem) => problem.message.en.replace(path, "FILE"));
}

/** The line, counted from 1, on which a text stands. */
function lineOf(text: string, part: string): number {
  return text.slice(0, text.indexOf(part)).split("\n").length;
}

describe("a strategy file", () => {
  test("is read when it is right", async () => {
    const { strategy, problems } = await readStrategyFile(source);
    expect(problems).toEqual([]);
    expect(strategy?.id).toBe("consumer-cn");
  });

  test("names file, line and column of a cell that cannot be read", async () => {
    const broken = good.replace('"[1..30]"', '"[1..30"');
    const line = lineOf(broken, '"[1..30"');
    const column = broken.split("\n")[line - 1]!.indexOf('"[1..30"') + 1;
    expect(await problemsOf(broken)).toEqual([
      expect.stringMatching(
        new RegExp(
          `^FILE:${line}:${column}: Cannot read cell in table "[\\w-]+", row "[\\w-]+", column "\\w+" .*at character 7: found the end, expected`,
        ),
      ),
    ]);
  });

  test("names the place of an unknown field and of a missing one", async () => {
    const renamed = good.replace("belowDrawn: never", "belowDrown: never");
    const line = lineOf(renamed, "belowDrown");
    expect(await problemsOf(renamed)).toEqual([
      expect.stringMatching(
        new RegExp(
          `^FILE:${line}:\\d+: Cannot read /limitRule: found unknown field "belowDrown", expected "belowDrawn"$`,
        ),
      ),
      expect.stringMatching(
        /^FILE:\d+:\d+: Cannot read \/limitRule: found no field "belowDrawn", expected one$/,
      ),
    ]);
  });

  test("refuses broken YAML, double keys and endless aliases with their place", async () => {
    expect(await problemsOf("id: [1, 2\nversion: 3\n")).toEqual([
      expect.stringMatching(/^FILE:\d+:\d+: Cannot read YAML: /),
    ]);
    expect(await problemsOf("id: a\nid: b\n")).toEqual([
      expect.stringMatching(/^FILE:2:1: Cannot read YAML: Map keys must be unique/),
    ]);
    const bomb = [
      "a: &a [x, x, x, x, x, x, x, x, x, x]",
      ...["b", "c", "d", "e", "f"].map(
        (key, at) =>
          `${key}: &${key} [${Array.from({ length: 10 }, () => `*${"abcde"[at]}`).join(", ")}]`,
      ),
    ];
    expect(await problemsOf(`${bomb.join("\n")}\n`)).toEqual([
      expect.stringMatching(/Cannot read YAML: .*alias/i),
    ]);
  });

  test("keeps yes, no and dates as texts: YAML 1.2 core", async () => {
    const path = join(folder, "plain.yaml");
    await writeFile(path, "a: no\nb: 2026-11-20\nc: 010\n");
    const file = await readYamlFile(path);
    expect("value" in file && file.value).toEqual({ a: "no", b: "2026-11-20", c: 10 });
  });

  test("says that a file cannot be read or is too large", async () => {
    const missing = await readStrategyFile(join(folder, "nowhere.yaml"));
    expect(missing.problems[0]).toMatchObject({ code: "unreadable-file" });
    const large = join(folder, "large.yaml");
    await writeFile(large, Buffer.alloc(8 * 1024 * 1024 + 1, 0x20));
    expect((await readStrategyFile(large)).problems[0]?.code).toBe("too-large");
  });
});
