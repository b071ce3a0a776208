// `tidemark halt`, `resume` and `halts`: the stop switches.

import { exitCodes } from "../adapters/refusal-table.ts";
import { addMilliseconds } from "../domain/calendar.ts";
import { readOnlyArea } from "../domain/halt-area.ts";
import { isRefusal, refuse } from "../domain/refusal.ts";
import { haltAreas, liftHalt, setHalt } from "../flow/stop-switch.ts";
import { parseDuration } from "./duration.ts";
import { print, printJson, printRefusal, type Frame } from "./frame.ts";
import type { Program } from "./program.ts";
import { withSession, type Session } from "./session.ts";
import { tableText } from "./table.ts";

const usualSpan = "2h";

export function registerHalts(program: Program): void {
  const areas = haltAreas.join(", ");
  const areaLabel = program.text({ en: `one of ${areas}`, zh: `可选：${areas}` });
  const halt = program.add(
    program.root,
    "halt",
    {
      en: "Stop an area at once, with a reason and an end",
      zh: "紧急停用某一环节（须说明理由，到期自动恢复）",
    },
    ['halt execute --reason "core system maintenance" --for 4h'],
  );
  halt
    .argument("<area>", areaLabel)
    .requiredOption("--reason <text>", program.text({ en: "why", zh: "理由" }))
    .option(
      "--for <span>",
      program.text({ en: "how long at most: 90m, 2h, 3d", zh: "最长时间：90m、2h、3d" }),
      usualSpan,
    );
  program.changesData(halt);
  program.action(halt, (frame, [area], options) =>
    withSession(frame, (session) => stop(frame, session, String(area), options), evenReadOnly),
  );
  const resume = program.add(
    program.root,
    "resume",
    { en: "Let a halted area go on", zh: "恢复被停用的环节" },
    ["resume execute"],
  );
  resume.argument("<area>", areaLabel);
  program.changesData(resume);
  program.action(resume, (frame, [area]) =>
    withSession(frame, (session) => goOn(frame, session, String(area)), evenReadOnly),
  );
  const list = program.add(
    program.root,
    "halts",
    {
      en: "List what is halted",
      zh: "查看停用中的环节",
    },
    ["halts"],
  );
  program.action(list, (frame) => withSession(frame, (session) => listHalts(frame, session)));
  registerReadOnly(program);
}

const evenReadOnly = { evenReadOnly: true } as const;

/** Read-only mode is a stop switch over every write, under a name that says so. */
function registerReadOnly(program: Program): void {
  const noun = program.noun("read-only", {
    en: "Refuse every change for a while; reads and exports go on",
    zh: "只读模式：在一段时间内拒绝所有变更，查询与导出照常",
  });
  const on = program.add(noun, "on", { en: "Switch it on", zh: "开启" }, [
    'read-only on --reason "Audit of the books" --for 4h',
  ]);
  on.requiredOption("--reason <text>", program.text({ en: "why", zh: "理由" })).option(
    "--for <span>",
    program.text({ en: "how long at most: 90m, 2h, 3d", zh: "最长时间：90m、2h、3d" }),
    usualSpan,
  );
  program.changesData(on);
  program.action(on, (frame, _args, options) =>
    withSession(frame, (session) => stop(frame, session, readOnlyArea, options), evenReadOnly),
  );
  const off = program.add(noun, "off", { en: "Switch it off", zh: "关闭" }, ["read-only off"]);
  program.changesData(off);
  program.action(off, (frame) =>
    withSession(frame, (session) => goOn(frame, session, readOnlyArea), evenReadOnly),
  );
}

async function stop(
  frame: Frame,
  { tidemark, actor }: Session,
  area: string,
  options: Readonly<Record<string, unknown>>,
): Promise<number> {
  const span = parseDuration(String(options["for"]), "--for");
  if (isRefusal(span)) return printRefusal(frame, span);
  const { world } = tidemark;
  const expiresAt = addMilliseconds(await world.clock.now(), span);
  const request = { area, reason: String(options["reason"]), expiresAt, actor };
  const halt = await setHalt(frame.dryRun ? withoutWrites(world) : world, request);
  if (isRefusal(halt)) return printRefusal(frame, halt);
  printJson(frame, { ...halt, dryRun: frame.dryRun });
  print(frame, {
    en: `${area}: ${frame.dryRun ? "could be halted" : "halted"} until ${halt.expiresAt}, resume with tidemark resume ${area}`,
    zh: `${area}：${frame.dryRun ? "可停用" : "已停用"}至 ${halt.expiresAt}，可运行 tidemark resume ${area} 恢复`,
  });
  return exitCodes.success;
}

type World = Session["tidemark"]["world"];

/** The same checks with nothing written. */
function withoutWrites(world: World): Pick<World, "store" | "clock"> {
  const { halts } = world.store;
  const none = { ...halts, set: async () => undefined };
  return { clock: world.clock, store: { ...world.store, halts: none } };
}

async function goOn(frame: Frame, { tidemark, actor }: Session, area: string): Promise<number> {
  const { world } = tidemark;
  if (frame.dryRun) {
    const halts = await world.store.halts.list(await world.clock.now());
    const found = halts.some((one) => one.area === area);
    if (!found) return printRefusal(frame, notHalted(area));
  } else {
    const lifted = await liftHalt(world, area, actor);
    if (isRefusal(lifted)) return printRefusal(frame, lifted);
  }
  printJson(frame, { area, resumed: !frame.dryRun, dryRun: frame.dryRun });
  print(frame, {
    en: `${area}: ${frame.dryRun ? "could be resumed" : "resumed"}`,
    zh: `${area}：${frame.dryRun ? "可恢复" : "已恢复"}`,
  });
  return exitCodes.success;
}

function notHalted(area: string): ReturnType<typeof refuse> {
  return refuse("not-found", {
    en: `Cannot resume ${area}: it is not halted`,
    zh: `无法恢复 ${area}：该环节未被停用`,
  });
}

async function listHalts(frame: Frame, { tidemark }: Session): Promise<number> {
  const { store, clock } = tidemark.world;
  const halts = await store.halts.list(await clock.now());
  printJson(frame, { data: halts });
  if (frame.json) return exitCodes.success;
  if (halts.length === 0) print(frame, { en: "Nothing is halted", zh: "没有停用中的环节" });
  const columns = [
    { label: { en: "area", zh: "环节" } },
    { label: { en: "until", zh: "停用至" } },
    { label: { en: "by", zh: "操作人" } },
    { label: { en: "reason", zh: "理由" } },
  ];
  frame.terminal.out(
    tableText(
      frame,
      columns,
      halts.map((one) => [one.area, one.expiresAt, one.by, one.reason]),
    ),
  );
  return exitCodes.success;
}
