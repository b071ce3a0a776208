// Commands that a person sends: grouped by bucket, through the one write path, and the answers told in words.

import type { Id } from "../domain/id.ts";
import { bucketOfId } from "../domain/id.ts";
import { refusals, type RefusalCode } from "../domain/refusal.ts";
import type { Command } from "../flow/step.ts";
import { transact, type CommandResult } from "../flow/transact.ts";
import { refusalTable } from "../adapters/refusal-table.ts";
import { exitCodes } from "../adapters/refusal-table.ts";
import { wireEvent } from "../adapters/http/wire/event.ts";
import type { Currency } from "../domain/money.ts";
import { print, printJson, printRefusal, note, type Frame } from "./frame.ts";
import type { Session } from "./session.ts";
import { tableText } from "./table.ts";

/** What one person asks for about one subject. */
export type Asked = Readonly<{
  kind: string;
  subject: Id;
  body: Readonly<Record<string, unknown>>;
  expectedVer?: number;
}>;

const commandsAtOnce = 200;

/** Sends everything asked, a bucket at a time; stops between batches when the person wants to. */
export async function send(
  session: Session,
  asked: readonly Asked[],
  dryRun: boolean,
  onSent: (sent: number) => void = () => undefined,
): Promise<readonly CommandResult[]> {
  const { world } = session.tidemark;
  const cause = world.ids.fresh();
  const results: CommandResult[] = [];
  for (const [bucket, group] of byBucket(asked)) {
    for (let from = 0; from < group.length && !session.stopped(); from += commandsAtOnce) {
      const commands = group
        .slice(from, from + commandsAtOnce)
        .map((one): Command => ({ ...one, id: world.ids.fresh(), actor: session.actor, cause }));
      results.push(...(await transact(world, bucket, commands, { dryRun })));
      onSent(results.length);
    }
  }
  return results;
}

function byBucket(asked: readonly Asked[]): ReadonlyMap<number, readonly Asked[]> {
  const groups = new Map<number, Asked[]>();
  for (const one of asked) {
    const bucket = bucketOfId(one.subject);
    const group = groups.get(bucket);
    if (group === undefined) groups.set(bucket, [one]);
    else group.push(one);
  }
  return groups;
}

/** Tells what became of one command; its exit code. */
export function reportOne(frame: Frame, result: CommandResult, currency: Currency): number {
  if ("refusal" in result) return printRefusal(frame, result.refusal);
  const { events } = result;
  printJson(frame, {
    dryRun: frame.dryRun,
    events: events.map((event) => wireEvent(event, currency, new Set())),
  });
  if (events.length === 0) {
    print(frame, { en: "Nothing to change", zh: "无需更改" });
    return exitCodes.success;
  }
  if (frame.dryRun) print(frame, dryRunWords);
  const rows = events.map((event) => [event.kind, event.subject, event.at]);
  if (!frame.json) frame.terminal.out(tableText(frame, eventColumns, rows));
  return exitCodes.success;
}

const dryRunWords = {
  en: "Dry run: this would happen, nothing was changed",
  zh: "试运行：以下为预期结果，未作任何更改",
};

const eventColumns = [
  { label: { en: "event", zh: "事件" } },
  { label: { en: "about", zh: "对象" } },
  { label: { en: "at", zh: "时间" } },
];

/** Tells what became of many commands: how many went through, and the refusals by reason. */
export function reportMany(frame: Frame, results: readonly CommandResult[]): number {
  const refused = new Map<RefusalCode, number>();
  let done = 0;
  for (const result of results) {
    if ("refusal" in result) {
      const { refused: code } = result.refusal;
      refused.set(code, (refused.get(code) ?? 0) + 1);
    } else done += 1;
  }
  printJson(frame, { dryRun: frame.dryRun, done, refused: Object.fromEntries(refused) });
  if (frame.dryRun) print(frame, dryRunWords);
  print(frame, { en: `Done: ${done}`, zh: `完成：${done}` });
  for (const [code, count] of refused) {
    const first = results.find((one) => "refusal" in one && one.refusal.refused === code);
    if (first === undefined || !("refusal" in first)) continue;
    const { detail } = first.refusal;
    note(frame, {
      en: `Refused: ${count} × ${refusals[code].en} (first: ${detail.en})`,
      zh: `被拒绝：${count} × ${refusals[code].zh}（首例：${detail.zh}）`,
    });
  }
  const [code] = refused.keys();
  return code === undefined ? exitCodes.success : refusalTable[code].exitCode;
}
