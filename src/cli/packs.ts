// `tidemark pack`: what law and terms Tidemark runs on, how sure each value is, what a release changed, and whether the
// packs still answer their own cases. Nothing here needs a database.

import { join, resolve } from "node:path";
import { businessTime } from "../adapters/business-time.ts";
import {
  readPackCases,
  readPackFile,
  readPackFiles,
  type PackFiles,
} from "../adapters/files/pack-files.ts";
import { readProductTerms } from "../adapters/files/product-terms.ts";
import { exitCodes } from "../adapters/refusal-table.ts";
import { packFindings, type PackFinding } from "../compliance/pack-findings.ts";
import { packInForce, packVersion } from "../compliance/pack-in-force.ts";
import { runPackCase } from "../compliance/pack-cases.ts";
import { countValues, packDifferences, valuesOf } from "../compliance/pack-values.ts";
import type { CompliancePack, ValueStatus } from "../compliance/pack.ts";
import { packageFolder } from "../compose.ts";
import type { BusinessDate, Instant } from "../domain/calendar.ts";
import { isRefusal, notFound, type Refusal } from "../domain/refusal.ts";
import type { Text } from "../domain/text.ts";
import { print, printJson, printRefusal, say, type Frame } from "./frame.ts";
import { wholeNumber } from "./page.ts";
import type { Program } from "./program.ts";
import { tableText } from "./table.ts";

const shippedPacks = join(packageFolder, "compliance-packs");

export function registerPacks(program: Program): void {
  const noun = program.noun("pack", { en: "Compliance packs", zh: "合规规则包" });
  const check = program.add(
    noun,
    "check",
    {
      en: "Check packs: form, sources, texts, holidays, and what is unconfirmed",
      zh: "检查规则包：格式、出处、双语文本、节假日及未核实取值",
    },
    ["pack check", "pack check compliance-packs/eu/pack-2.yaml"],
  );
  check.argument("[file]", program.text({ en: "one pack file", zh: "单个规则包文件" }));
  program.action(check, async (frame, [file]) =>
    typeof file === "string" ? checkFile(frame, file) : checkAll(frame),
  );
  const test = program.add(
    noun,
    "test",
    {
      en: "Answer the golden cases beside the packs",
      zh: "运行规则包的用例",
    },
    ["pack test"],
  );
  program.action(test, async (frame) => testAll(frame));
  const list = program.add(noun, "list", { en: "List pack versions", zh: "规则包版本列表" }, [
    "pack list",
    "pack list --json",
  ]);
  program.action(list, async (frame) => listAll(frame));
  registerReads(program, noun);
}

const idLabel: Text = { en: "id of a pack", zh: "规则包编号" };
const versionLabel: Text = { en: "its version", zh: "版本号" };

function registerReads(program: Program, noun: ReturnType<Program["noun"]>): void {
  const show = program.add(
    noun,
    "show",
    { en: "Show every value with its status and source", zh: "查看全部取值及其状态与出处" },
    ["pack show eu-overdraft 2"],
  );
  show.argument("<id>", program.text(idLabel)).argument("[version]", program.text(versionLabel));
  program.action(show, async (frame, [id, version]) => {
    const pack = findPack(readPackFiles(shippedPacks).packs, String(id), version);
    return isRefusal(pack) ? printRefusal(frame, pack) : showPack(frame, pack);
  });
  const diff = program.add(
    noun,
    "diff",
    { en: "Show what a release changed", zh: "查看两个版本之间的差异" },
    ["pack diff eu-overdraft 1 2"],
  );
  diff
    .argument("<id>", program.text(idLabel))
    .argument("<from>", program.text({ en: "the older version", zh: "旧版本号" }))
    .argument("<to>", program.text({ en: "the newer version", zh: "新版本号" }));
  program.action(diff, async (frame, [id, from, to]) => {
    const { packs } = readPackFiles(shippedPacks);
    const older = findPack(packs, String(id), from);
    if (isRefusal(older)) return printRefusal(frame, older);
    const newer = findPack(packs, String(id), to);
    return isRefusal(newer) ? printRefusal(frame, newer) : showDifferences(frame, older, newer);
  });
}

