// What happened around the lines, summed by the database: decisions, review cases, notices, messages. Only sums leave
// it, so a report costs the same memory whatever the portfolio did.

import type {
  Activity,
  CutSum,
  DecisionSum,
  DeliverySum,
  PipelineSum,
  ReasonSum,
  ReviewSum,
} from "../../portfolio/report-document.ts";
import type { ReportWindow } from "../../portfolio/report-ports.ts";
import type { Database } from "./pool.ts";

/** Lower ends of the bands of cuts, basis points of the limit; the last band ends at the whole limit. */
const cutBands = [0, 1_000, 3_000, 5_000, 7_500];
const wholeLimit = 10_000;

/** Lower ends of the bands of ages, days. */
const ageBands = [0, 1, 3, 7, 30];

const ofPortfolio = `join credit_line l on l.bucket = t.bucket and l.id = t.line_id
  and ($1::text is null or l.portfolio = $1)`;

const madeInMonth = `from decision t ${ofPortfolio}
  where t.made_at >= $2::timestamptz and t.made_at < $3::timestamptz and t.made_at <= $4::timestamptz`;

const byAction = `select t.action, l.currency, count(*) filter (where t.made_at >= $5::timestamptz) as day,
    count(*) as month,
    coalesce(sum(case when t.action = 'decrease' then t.from_minor - t.to_minor when t.action = 'none' then 0
      else greatest(0, t.from_minor - coalesce((t.record::jsonb #>> '{assessment,facts,drawn}')::bigint, 0)) end
    ), 0)::bigint as "removedMinor"
  ${madeInMonth} group by t.action, l.currency order by t.action, l.currency`;

const byReason = `select r.value ->> 'code' as code, count(*) filter (where t.made_at >= $5::timestamptz) as day,
    count(*) as month
  from decision t ${ofPortfolio}
  cross join lateral jsonb_array_elements(t.record::jsonb #> '{assessment,reasons}') as r(value)
  where t.made_at >= $2::timestamptz and t.made_at < $3::timestamptz and t.made_at <= $4::timestamptz
  group by r.value ->> 'code' order by r.value ->> 'code'`;

const byCut = `select width_bucket((t.from_minor - t.to_minor) * ${wholeLimit} / nullif(t.from_minor, 0),
      $5::bigint[]) - 1 as band, l.currency, count(*) as count,
    sum(t.from_minor - t.to_minor)::bigint as "removedMinor"
  ${madeInMonth} and t.action = 'decrease' and t.from_minor > 0
  group by 1, l.currency order by 1, l.currency`;

const byAge = `select t.state,
    width_bucket(floor(extract(epoch from ($4::timestamptz - t.made_at)) / 86400)::bigint, $5::bigint[]) - 1 as band,
    count(*) as count
  from decision t ${ofPortfolio}
  where t.made_at < $3::timestamptz and t.made_at <= $4::timestamptz
    and (t.state not in ('executed', 'withdrawn', 'refused') or t.made_at >= $2::timestamptz)
  group by 1, 2 order by 1, 2`;

const openReviews = `select t.queue, t.route, count(*) as open,
    count(*) filter (where t.due_at < $2::timestamptz) as overdue, min(t.opened_at) as "oldestAt"
  from review_case t ${ofPortfolio} where t.state = 'open' and t.opened_at <= $2::timestamptz
  group by t.queue, t.route order by t.queue, t.route`;

const issued = `select t.channel, t.state, count(*) as count from notice t ${ofPortfolio}
  where t.issued_at >= $2::timestamptz and t.issued_at < $3::timestamptz and t.issued_at <= $4::timestamptz
  group by t.channel, t.state order by t.channel, t.state`;

const unsent = `select count(*) as waiting, count(*) filter (where fault is not null) as failed
  from outbox where state = 'waiting'`;

const signalled = `select count(*) filter (where t.at >= $5::timestamptz) as day, count(*) as month
  from event t ${ofPortfolio}
  where t.kind = 'SignalRecorded' and t.at >= $2::timestamptz and t.at < $3::timestamptz
    and t.at <= $4::timestamptz and t.body ->> 'type' = any($6::text[])`;

/** All sums of one window. */
export async function readActivity(
  db: Pick<Database, "query">,
  window: ReportWindow,
  complaintTypes: readonly string[],
): Promise<Activity> {
  const { portfolio, monthStart, end, knownAt, dayStart } = window;
  const month = [portfolio, monthStart, end, knownAt];
  const [decisions, reasons, cuts, pipeline, reviews, deliveries, outbox] = await Promise.all([
    db.query<DecisionSum>(byAction, [...month, dayStart]),
    db.query<ReasonSum>(byReason, [...month, dayStart]),
    db.query<Banded & Omit<CutSum, "fromBp" | "toBp">>(byCut, [...month, cutBands]),
    db.query<Banded & Omit<PipelineSum, "fromDays">>(byAge, [...month, ageBands]),
    db.query<ReviewSum>(openReviews, [portfolio, knownAt]),
    db.query<DeliverySum>(issued, month),
    db.query<NonNullable<Activity["outbox"]>>(unsent),
  ]);
  return {
    ...{ decisions, reasons, reviews, deliveries },
    cuts: cuts.map(({ band, ...cut }) => ({
      fromBp: cutBands[band]!,
      toBp: cutBands[band + 1] ?? wholeLimit,
      ...cut,
    })),
    pipeline: pipeline.map(({ band, ...sum }) => ({
      ...sum,
      fromDays: ageBands[Math.max(0, band)]!,
    })),
    outbox: portfolio === null ? (outbox[0] ?? null) : null,
    complaints: await complaintsOf(db, [...month, dayStart], complaintTypes),
  };
}

type Banded = Readonly<{ band: number }>;

async function complaintsOf(
  db: Pick<Database, "query">,
  values: readonly unknown[],
  types: readonly string[],
): Promise<Activity["complaints"]> {
  if (types.length === 0) return null;
  type Counts = NonNullable<Activity["complaints"]>;
  const [counts] = await db.query<Counts>(signalled, [...values, types]);
  return counts ?? null;
}
