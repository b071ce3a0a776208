// The sums of the transparency report, made by the database: what leaves it counts customers and names none.

import type {
  Transparency,
  TransparencySums,
  TransparencyWindow,
  Waited,
} from "../../portfolio/transparency-ports.ts";
import type { Database } from "./pool.ts";

const ofPortfolio = `join credit_line l on l.bucket = t.bucket and l.id = t.line_id
  and ($3::text is null or l.portfolio = $3)`;

const made = `from decision t ${ofPortfolio}
  where t.made_at >= $1::timestamptz and t.made_at < $2::timestamptz and t.action in ('decrease', 'freeze', 'close')`;

const decisions = `select t.action, l.jurisdiction, t.record::jsonb ->> 'cause' as cause, t.state, count(*) as count
  ${made} group by 1, 2, 3, 4 order by 1, 2, 3, 4`;

const reasons = `select r.code, count(*) as count from (select t.reasons ${made}) d
  cross join lateral jsonb_array_elements_text(d.reasons) as r(code) group by 1 order by 1`;

const notices = `select count(*) as count from notice t ${ofPortfolio}
  join decision d on d.bucket = t.bucket and d.id = t.decision_id and d.action in ('decrease', 'freeze', 'close')
  where t.issued_at >= $1::timestamptz and t.issued_at < $2::timestamptz`;

const reviews = `select case when t.resolution <> 'approved' then t.resolution
      when t.override is null then 'upheld' else 'changed' end as verdict, count(*) as count
  from review_case t ${ofPortfolio}
  where t.resolved_at >= $1::timestamptz and t.resolved_at < $2::timestamptz and t.appeal is null group by 1 order by 1`;

const appeals = `select t.resolution as verdict, count(*) as count from review_case t ${ofPortfolio}
  where t.resolved_at >= $1::timestamptz and t.resolved_at < $2::timestamptz and t.appeal is not null
  group by 1 order by 1`;

const heard = `from event t ${ofPortfolio}
  where t.kind = 'SignalRecorded' and t.at >= $1::timestamptz and t.at < $2::timestamptz`;

const complaints = `select t.body ->> 'topic' as topic, count(*) as count ${heard}
    and t.body ->> 'type' = 'complaint' and t.body ->> 'state' = 'opened' group by 1 order by 1`;

const inquiries = `select count(*) as count ${heard}
    and t.body ->> 'type' in ('complaint', 'inquiry') and t.body ->> 'type' = 'inquiry'`;

const undone = `select t.did, count(*) as count from undone_line t ${ofPortfolio}
  join wave_undo u on u.id = t.undo_id
  where u.decided_at >= $1::timestamptz and u.decided_at < $2::timestamptz group by 1`;

const waited = (from: string, to: string): string => `
  select count(*) as count, coalesce(percentile_disc(0.5) within group (order by seconds), 0) as "medianSeconds",
    coalesce(percentile_disc(0.9) within group (order by seconds), 0) as "p90Seconds"
  from (select floor(extract(epoch from ${to} - ${from}))::bigint as seconds
    from decision t ${ofPortfolio}
    join notice n on n.bucket = t.bucket and n.decision_id = t.id
    left join event e on e.bucket = t.bucket and e.line_id = t.line_id and e.subject = t.id
      and e.kind in ('LimitDecreased', 'LineFrozen', 'LineClosed')
    where t.made_at >= $1::timestamptz and t.made_at < $2::timestamptz
      and t.action in ('decrease', 'freeze', 'close') and ${to} is not null) w`;

/** The port over one database. */
export function transparencyIn(db: Pick<Database, "query">): Transparency {
  return async ({ start, end, portfolio }: TransparencyWindow): Promise<TransparencySums> => {
    const read = <Row extends object>(text: string): Promise<Row[]> =>
      db.query<Row>(text, [start, end, portfolio]);
    type Count = Readonly<{ count: number }>;
    const undoings = await read<Count & Readonly<{ did: keyof TransparencySums["undone"] }>>(
      undone,
    );
    return {
      decisions: await read(decisions),
      reasons: await read(reasons),
      notices: (await read<Count>(notices))[0]!.count,
      reviews: await read(reviews),
      appeals: await read(appeals),
      complaints: await read(complaints),
      inquiries: (await read<Count>(inquiries))[0]!.count,
      undone: {
        ...{ withdrawn: 0, restored: 0, refused: 0 },
        ...Object.fromEntries(undoings.map(({ did, count }) => [did, count])),
      },
      toNotice: someOf((await read<Waited>(waited("t.made_at", "n.issued_at")))[0]!),
      toExecution: someOf((await read<Waited>(waited("n.issued_at", "e.at")))[0]!),
    };
  };
}

function someOf(waits: Waited): Waited | null {
  return waits.count === 0 ? null : waits;
}
