// A broken folder of packs is refused as a whole, and the refusal names file, line, field, what was found and
// what was expected.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Fault } from "../fault.ts";
import { readPackFiles } from "./pack-files.ts";

const shipped = fileURLToPath(new URL("../../../compliance-packs/", import.meta.url));
const pack = readFileSync(join(shipped, "cn/pack.yaml"), "utf8");
const year = readFileSync(join(shipped, "cn/holidays/2026.yaml"), "utf8");

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tidemark-packs-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function put(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function refusal(): string {
  try {
    readPackFiles(folder);
  } catch (error) {
    if (error instanceof Fault) return error.message;
    throw error;
  }
  return "";
}

function lineOf(text: string, part: string): number {
  return text.slice(0, text.indexOf(part)).split("\n").length;
}

describe("readPackFiles", () => {
  test("reads packs and calendars, and leaves other files alone", () => {
    put("cn/pack.yaml", pack);
    const second = pack.replace("version: 1", "version: 2");
    put("cn/pack.yaml", pack.replace("effectiveTo: null", "effectiveTo: 2026-06-30"));
    put("cn/pack-2.yaml", second.replace("effectiveFrom: 2000-01-01", "effectiveFrom: 2026-07-01"));
    put("cn/cases.yaml", "not: [a pack");
    put("cn/holidays/2026.yaml", year);
    const { packs, calendars } = readPackFiles(folder);
    expect(new Set(packs.map(({ version }) => version))).toEqual(new Set([1, 2]));
    expect(calendars.get("cn")?.publishedYears).toEqual([2026]);
  });

  test("refuses two versions of a pack that hold on one day", () => {
    put("cn/pack.yaml", pack);
    put("cn/pack-2.yaml", pack.replace("version: 1", "version: 2"));
    expect(refusal()).toContain(
      "found version 2 of cn-consumer-line from 2000-01-01, expected after version 1 ends (no end)",
    );
  });

  test("a jurisdiction's own calendar may have no published year: then all are unconfirmed", () => {
    put("cn/pack.yaml", pack);
    expect(readPackFiles(folder).calendars.get("cn")).toEqual({
      id: "cn",
      version: 0,
      publishedYears: [],
      holidays: [],
      workdays: [],
    });
  });

  test("names file, line and field of every problem in both languages", () => {
    const broken = pack
      .replace("days: 30", "days: thirty")
      .replace("jurisdiction: cn", "jurisdictoin: cn");
    put("cn/pack.yaml", broken);
    put("cn/holidays/2026.yaml", year.replace("last: 2026-01-03", "last: 2025-01-03"));
    const message = refusal();
    const file = join(folder, "cn/pack.yaml");
    expect(message).toContain(
      `${file}:${lineOf(broken, "{ when: before, days: thirty")} found "thirty" at /notice/close/value/days, expected a whole number from 0 to 3650 · /notice/close/value/days 处为 "thirty"，应为 整数`,
    );
    expect(message).toContain(
      `${file}:${lineOf(broken, "jurisdictoin")} found "cn" at /jurisdictoin`,
    );
    expect(message).toContain("found nothing at /jurisdiction");
    expect(message).toContain("2026.yaml:8 found");
  });

  test("names the line of a YAML mistake", () => {
    put("cn/pack.yaml", "id: a\nversion: [1\nlabel: x\n");
    put("cn/holidays/2026.yaml", year);
    expect(refusal()).toMatch(/pack\.yaml:\d+ \S/);
  });

  test("refuses the same pack version and the same calendar year twice", () => {
    put("cn/pack.yaml", pack);
    put("other/pack.yaml", pack);
    put("cn/holidays/2026.yaml", year);
    put("other/holidays/2026.yaml", year);
    expect(refusal()).toContain("found pack cn-consumer-line version 1 again");
    expect(refusal()).toContain("found calendar cn year 2026 again");
  });

  test("refuses a pack whose calendar is another's and nobody published it", () => {
    put("cn/pack.yaml", pack.replace("calendar: cn", "calendar: cm"));
    expect(refusal()).toContain("found calendar cm, expected one with a holiday table");
  });

  test("refuses a folder that is missing or holds no pack", () => {
    expect(refusal()).toContain("holds no pack");
    rmSync(folder, { recursive: true });
    expect(refusal()).toContain("does not exist");
  });
});
