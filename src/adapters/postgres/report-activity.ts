// What happened around the lines, summed by the database: decisions, review cases, notices, messages. Only sums leave
// it, so a report costs the same memory whatever the portfolio did.

import type {
  Activity,
  ComplaintSum,
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
    coalesce(sum(case when t.action = 'decrease' then t.from_minor - t.to_minor when t.action not in ('freeze', 'close') then 0
      else greatest(0, t.from_minor - coalesce((t.record::jsonb #>> '{assessment,facts,drawn}')::bigint, 0)) end
    ), 0)::bigint as "removedMinor"
  ${madeInMonth} group by t.action, l.currency order by t.action, l.currency`;

const byReason = `select r.value ->> 'code' as code, count(*) filter (where t.made_at >= $5::timestamptz) as day,
    count(*) as month
  from decision t ${ofPortfolio}
  cross join lateral jsonb_array_elements(t.record::jsonb #> '{assessment,reasons}') as r(value)
  where t.made_at >= $2::timestamptz and t.made_at < $3::timestamptz and t.made_at <= $4::timestamptz
    and not t.record::jsonb ?| array['undoes', 'upholds']
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

const complained = `with told as (
    select t.bucket, t.body ->> 'source' as source, t.body ->> 'complaint' as number, t.body ->> 'state' as state,
      t.body ->> 'topic' as topic, (t.body ->> 'asOf')::date as on_date
    from event t ${ofPortfolio}
    where t.kind = 'SignalRecorded' and t.body ->> 'type' = 'complaint' and t.at <= $2::timestamptz
      and (t.body ->> 'asOf')::date <= $3::date),
  one as (
    select min(topic) as topic, min(on_date) filter (where state = 'opened') as opened,
      min(on_date) filter (where state = 'resolved') as resolved
    from told group by bucket, source, number)
  select topic, count(*) filter (where opened = $3::date) as "openedDay",
    count(*) filter (where opened > $4::date) as "openedMonth",
    count(*) filter (where resolved = $3::date) as "resolvedDay",
    count(*) filter (where resolved > $4::date) as "resolvedMonth",
    count(*) filter (where resolved is null) as open
  from one where opened is not null and (resolved is null or resolved > $4::date or opened > $4::date)
  group by topic order by topic`;

/** All sums of one window. */
export async function readActivity(
  db: Pick<Database, "query">,
  window: ReportWindow,
): Promise<Activity> {
  const { portfolio, asOf, monthBefore, monthStart, end, knownAt, dayStart } = window;
  const month = [portfolio, monthStart, end, knownAt];
  const [decisions, reasons, cuts, pipeline, reviews, deliveries, outbox, complaints] =
    await Promise.all([
      db.query<DecisionSum>(byAction, [...month, dayStart]),
      db.query<ReasonSum>(byReason, [...month, dayStart]),
      db.query<Banded & Omit<CutSum, "fromBp" | "toBp">>(byCut, [...month, cutBands]),
      db.query<Banded & Omit<PipelineSum, "fromDays">>(byAge, [...month, ageBands]),
      db.query<ReviewSum>(openReviews, [portfolio, knownAt]),
      db.query<DeliverySum>(issued, month),
      db.query<NonNullable<Activity["outbox"]>>(unsent),
      db.query<ComplaintSum>(complained, [portfolio, knownAt, asOf, monthBefore]),
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
    complaints,
  };
}

type Banded = Readonly<{ band: number }>;
