// `tidemark blackout`: windows in which nobody of a region or an industry is told of a cut, and nobody is cut.

import { wireBlackout } from "../adapters/http/wire/hold.ts";
import { exitCodes } from "../adapters/refusal-table.ts";
import type { ListedBlackout } from "../domain/blackout.ts";
import { causes, type Cause } from "../domain/decision.ts";
import { isRefusal } from "../domain/refusal.ts";
import type { Text } from "../domain/text.ts";
import { liftBlackout, setBlackout } from "../flow/blackout-windows.ts";
import { dateOption } from "./date-option.ts";
import { print, printJson, printRefusal, type Frame } from "./frame.ts";
import { addPlaces, namesOf, placesOf } from "./names-option.ts";
import { addPaging, pageOf, printPage } from "./page.ts";
import type { Program } from "./program.ts";
import { withSession, type Session } from "./session.ts";
import { idOf } from "./subject.ts";

export function registerBlackouts(program: Program): void {
  const noun = program.noun("blackout", {
    en: "Windows without notices of cuts and without cuts",
    zh: "禁止窗口：其间不通知、不执行调减",
  });
  registerSet(program, noun);
  const list = program.add(
    noun,
    "list",
    {
      en: "List windows, newest first",
      zh: "窗口列表（由新到旧）",
    },
    ["blackout list --limit 5"],
  );
  addPaging(program, list);
  program.action(list, (frame, _args, options) =>
    withSession(frame, (session) => listWindows(frame, session, options)),
  );
  const lift = program.add(
    noun,
    "lift",
    { en: "Lift a window before its last day", zh: "提前解除窗口" },
    ['blackout lift ID --reason "The flood is over"'],
  );
  lift
    .argument("<id>", program.text({ en: "id of a window", zh: "窗口编号" }))
    .requiredOption("--reason <text>", program.text({ en: "why", zh: "理由" }));
  program.changesData(lift);
  program.action(lift, (frame, [id], options) =>
    withSession(frame, (session) => liftWindow(frame, session, String(id), options)),
  );
}

function registerSet(program: Program, noun: ReturnType<Program["noun"]>): void {
  const set = program.add(noun, "set", { en: "Set a window", zh: "设置窗口" }, [
    'blackout set "Spring festival" --from 2026-02-14 --to 2026-02-23 --reason "Nobody can be reached"',
    'blackout set Flood --from 2026-07-01 --to 2026-07-14 --regions guangdong,fujian --exempt fraud --reason "Relief"',
  ]);
  set
    .argument("<event>", program.text({ en: "what happens there", zh: "事件名称" }))
    .requiredOption("--from <date>", program.text({ en: "first day", zh: "首日" }))
    .requiredOption("--to <date>", program.text({ en: "last day", zh: "末日" }))
    .requiredOption("--reason <text>", program.text({ en: "why", zh: "理由" }));
  addPlaces(program, set).option(
    "--exempt <causes>",
    program.text({
      en: `causes that are let through: ${causes.join(", ")}`,
      zh: `豁免的起因：${causes.join("、")}`,
    }),
  );
  program.changesData(set);
  program.action(set, (frame, [event], options) =>
    withSession(frame, (session) => setWindow(frame, session, String(event), options)),
  );
}

async function setWindow(
  frame: Frame,
  { tidemark, actor }: Session,
  event: string,
  options: Readonly<Record<string, unknown>>,
): Promise<number> {
  const fromOn = dateOption(options["from"], "--from");
  const toOn = dateOption(options["to"], "--to");
  if (isRefusal(fromOn)) return printRefusal(frame, fromOn);
  if (isRefusal(toOn)) return printRefusal(frame, toOn);
  const { world } = tidemark;
  const asked = {
    ...{ id: world.ids.fresh(), event, fromOn, toOn, actor },
    reason: String(options["reason"]),
    ...placesOf(options),
    exempt: namesOf(options["exempt"]) as readonly Cause[],
  };
  const set = await setBlackout(world, asked, { dryRun: frame.dryRun });
  return isRefusal(set) ? printRefusal(frame, set) : report(frame, { ...set, lifted: null });
}

async function liftWindow(
  frame: Frame,
  { tidemark, actor }: Session,
  text: string,
  options: Readonly<Record<string, unknown>>,
): Promise<number> {
  const id = idOf(text);
  if (isRefusal(id)) return printRefusal(frame, id);
  const asked = { actor, because: String(options["reason"]) };
  const lifted = await liftBlackout(tidemark.world, id, asked, { dryRun: frame.dryRun });
  return isRefusal(lifted) ? printRefusal(frame, lifted) : report(frame, lifted);
}

function report(frame: Frame, window: ListedBlackout): number {
  const { id, event, fromOn, toOn, lifted } = window;
  const did: Text =
    lifted === null
      ? frame.dryRun
        ? { en: "could be set", zh: "可设置" }
        : { en: "set", zh: "已设置" }
      : frame.dryRun
        ? { en: "could be lifted", zh: "可解除" }
        : { en: "lifted", zh: "已解除" };
  printJson(frame, wireBlackout(window, frame.dryRun));
  print(frame, {
    en: `${event}, ${fromOn} to ${toOn}: ${did.en} (${id})`,
    zh: `${event}，${fromOn} 至 ${toOn}：${did.zh}（${id}）`,
  });
  return exitCodes.success;
}

async function listWindows(
  frame: Frame,
  { tidemark }: Session,
  options: Readonly<Record<string, unknown>>,
): Promise<number> {
  const page = pageOf(options);
  if (isRefusal(page)) return printRefusal(frame, page);
  const rows = await tidemark.world.store.blackouts.list(page.after, page.limit);
  const next = rows.length === page.limit ? (rows.at(-1)?.id ?? null) : null;
  printPage(
    frame,
    { rows, next },
    (row) => wireBlackout(row),
    [
      { label: { en: "id", zh: "编号" } },
      { label: { en: "event", zh: "事件" } },
      { label: { en: "from", zh: "首日" } },
      { label: { en: "to", zh: "末日" } },
      { label: { en: "regions", zh: "地区" } },
      { label: { en: "industries", zh: "行业" } },
      { label: { en: "exempt", zh: "豁免" } },
      { label: { en: "by", zh: "设置人" } },
      { label: { en: "lifted by", zh: "解除人" } },
      { label: { en: "reason", zh: "理由" } },
    ],
    ({ id, event, fromOn, toOn, regions, industries, exempt, by, lifted, reason }) => [
      ...[id, event, fromOn, toOn, regions.join(" ") || "*", industries.join(" ") || "*"],
      ...[exempt.join(" "), by, lifted?.by ?? "–", reason],
    ],
  );
  return exitCodes.success;
}
