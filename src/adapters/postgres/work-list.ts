// What waits for somebody, counted for the one who asks: review cases of his queues that he may act on, notices that
// came back, executions that the core system disputes, messages that nobody takes. A count of work that he could not
// do himself would send him to a closed door.

import type { Instant } from "../../domain/calendar.ts";
import { plainDeskRights } from "../../domain/desk-rights.ts";
import { workableQueues } from "../../domain/review-case.ts";
import type { Currency } from "../../domain/money.ts";
import type { Asker, WaitingWork, WorkRows } from "../../portfolio/view-ports.ts";
import { conditions, type Conditions } from "./conditions.ts";
import { aboutLines } from "./overview.ts";
import type { Queryable } from "./pool.ts";

type Reading = Pick<Queryable, "query">;

/** Tries after which a message counts as stuck. */
const stuckAttempts = 3;

/** Only disputes of the last days call for somebody: later ones are in the books of both sides. */
const disputeDays = 30;

/** Narrows review cases `t` to those that `workableBy` of the port means: see `lackOf` for what an actor may decide. */
export function addWorkable(
  where: Conditions,
  { id, roles, desk = plainDeskRights }: Asker["actor"],
): void {
  where.add("t.state = 'open' and t.snooze is null and t.queue = any(?::text[])", [
    ...workableQueues(roles),
  ]);
  where.add("(t.assigned_to is null or t.assigned_to = ?::text)", id);
  where.add("t.skills <@ ?::jsonb", JSON.stringify(desk.skills));
  if (desk.authority !== null) {
    const limits = desk.authority.map(({ currency, amountMinor }) => [currency, amountMinor]);
    where.add(
      "t.impact_minor <= coalesce((?::jsonb ->> t.currency)::bigint, 0)",
      JSON.stringify(Object.fromEntries(limits)),
    );
  }
  where.add("not t.touched_by @> ?::jsonb", JSON.stringify([id]));
  where.add("not t.approvals @> ?::jsonb", JSON.stringify([{ by: id }]));
  where.add(
    `not exists (select 1 from decision d where d.bucket = t.bucket and d.id = t.decision_id
      and d.maker = ?::text)`,
    id,
  );
}

/** Narrows review cases `t` to open ones on which an account's opinion is asked for and not given. */
export function addAskedOf(where: Conditions, id: string): void {
  const asked = JSON.stringify([{ askedOf: id, given: null }]);
  where.add("t.state = 'open' and t.opinions @> ?::jsonb", asked);
}

/** All of {@link WorkRows}, each statement by itself. */
export async function readWork(db: Reading, asker: Asker): Promise<WorkRows> {
  const workable = (): Conditions => {
    const where = aboutLines(asker.scope);
    addWorkable(where, asker.actor);
    return where;
  };
  const overdue = workable();
  overdue.add("t.due_at < ?::timestamptz", asker.now);
  const overridden = workable();
  overridden.add("t.override is not null");
  const asked = aboutLines(asker.scope);
  addAskedOf(asked, asker.actor.id);
  const [reviewsToDecide, reviewsOverdue, overridesToAgree, opinionsToGive] = await Promise.all([
    readReviews(db, workable()),
    readReviews(db, overdue),
    readReviews(db, overridden),
    readReviews(db, asked),
  ]);
  const [noticesEscalated, executionsDisputed, outboxStuck, lettersOpen] = await Promise.all([
    readEscalated(db, asker),
    readDisputed(db, asker),
    readStuck(db, asker),
    readLetters(db, asker),
  ]);
  const [alertsOpen, alertsMine] = await Promise.all([
    readAlerts(db, asker, "t.state = 'open'"),
    readAlerts(db, asker, "t.state = 'taken' and t.owner = ?::text", asker.actor.id),
  ]);
  return {
    ...{ reviewsToDecide, reviewsOverdue, overridesToAgree, opinionsToGive },
    ...{ noticesEscalated, executionsDisputed, outboxStuck, lettersOpen, alertsOpen, alertsMine },
  };
}

