// `tidemark report transparency`: what a lender tells the public of its cuts in a period, small counts left out.

import { resolve } from "node:path";
import { Option } from "commander";
import { exitCodes } from "../adapters/refusal-table.ts";
import {
  transparencyFormats,
  transparencyRenderer,
  type TransparencyFormat,
} from "../adapters/reports/view-transparency.ts";
import { isRefusal } from "../domain/refusal.ts";
import { transparencyReport } from "../portfolio/transparency.ts";
import { usualCell } from "../portfolio/transparency-ports.ts";
import { dateOption } from "./date-option.ts";
import { note, printRefusal, type Frame } from "./frame.ts";
import { wholeNumber } from "./page.ts";
import type { Program } from "./program.ts";
import { withSession, type Session } from "./session.ts";
import { writeTo } from "./write-report.ts";

/** Adds `transparency` to `report`. */
export function registerTransparency(program: Program, noun: ReturnType<Program["noun"]>): void {
  const command = program.add(
    noun,
    "transparency",
    {
      en: "What to tell the public of a period: counts, reasons, times, questions and answers",
      zh: "某一期间的透明度报告：数量、原因、时效与问答",
    },
    [
      "report transparency --from 2026-01-01 --to 2026-03-31",
      "report transparency --from 2026-01-01 --to 2026-03-31 --format html --out transparency.html",
    ],
  );
  command
    .requiredOption("--from <date>", program.text({ en: "first day", zh: "首日" }))
    .requiredOption("--to <date>", program.text({ en: "last day", zh: "末日" }))
    .option(
      "--portfolio <portfolio>",
      program.text({ en: "one portfolio (all)", zh: "指定组合（全部）" }),
    )
    .option(
      "--smallest <count>",
      program.text({
        en: `counts under it are left out (${usualCell})`,
        zh: `小于此值的计数不公布（${usualCell}）`,
      }),
    )
    .addOption(
      new Option("--format <format>", program.text({ en: "form of the report", zh: "报告形式" }))
        .choices(transparencyFormats)
        .default("md"),
    )
    .option(
      "--out <file>",
      program.text({ en: "file to write (standard output)", zh: "输出文件（缺省为标准输出）" }),
    );
  program.action(command, (frame, _args, options) =>
    withSession(frame, (session) => make(frame, session, options)),
  );
}

const render = transparencyRenderer();

async function make(
  frame: Frame,
  { tidemark, actor }: Session,
  options: Readonly<Record<string, unknown>>,
): Promise<number> {
  const from = dateOption(options["from"], "--from");
  const to = dateOption(options["to"], "--to");
  const smallestCell = wholeNumber(options["smallest"], usualCell, "--smallest");
  if (isRefusal(from)) return printRefusal(frame, from);
  if (isRefusal(to)) return printRefusal(frame, to);
  if (isRefusal(smallestCell)) return printRefusal(frame, smallestCell);
  const portfolio = typeof options["portfolio"] === "string" ? options["portfolio"] : null;
  const { world, portfolio: store } = tidemark;
  const report = await transparencyReport(world, store, {
    ...{ from, to, portfolio, smallestCell, actor },
  });
  if (isRefusal(report)) return printRefusal(frame, report);
  const format = frame.json ? "json" : (options["format"] as TransparencyFormat);
  const text = await render(report, format, frame.language);
  const out = options["out"];
  if (typeof out !== "string") {
    frame.terminal.out(text);
    return exitCodes.success;
  }
  const path = resolve(out);
  writeTo(path, Buffer.from(text));
  note(frame, { en: `Written to ${path}`, zh: `已写入 ${path}` });
  return exitCodes.success;
}