/** The version that was typed, or without one the newest. */
function findPack(
  packs: readonly CompliancePack[],
  id: string,
  typed: unknown,
): CompliancePack | Refusal {
  const newest = Math.max(0, ...packs.filter((pack) => pack.id === id).map((one) => one.version));
  const version = wholeNumber(typed, Math.max(newest, 1), "VERSION");
  if (typeof version !== "number") return version;
  const found = packVersion(packs, { id, version });
  return found ?? notFound({ en: "compliance pack", zh: "合规规则包" }, `${id} ${version}`);
}

type Checked = Readonly<{ pack: CompliancePack; findings: readonly PackFinding[] }>;

function today({ config }: Frame): BusinessDate {
  return businessTime(config.timeZone).dateOf(new Date().toISOString() as Instant);
}

function checkAll(frame: Frame): number {
  const files = readPackFiles(shippedPacks);
  return report(
    frame,
    files.packs.map((pack) => checked(frame, files, pack)),
  );
}

function checkFile(frame: Frame, file: string): number {
  const path = resolve(frame.terminal.workingFolder, file);
  const pack = readPackFile(path);
  return report(frame, [checked(frame, readPackFiles(shippedPacks), pack, resolve(path, "../.."))]);
}

function checked(
  frame: Frame,
  { calendars }: PackFiles,
  pack: CompliancePack,
  folder: string = shippedPacks,
): Checked {
  const none = { id: pack.calendar, version: 0, publishedYears: [], holidays: [], workdays: [] };
  const holidays = calendars.get(pack.calendar) ?? none;
  const terms = readProductTerms(folder, pack.jurisdiction);
  return { pack, findings: packFindings({ pack, holidays, today: today(frame), terms }) };
}

function report(frame: Frame, all: readonly Checked[]): number {
  const problems = all.flatMap(({ findings }) =>
    findings.filter(({ level }) => level === "problem"),
  );
  printJson(frame, {
    problems: problems.length,
    packs: all.map(({ pack, findings }) => ({
      ...summaryOf(pack),
      findings: findings.map(({ text, ...one }) => ({ ...one, text: say(frame, text) })),
    })),
  });
  for (const { pack, findings } of all) {
    print(frame, headingOf(pack));
    for (const { level, pointer, text } of findings) {
      const word = levelWords[level];
      print(frame, {
        en: `  ${word.en} ${pointer}: ${text.en}`,
        zh: `  ${word.zh} ${pointer}：${text.zh}`,
      });
    }
  }
  print(frame, {
    en: `${all.length} pack versions: ${problems.length} problems`,
    zh: `共 ${all.length} 个规则包版本：${problems.length} 个问题`,
  });
  return problems.length === 0 ? exitCodes.success : exitCodes.usage;
}

const levelWords = {
  problem: { en: "problem", zh: "问题" },
  note: { en: "note", zh: "提示" },
} as const;

function headingOf(pack: CompliancePack): Text {
  const { confirmed, contract, unconfirmed } = summaryOf(pack).values;
  return {
    en: `${pack.id} version ${pack.version}: ${confirmed} confirmed, ${contract} by contract, ${unconfirmed} unconfirmed`,
    zh: `${pack.id} 第 ${pack.version} 版：已核实 ${confirmed}，合同约定 ${contract}，未核实 ${unconfirmed}`,
  };
}

function summaryOf(pack: CompliancePack) {
  const { id, version, jurisdiction, effectiveFrom, effectiveTo } = pack;
  const values = countValues(pack);
  return { id, version, jurisdiction, effectiveFrom, effectiveTo, values };
}

function testAll(frame: Frame): number {
  const { packs, calendars } = readPackFiles(shippedPacks);
  const answered = readPackCases(shippedPacks).flatMap(({ cases, path }) => {
    const pack = packVersion(packs, { id: cases.pack, version: cases.version });
    if (pack === null) {
      return [{ path, row: 0, rule: "", failures: [unknownPack(cases.pack, cases.version)] }];
    }
    return cases.cases.map((one, index) => ({
      ...{ path, row: index + 1, rule: one.rule },
      failures: runPackCase(pack, calendars.get(pack.calendar)!, one),
    }));
  });
  const failed = answered.filter(({ failures }) => failures.length > 0);
  printJson(frame, { cases: answered.length, failed });
  for (const { path, row, rule, failures } of failed) {
    for (const { what, found, expected } of failures) {
      print(frame, {
        en: `${path} case ${row} (${rule}): ${what}: found ${found}, expected ${expected}`,
        zh: `${path} 第 ${row} 例（${rule}）：${what} 为 ${found}，应为 ${expected}`,
      });
    }
  }
  print(frame, {
    en: `${answered.length} cases: ${failed.length} failed`,
    zh: `共 ${answered.length} 例：${failed.length} 例未通过`,
  });
  return failed.length === 0 ? exitCodes.success : exitCodes.usage;
}

