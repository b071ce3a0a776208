// The compliance-packs folder on disk becomes packs and holiday tables, or one error that names every problem
// with file, line and field. It is all or nothing: a lender must not run on half of its law.

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { HolidayTable } from "../../domain/calendar.ts";
import { holidayTable, parseHolidayYear, type HolidayYear } from "../../compliance/holiday-year.ts";
import type { CompliancePack } from "../../compliance/pack.ts";
import { parsePack } from "../../compliance/parse-pack.ts";
import { problemText, type Problem } from "../../compliance/schema-check.ts";
import { Fault } from "../fault.ts";
import { readYamlDocument, type YamlDocument } from "./yaml-document.ts";

/** Everything the folder holds; `calendars` by the id that packs name. */
export type PackFiles = Readonly<{
  packs: readonly CompliancePack[];
  calendars: ReadonlyMap<string, HolidayTable>;
}>;

type Found<T> = Readonly<{ from: string; value: T }>;

/**
 * Reads `FOLDER/JURISDICTION/pack*.yaml` and `FOLDER/JURISDICTION/holidays/*.yaml`. Throws a Fault that lists
 * every problem when a file is broken, two files hold the same pack version or calendar year, or a pack
 * counts by a calendar that has no published year at all.
 */
export function readPackFiles(folder: string): PackFiles {
  const problems: string[] = [];
  const packs: Found<CompliancePack>[] = [];
  const years: Found<HolidayYear>[] = [];
  for (const path of packPaths(folder)) {
    const pack = readOne(path, problems, (value) => named(parsePack(value), "pack"));
    if (pack !== null) packs.push({ from: path, value: pack });
  }
  for (const path of holidayPaths(folder)) {
    const year = readOne(path, problems, (value) => named(parseHolidayYear(value), "year"));
    if (year !== null) years.push({ from: path, value: year });
  }
  problems.push(...doubles(packs, ({ id, version }) => `pack ${id} version ${version}`));
  problems.push(...doubles(years, ({ calendar, year }) => `calendar ${calendar} year ${year}`));
  problems.push(...missingCalendars(packs, years));
  if (packs.length === 0 && problems.length === 0) problems.push(`${folder} holds no pack`);
  if (problems.length > 0) {
    throw new Fault(`Cannot read compliance packs:\n${problems.join("\n")}`, { retryable: false });
  }
  return {
    packs: packs.map(({ value }) => value),
    calendars: tables(years.map(({ value }) => value)),
  };
}

function tables(years: readonly HolidayYear[]): ReadonlyMap<string, HolidayTable> {
  const ids = [...new Set(years.map(({ calendar }) => calendar))];
  return new Map(ids.map((id) => [id, holidayTable(id, years)]));
}

type Parsed<T> = Readonly<{ value: T }> | Readonly<{ problems: readonly Problem[] }>;

function named<Key extends string, T>(
  parsed: Readonly<Record<Key, T>> | Readonly<{ problems: readonly Problem[] }>,
  key: Key,
): Parsed<T> {
  return "problems" in parsed ? parsed : { value: parsed[key] };
}

function readOne<T>(
  path: string,
  problems: string[],
  parse: (value: unknown) => Parsed<T>,
): T | null {
  const document = readYamlDocument(path);
  problems.push(...document.problems);
  if (document.problems.length > 0) return null;
  const parsed = parse(document.value);
  if ("value" in parsed) return parsed.value;
  problems.push(...parsed.problems.map((problem) => placed(document, problem)));
  return null;
}

function placed(document: YamlDocument, problem: Problem): string {
  const text = problemText(problem);
  return `${document.path}:${document.lineOf(problem.pointer)} ${text.en} · ${text.zh}`;
}

function doubles<T>(found: readonly Found<T>[], nameOf: (value: T) => string): readonly string[] {
  const first = new Map<string, string>();
  return found.flatMap(({ from, value }) => {
    const name = nameOf(value);
    const other = first.get(name);
    first.set(name, other ?? from);
    return other === undefined ? [] : [`${from}: found ${name} again, first in ${other}`];
  });
}

function missingCalendars(
  packs: readonly Found<CompliancePack>[],
  years: readonly Found<HolidayYear>[],
): readonly string[] {
  const known = new Set(years.map(({ value }) => value.calendar));
  return packs
    .filter(({ value }) => !known.has(value.calendar))
    .map(
      ({ from, value }) =>
        `${from}: found calendar ${value.calendar}, expected one with a holiday table`,
    );
}

function packPaths(folder: string): readonly string[] {
  return jurisdictions(folder).flatMap((jurisdiction) =>
    yamlFiles(jurisdiction).filter((path) => /[/\\]pack(?:-[^/\\]*)?\.yaml$/.test(path)),
  );
}

function holidayPaths(folder: string): readonly string[] {
  return jurisdictions(folder).flatMap((jurisdiction) => yamlFiles(join(jurisdiction, "holidays")));
}

function jurisdictions(folder: string): readonly string[] {
  if (!existsSync(folder)) {
    throw new Fault(`Cannot read compliance packs: folder ${folder} does not exist`, {
      retryable: false,
    });
  }
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(folder, entry.name))
    .toSorted();
}

function yamlFiles(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => join(folder, name))
    .toSorted();
}
