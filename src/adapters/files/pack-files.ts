// The compliance-packs folder on disk becomes packs and holiday tables, or one error that names every problem
// with file, line and field. It is all or nothing: a lender must not run on half of its law.

import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import type { HolidayTable } from "../../domain/calendar.ts";
import { holidayTable, parseHolidayYear, type HolidayYear } from "../../compliance/holiday-year.ts";
import type { CompliancePack } from "../../compliance/pack.ts";
import { parsePackCases, type PackCases } from "../../compliance/pack-cases.ts";
import { parsePack } from "../../compliance/parse-pack.ts";
import { problemText, type Problem } from "../../compliance/schema-check.ts";
import { isTimeZone } from "../business-time.ts";
import { Fault } from "../fault.ts";
import { readYamlDocument, type YamlDocument } from "./yaml-document.ts";

/** Everything the folder holds; `calendars` by the id that packs name. */
export type PackFiles = Readonly<{
  packs: readonly CompliancePack[];
  calendars: ReadonlyMap<string, HolidayTable>;
  /** the published years, each with its source */
  years: readonly HolidayYear[];
}>;

type Found<T> = Readonly<{ from: string; value: T }>;

/**
 * Reads `FOLDER/JURISDICTION/pack*.yaml` and `FOLDER/JURISDICTION/holidays/*.yaml`. Throws a Fault that lists
 * every problem when a file is broken, two files hold the same pack version or calendar year, two versions of a pack
 * hold on one day, or a pack counts by a calendar that is neither its jurisdiction's own nor has a published year. A
 * jurisdiction's own calendar without any year has an empty table: all its years are unconfirmed.
 */
export function readPackFiles(folder: string): PackFiles {
  const problems: string[] = [];
  const packs: Found<CompliancePack>[] = [];
  const years: Found<HolidayYear>[] = [];
  for (const path of filesNamed(folder, "pack")) {
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
  problems.push(...unknownZones(packs));
  problems.push(...overlaps(packs));
  if (packs.length === 0 && problems.length === 0) problems.push(`${folder} holds no pack`);
  if (problems.length > 0) {
    throw new Fault(`Cannot read compliance packs:\n${problems.join("\n")}`, { retryable: false });
  }
  return {
    packs: packs.map(({ value }) => value),
    calendars: tables(
      packs.map(({ value }) => value.calendar),
      years.map(({ value }) => value),
    ),
    years: years.map(({ value }) => value),
  };
}

/** Reads one pack file alone. Throws a Fault that lists every problem with file, line and field. */
export function readPackFile(path: string): CompliancePack {
  const problems: string[] = [];
  const pack = existsSync(path)
    ? readOne(path, problems, (value) => named(parsePack(value), "pack"))
    : null;
  if (pack !== null) return pack;
  const found = problems.length > 0 ? problems.join("\n") : `${path} does not exist`;
  throw new Fault(`Cannot read compliance pack:\n${found}`, { retryable: false });
}

/** A file of cases beside a pack. */
export type CasesFile = Readonly<{ path: string; cases: PackCases }>;

/** Reads `FOLDER/JURISDICTION/cases*.yaml`. Throws a Fault that lists every problem when a file is broken. */
export function readPackCases(folder: string): readonly CasesFile[] {
  const problems: string[] = [];
  const files = filesNamed(folder, "cases").flatMap((path) => {
    const cases = readOne(path, problems, (value) => named(parsePackCases(value), "cases"));
    return cases === null ? [] : [{ path, cases }];
  });
  if (problems.length === 0) return files;
  throw new Fault(`Cannot read cases of compliance packs:\n${problems.join("\n")}`, {
    retryable: false,
  });
}

function tables(
  named: readonly string[],
  years: readonly HolidayYear[],
): ReadonlyMap<string, HolidayTable> {
  const ids = [...new Set([...named, ...years.map(({ calendar }) => calendar)])];
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
    .filter(({ value }) => !known.has(value.calendar) && value.calendar !== value.jurisdiction)
    .map(
      ({ from, value }) =>
        `${from}: found calendar ${value.calendar}, expected one with a holiday table`,
    );
}

/** Zones of quiet hours are those of the time zone data that the clock reads. */
function unknownZones(packs: readonly Found<CompliancePack>[]): readonly string[] {
  return packs.flatMap(({ from, value }) =>
    (value.notice.delivery.value.quietHours?.zones ?? []).flatMap(({ zone }) =>
      isTimeZone(zone)
        ? []
        : [
            `${from}: found time zone ${zone}, expected an IANA name such as Australia/Perth · 时区 ${zone} 无效，应为 IANA 时区名，如 Australia/Perth`,
          ],
    ),
  );
}

/** Versions of one pack follow each other: on no day do two of them hold. */
function overlaps(packs: readonly Found<CompliancePack>[]): readonly string[] {
  const sorted = packs.toSorted(({ value: one }, { value: other }) =>
    one.id === other.id ? one.version - other.version : one.id < other.id ? -1 : 1,
  );
  return sorted.flatMap(({ from, value }, index) => {
    const before = sorted[index - 1]?.value;
    if (before === undefined || before.id !== value.id) return [];
    const end = before.effectiveTo;
    if (end !== null && end < value.effectiveFrom) return [];
    return [
      `${from}: found version ${value.version} of ${value.id} from ${value.effectiveFrom}, expected after version ${before.version} ends (${end ?? "no end"}) · 第 ${value.version} 版自 ${value.effectiveFrom} 起生效，应晚于第 ${before.version} 版的终止日（${end ?? "无"}）`,
    ];
  });
}

/** `NAME.yaml` and `NAME-….yaml` of every jurisdiction. */
function filesNamed(folder: string, name: "pack" | "cases"): readonly string[] {
  const form = new RegExp(`^${name}(?:-.*)?\\.yaml$`);
  return jurisdictions(folder).flatMap((jurisdiction) =>
    yamlFiles(jurisdiction).filter((path) => form.test(basename(path))),
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
