// What a sweep reads: lines with the facts of its date, a few buckets in one COPY. Text that the server streams and that
// is cut here in one piece costs a fraction of rows that come one by one, and this is the read of every line.

import { addDays, type BusinessDate } from "../../domain/calendar.ts";
import type { LineStatus } from "../../domain/credit-line.ts";
import type { Bucket } from "../../domain/id.ts";
import type { LineToAssess, SweepView } from "../../portfolio/ports.ts";
import { decodeCopyRow } from "./copy.ts";
import type { Database } from "./pool.ts";
import { copyLiteral } from "./set-statement.ts";
import { parseInt8 } from "./value-types.ts";

function copyOf({ asOf, knownAt, portfolio }: SweepView, buckets: readonly Bucket[]): string {
  const date = `${copyLiteral(asOf)}::date`;
  const instant = `${copyLiteral(knownAt)}::timestamptz`;
  const yearBefore = `${copyLiteral(addDays(asOf, -365))}::date`;
  const among = `any('{${buckets.map(Number).join(",")}}'::smallint[])`;
  const inPortfolio = portfolio === null ? "" : `and l.portfolio = ${copyLiteral(portfolio)}`;
  return `copy (select l.bucket, l.id, l.customer_id, l.portfolio, l.ver, l.limit_minor, l.drawn_minor,
    l.pending_minor, l.status, l.opened_on, l.last_decrease_on, coalesce(d.decreased, 0), f.facts,
    l.jurisdiction
  from credit_line l
  left join lateral (select facts from line_facts f where f.bucket = l.bucket and f.line_id = l.id
    and f.as_of <= ${date} and f.known_at <= ${instant}
    order by f.as_of desc, f.known_at desc, f.seq desc limit 1) f on true
  left join (select bucket, line_id, sum(from_minor - to_minor) as decreased from limit_change
    where bucket = ${among} and on_date > ${yearBefore} and on_date <= ${date} and known_at <= ${instant}
    group by bucket, line_id) d on d.bucket = l.bucket and d.line_id = l.id
  where l.bucket = ${among} ${inPortfolio}) to stdout`;
}

/** The lines of these buckets, each by line id; bounded by what the buckets hold. */
export async function readLines(
  db: Database,
  sweep: SweepView,
  buckets: readonly Bucket[],
): Promise<ReadonlyMap<Bucket, readonly LineToAssess[]>> {
  const found = new Map<Bucket, LineToAssess[]>(buckets.map((bucket) => [bucket, []]));
  if (buckets.length === 0) return found;
  const chunks: Buffer[] = [];
  for await (const chunk of db.copyChunksTo(copyOf(sweep, buckets))) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString("utf8");
  for (let from = 0; from < text.length;) {
    const end = text.indexOf("\n", from);
    const fields = decodeCopyRow(text.slice(from, end));
    found.get(Number(fields[0]))!.push(lineOf(fields));
    from = end + 1;
  }
  // The server would sort wide rows for an order that they mostly have; here only ids are compared.
  for (const lines of found.values()) lines.sort(byId);
  return found;
}

function byId({ line: { id: left } }: LineToAssess, { line: { id: right } }: LineToAssess): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

// A literal with all properties at once: rows of one shape are several times faster to make and to read.
function lineOf(fields: readonly (string | null)[]): LineToAssess {
  const facts = fields[12];
  return {
    line: {
      id: fields[1]!,
      customerId: fields[2]!,
      portfolio: fields[3]!,
      ver: Number(fields[4]),
      limitMinor: parseInt8(fields[5]!),
      drawnMinor: parseInt8(fields[6]!),
      pendingMinor: parseInt8(fields[7]!),
      status: fields[8] as LineStatus,
      openedOn: fields[9] as BusinessDate | null,
      lastDecreaseOn: fields[10] as BusinessDate | null,
      jurisdiction: fields[13]!,
    },
    facts: facts == null ? {} : (JSON.parse(facts) as LineToAssess["facts"]),
    decreasedLast12MonthsMinor: parseInt8(fields[11]!),
  };
}
