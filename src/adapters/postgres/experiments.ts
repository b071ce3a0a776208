// Experiments, the digits of customers, and what was decided under which arm. That one experiment of an area runs at a time
// and that a holdout customer stays one is held by the statements themselves, not by care.

import type { Bucket } from "../../domain/id.ts";
import type {
  Arm,
  ArmDecisions,
  CustomerDigit,
  DigitCount,
  Experiment,
  Experiments,
  ExperimentStep,
} from "../../portfolio/experiment-ports.ts";
import type { Database, Transaction } from "./pool.ts";
import * as rows from "./rows.ts";
import { arrayLiteral } from "./set-statement.ts";

const select = `select id, area, state, place, arms, shadows, act_on as "actOn", steps from experiment`;

/** The port over one database. */
export function experimentsIn(db: Database): Experiments {
  const one = async (where: string, values: readonly unknown[]): Promise<Experiment | null> => {
    const [found] = await db.query<Experiment>(`${select} ${where}`, values);
    return found ?? null;
  };
  return {
    add: async ({ id, area, state, arms, shadows, actOn, steps }) => {
      const text = `insert into experiment (id, area, state, arms, shadows, act_on, steps, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing`;
      const lists = [arms, shadows, actOn, steps].map((list) => JSON.stringify(list));
      const added = await db.execute(text, [id, area, state, ...lists, steps[0]!.at]);
      return added === 1 ? "added" : "exists";
    },
    enter: (...entry) => db.transaction((tx) => enter(tx, ...entry)),
    find: (id) => one("where id = $1", [id]),
    list: () => db.query<Experiment>(`${select} order by created_at desc, id`),
    running: (area) => one("where area = $1 and state = 'running'", [area]),
    digits: (area, buckets) => readDigits(db, area, buckets),
    keep: (bucket, digits) => db.transaction((tx) => saveDigits(tx, bucket, digits)),
    digitCounts: (area) =>
      db.query<DigitCount>(
        `select digit, held_out as "heldOut", count(*) as customers from customer_digit
          where area = $1 group by digit, held_out order by digit, held_out`,
        [area],
      ),
    decisions: (id) => db.query<ArmDecisions>(decisionsByArm, [id]),
  };
}

const decisionsByArm = `select d.arm, d.action, l.currency, count(*) as decisions,
  coalesce(sum(d.from_minor - d.to_minor)
    filter (where d.action = 'decrease' and d.state not in ('withdrawn', 'refused')), 0)::bigint as "cutMinor"
  from decision d join credit_line l on l.bucket = d.bucket and l.id = d.line_id
  where d.experiment = $1 group by d.arm, d.action, l.currency order by d.arm, d.action, l.currency`;

async function enter(
  tx: Transaction,
  id: string,
  step: ExperimentStep,
  from: Parameters<Experiments["enter"]>[2],
  ranges: Parameters<Experiments["enter"]>[3],
): Promise<boolean> {
  // All of the area in one order: whoever starts another one at the same moment waits here and finds this one running.
  const lock = `${select} where area = (select area from experiment where id = $1) order by id for update`;
  const all = await tx.query<Experiment>(lock, [id]);
  const found = all.find((one) => one.id === id);
  if (found === undefined || !from.includes(found.state)) return false;
  const starts = step.state === "running";
  if (starts && all.some(({ state }) => state === "running")) return false;
  const place = starts ? all.filter((one) => one.place !== null).length : found.place;
  const arms = found.arms.map((arm): Arm => ({ ...arm, ranges: ranges?.[arm.name] ?? arm.ranges }));
  const text = "update experiment set state = $2, place = $3, arms = $4, steps = $5 where id = $1";
  const lists = [arms, [...found.steps, step]].map((list) => JSON.stringify(list));
  await tx.execute(text, [id, step.state, place, ...lists]);
  return true;
}

async function readDigits(
  db: Database,
  area: string,
  buckets: readonly Bucket[],
): ReturnType<Experiments["digits"]> {
  const text = `select customer_id as "customerId", digit, held_out as "heldOut" from customer_digit
    where bucket = any($1::smallint[]) and area = $2`;
  type Found = Omit<CustomerDigit, "bucket" | "area">;
  const list = arrayLiteral("integer", buckets, (bucket) => bucket);
  const found = await db.query<Found>(text, [list, area]);
  return new Map(found.map(({ customerId, ...rest }) => [customerId, rest]));
}

/** Keeps digits: the first one drawn for a customer stays, and a holdout stays one. */
export async function saveDigits(
  tx: Transaction,
  bucket: Bucket,
  digits: readonly CustomerDigit[],
): Promise<void> {
  if (digits.length === 0) return;
  const tail = `on conflict (bucket, area, customer_id) do update set held_out = true
    where excluded.held_out and not customer_digit.held_out`;
  await tx.execute(rows.customerDigits.insert(tail), rows.customerDigits.values(bucket, digits));
}