type CountRow = Readonly<{
  currency: Currency | null;
  count: number;
  oldestAt: Instant | null;
  removedMinor: number | null;
}>;

function workOf(found: readonly CountRow[]): WaitingWork {
  const oldest = found.map(({ oldestAt }) => oldestAt).filter((at) => at !== null);
  return {
    count: found.reduce((sum, { count }) => sum + count, 0),
    oldestAt: oldest.toSorted()[0] ?? null,
    removed: found.flatMap(({ currency, removedMinor }) =>
      currency === null || removedMinor === null ? [] : [{ currency, amountMinor: removedMinor }],
    ),
  };
}

async function readReviews(db: Reading, where: Conditions): Promise<WaitingWork> {
  const found = await db.query<CountRow>(
    `select l.currency, count(*) as count, min(t.opened_at) as "oldestAt",
       sum(case d.action when 'decrease' then d.from_minor - d.to_minor when 'none' then 0
         else greatest(0, d.from_minor - l.drawn_minor) end)::bigint as "removedMinor"
     from review_case t join decision d on d.bucket = t.bucket and d.id = t.decision_id
       join credit_line l on l.bucket = t.bucket and l.id = t.line_id
     ${where.text()} group by l.currency order by l.currency`,
    where.values,
  );
  return workOf(found);
}

/** A notice that nobody could deliver matters while it stands: its decision waits for it, or took effect and it must follow. */
async function readEscalated(db: Reading, { scope }: Asker): Promise<WaitingWork> {
  const where = aboutLines(scope);
  where.add("t.state = 'escalated'");
  where.add(`exists (select 1 from decision d where d.bucket = t.bucket and d.id = t.decision_id
    and d.notice_id = t.id and d.state in ('offered', 'noticed', 'executed'))`);
  const text = `select null as currency, count(*) as count, min(t.issued_at) as "oldestAt", null as "removedMinor"
    from notice t ${where.text()}`;
  return workOf(await db.query<CountRow>(text, where.values));
}

/** Decisions that the core system refused, in the last days. */
async function readDisputed(db: Reading, { scope, now }: Asker): Promise<WaitingWork> {
  const where = aboutLines(scope);
  where.add("t.state = 'refused' and t.ended_because = 'core-refused'");
  where.add(`t.made_at > ?::timestamptz - ${disputeDays} * interval '1 day'`, now);
  const text = `select null as currency, count(*) as count, min(t.made_at) as "oldestAt", null as "removedMinor"
    from decision t ${where.text()}`;
  return workOf(await db.query<CountRow>(text, where.values));
}

async function readAlerts(
  db: Reading,
  { scope }: Asker,
  condition: string,
  ...values: readonly unknown[]
): Promise<WaitingWork> {
  const where = aboutLines(scope);
  where.add(condition, ...values);
  const text = `select null as currency, count(*) as count, min(t.raised_at) as "oldestAt", null as "removedMinor"
    from alert t ${where.text()}`;
  return workOf(await db.query<CountRow>(text, where.values));
}

/** What belongs to the whole installation is told to nobody who reaches only a part of it. */
function reachesAll({ scope }: Asker): boolean {
  return scope.portfolios === undefined && scope.customerId === undefined;
}

async function readLetters(db: Reading, asker: Asker): Promise<WaitingWork> {
  if (!reachesAll(asker)) return workOf([]);
  const text = `select null as currency, count(*) as count, min(received_at) as "oldestAt", null as "removedMinor"
    from dead_letter where state = 'open'`;
  return workOf(await db.query<CountRow>(text, []));
}

async function readStuck(db: Reading, asker: Asker): Promise<WaitingWork> {
  if (!reachesAll(asker)) return workOf([]);
  const where = conditions();
  where.add("state = 'waiting' and fault is not null and attempts >= ?::integer", stuckAttempts);
  const text = `select null as currency, count(*) as count, null::timestamptz as "oldestAt", null as "removedMinor"
    from outbox ${where.text()}`;
  return workOf(await db.query<CountRow>(text, where.values));
}
