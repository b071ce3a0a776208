// `tidemark replay`: decisions made again in this process from what they kept, compared byte for byte with what
// was stored. One difference is a failure.

import { exitCodes } from "../adapters/refusal-table.ts";
import { toldReplay } from "../adapters/http/withheld.ts";
import type { Id } from "../domain/id.ts";
import { isRefusal, refuse } from "../domain/refusal.ts";
import { replayDecision, type Replay } from "../flow/replay.ts";
import { findDecision } from "./decisions.ts";
import { note, print, printJson, printRefusal, type Frame } from "./frame.ts";
import { wholeNumber } from "./page.ts";
import type { Program } from "./program.ts";
import { startProgress } from "./progress.ts";
import { withheldFrom, withSession, type Session } from "./session.ts";
import { idOf } from "./subject.ts";
import { nouns } from "./words.ts";

/** Exit code when a replay differs (EX_DATAERR). */
export const replayDiffers = 65;

const pageSize = 500;
const shownDifferences = 10;

export function registerReplays(program: Program): void {
  const replay = program.add(
    program.root,
    "replay",
    { en: "Make decisions again and compare them byte for byte", zh: "重放决定并逐字节比对" },
    ["replay DECISION", "replay --sweep ID --limit 1000 --json"],
  );
  replay
    .argument("[decision]", program.text(nouns.decision.one))
    .option(
      "--sweep <id>",
      program.text({ en: "all decisions of one sweep", zh: "某次扫描的全部决定" }),
    )
    .option(
      "--limit <number>",
      program.text({ en: "with --sweep: at most so many", zh: "与 --sweep 同用：最多件数" }),
    );
  program.action(replay, (frame, [decision], options) => {
    if ((decision === undefined) === (options["sweep"] === undefined)) {
      return Promise.resolve(printRefusal(frame, oneOrSweep));
    }
    return withSession(frame, (session) =>
      decision === undefined
        ? replaySweep(frame, session, String(options["sweep"]), options["limit"])
        : replayOne(frame, session, decision as string),
    );
  });
}

const oneOrSweep = refuse("invalid", {
  en: "Replay: expected either the id of a decision or --sweep ID",
  zh: "重放：须给出决定编号，或 --sweep 扫描编号，二者取一",
});

async function replayOne(frame: Frame, session: Session, text: string): Promise<number> {
  const decision = await findDecision(session, text);
  if (isRefusal(decision)) return printRefusal(frame, decision);
  const replay = await replayDecision(session.tidemark.world, decision.id);
  if (replay === null) throw new Error(`Decision without a record: ${decision.id}`);
  if (isRefusal(replay)) return printRefusal(frame, replay);
  const told = toldReplay(replay, await withheldFrom(session));
  printJson(frame, told);
  if (replay.equal) {
    print(frame, {
      en: `Decision ${decision.id}: equal, ${replay.stored.length} characters`,
      zh: `决定 ${decision.id}：一致，共 ${replay.stored.length} 个字符`,
    });
    return exitCodes.success;
  }
  tellDifference(frame, told);
  return replayDiffers;
}

function tellDifference(frame: Frame, { decisionId, at, stored, replayed }: Replay): void {
  if (at === null) {
    return note(frame, {
      en: `Decision ${decisionId}: differs only in facts that this account is not told`,
      zh: `决定 ${decisionId}：仅在不向当前账号展示的事实上不一致`,
    });
  }
  const from = Math.max(0, at - 20);
  const cut = (text: string): string => text.slice(from, from + 60);
  note(frame, {
    en: `Decision ${decisionId}: differs at character ${at}: stored …${cut(stored)}…, replayed …${cut(replayed)}…`,
    zh: `决定 ${decisionId}：第 ${at} 个字符起不一致：存档 …${cut(stored)}…，重放 …${cut(replayed)}…`,
  });
}

type Tally = { replayed: number; equal: number; different: number; erased: number };

async function replaySweep(
  frame: Frame,
  session: Session,
  text: string,
  limitOption: unknown,
): Promise<number> {
  const id = idOf(text);
  if (isRefusal(id)) return printRefusal(frame, id);
  const limit = wholeNumber(limitOption, Number.MAX_SAFE_INTEGER, "--limit");
  if (typeof limit !== "number") return printRefusal(frame, limit);
  const tally: Tally = { replayed: 0, equal: 0, different: 0, erased: 0 };
  const started = performance.now();
  const total = (await session.tidemark.portfolio.sweeps.counts(id)).proposed;
  const bar = startProgress(
    frame,
    { en: "Replaying", zh: "重放中" },
    { en: "decisions", zh: "个决定" },
  );
  try {
    for await (const decision of decisionsOf(session, id, limit)) {
      await replayInto(frame, session, decision, tally);
      if (tally.replayed % 50 === 0) bar.update(tally.replayed, Math.min(limit, total));
    }
  } finally {
    bar.stop();
  }
  const seconds = (performance.now() - started) / 1000;
  printJson(frame, { sweepId: id, ...tally, seconds: Number(seconds.toFixed(3)) });
  print(frame, {
    en: `Replayed ${tally.replayed} decisions: ${tally.equal} equal, ${tally.different} different, ${tally.erased} erased (${seconds.toFixed(1)} s)`,
    zh: `重放 ${tally.replayed} 个决定：一致 ${tally.equal}，不一致 ${tally.different}，事实已删除 ${tally.erased}（${seconds.toFixed(1)} 秒）`,
  });
  return tally.different === 0 ? exitCodes.success : replayDiffers;
}

async function replayInto(frame: Frame, session: Session, id: Id, tally: Tally): Promise<void> {
  const replay = await replayDecision(session.tidemark.world, id);
  tally.replayed += 1;
  if (replay === null || isRefusal(replay)) tally.erased += 1;
  else if (replay.equal) tally.equal += 1;
  else {
    tally.different += 1;
    if (tally.different > shownDifferences) return;
    tellDifference(frame, toldReplay(replay, await withheldFrom(session)));
  }
}

async function* decisionsOf(
  { tidemark, stopped }: Session,
  causeId: Id,
  limit: number,
): AsyncGenerator<Id> {
  const { reads } = tidemark.world.store;
  let left = limit;
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof reads.decisions>> = await reads.decisions(
      { after, limit: Math.min(left, pageSize) },
      { causeId },
    );
    for (const { id } of page.rows) yield id;
    left -= page.rows.length;
    after = page.next;
  } while (after !== null && left > 0 && !stopped());
}