function unknownPack(id: string, version: number) {
  return { what: "pack", found: `${id} ${version}`, expected: "a pack version of this folder" };
}

function listAll(frame: Frame): number {
  const { packs } = readPackFiles(shippedPacks);
  const date = today(frame);
  const holds = (pack: CompliancePack): boolean =>
    packInForce(packs, pack.jurisdiction, date) === pack;
  printJson(frame, { data: packs.map((pack) => ({ ...summaryOf(pack), inForce: holds(pack) })) });
  if (frame.json) return exitCodes.success;
  const rows = packs.map((pack) => {
    const { values } = summaryOf(pack);
    return [
      ...[pack.id, String(pack.version), say(frame, pack.label)],
      ...[pack.effectiveFrom, pack.effectiveTo ?? "–", holds(pack) ? "✓" : ""],
      ...[values.confirmed, values.contract, values.unconfirmed].map(String),
    ];
  });
  frame.terminal.out(tableText(frame, listColumns, rows));
  return exitCodes.success;
}

const listColumns = [
  { label: { en: "id", zh: "编号" } },
  { label: { en: "version", zh: "版本" }, right: true },
  { label: { en: "name", zh: "名称" } },
  { label: { en: "from", zh: "生效日" } },
  { label: { en: "to", zh: "终止日" } },
  { label: { en: "in force", zh: "现行" } },
  { label: { en: "confirmed", zh: "已核实" }, right: true },
  { label: { en: "contract", zh: "合同" }, right: true },
  { label: { en: "unconfirmed", zh: "未核实" }, right: true },
];

const statusWords: Readonly<Record<ValueStatus, Text>> = {
  confirmed: { en: "confirmed", zh: "已核实" },
  contract: { en: "contract", zh: "合同约定" },
  unconfirmed: { en: "UNCONFIRMED", zh: "未核实" },
};

function showPack(frame: Frame, pack: CompliancePack): number {
  printJson(frame, pack);
  if (frame.json) return exitCodes.success;
  print(frame, headingOf(pack));
  print(frame, pack.label);
  print(frame, pack.release);
  const rows = valuesOf(pack).map(({ pointer, value, status, source }) => [
    ...[pointer, say(frame, statusWords[status]), shortened(value), source],
  ]);
  const columns = [
    { label: { en: "value", zh: "取值" } },
    { label: { en: "status", zh: "状态" } },
    { label: { en: "content", zh: "内容" } },
    { label: { en: "source", zh: "出处" } },
  ];
  frame.terminal.out(tableText(frame, columns, rows));
  return exitCodes.success;
}

function shortened(value: unknown): string {
  const json = JSON.stringify(value);
  return json.length > 80 ? `${json.slice(0, 77)}...` : json;
}

function showDifferences(frame: Frame, older: CompliancePack, newer: CompliancePack): number {
  const differences = packDifferences(older, newer);
  const { id } = newer;
  printJson(frame, { id, from: older.version, to: newer.version, differences });
  print(frame, {
    en: `${id} ${older.version} → ${newer.version}: ${newer.release.en}`,
    zh: `${id} ${older.version} → ${newer.version}：${newer.release.zh}`,
  });
  for (const { pointer, from, to } of differences) {
    const missing = { en: "nothing", zh: "无" };
    print(frame, {
      en: `${pointer}\n  - ${from ?? missing.en}\n  + ${to ?? missing.en}`,
      zh: `${pointer}\n  - ${from ?? missing.zh}\n  + ${to ?? missing.zh}`,
    });
  }
  return exitCodes.success;
}
