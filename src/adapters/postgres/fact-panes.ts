// Panes of many lines at once, streamed in the order of their key: the newest version of a pane is the last of its rows,
// so that nothing is sorted and a bucket of any size passes through.

import type { BusinessDate, Instant } from "../../domain/calendar.ts";
import type { ExposedLine } from "../../domain/exposure.ts";
import type { Bucket, Id } from "../../domain/id.ts";
import { paneKey, type PaneRow } from "../../domain/pane.ts";
import type { FactPanes, RecordedEvent } from "../../portfolio/ports.ts";
import { decodeCopyRow } from "./copy.ts";
import type { Database } from "./pool.ts";
import { selectExposed } from "./reads.ts";
import { copyLiteral } from "./set-statement.ts";
import { parseInt8 } from "./value-types.ts";

const columns = `bucket, line_id, on_date, measure, to_char(known_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
  count, sum, low, high, last, seen, last_seen, to_char(last_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const inOrder = "order by bucket, line_id, on_date, measure, known_at, seq";

/** The port over one database. */
export function factPanesIn(db: Database): FactPanes {
  return {
    of: async ({ asOf, knownAt }, buckets, after) => {
      const found = new Map<Id, PaneRow[]>();
      if (buckets.length === 0) return found;
      const among = `any('{${buckets.map(Number).join(",")}}'::smallint[])`;
      const where = `bucket = ${among} and on_date > ${copyLiteral(after)}::date
        and on_date <= ${copyLiteral(asOf)}::date and known_at <= ${copyLiteral(knownAt)}::timestamptz`;
      for await (const row of newestRows(db, where)) {
        const own = found.get(row.lineId);
        if (own === undefined) found.set(row.lineId, [row]);
        else own.push(row);
      }
      return found;
    },
    exposed: async (buckets) => {
      const text = `${selectExposed} where l.bucket = any($1::smallint[]) order by l.bucket, l.id`;
      const found = buckets.length === 0 ? [] : await db.query<ExposedLine>(text, [buckets]);
      return Map.groupBy(found, ({ customerId }) => customerId);
    },
    buckets: async () => {
      const text = `select bucket from bucket b
        where exists (select 1 from signal s where s.bucket = b.bucket)
          or exists (select 1 from fact_pane p where p.bucket = b.bucket) order by bucket`;
      const found = await db.query<Readonly<{ bucket: Bucket }>>(text);
      return found.map(({ bucket }) => bucket);
    },
    all: (bucket) => newestRows(db, `bucket = ${bucket}`),
    signals: (bucket) => recordedIn(db, bucket),
  };
}

async function* newestRows(db: Database, where: string): AsyncGenerator<PaneRow> {
  let held: PaneRow | null = null;
  const copy = `copy (select ${columns} from fact_pane where ${where} ${inOrder}) to stdout`;
  for await (const fields of copiedRows(db, copy)) {
    const row = paneOf(fields);
    if (held !== null && paneKey(held) !== paneKey(row)) yield held;
    held = row;
  }
  if (held !== null) yield held;
}

function paneOf(fields: readonly (string | null)[]): PaneRow {
  return {
    bucket: Number(fields[0]),
    lineId: fields[1]!,
    onDate: fields[2] as BusinessDate,
    measure: fields[3]!,
    knownAt: fields[4] as Instant,
    count: Number(fields[5]),
    sum: numberOf(fields[6]),
    low: numberOf(fields[7]),
    high: numberOf(fields[8]),
    last: numberOf(fields[9]),
    seen: fields[10] == null ? null : (JSON.parse(fields[10]) as string[]),
    lastSeen: fields[11] ?? null,
    lastAt: (fields[12] ?? null) as Instant | null,
  };
}

function numberOf(text: string | null | undefined): number | null {
  return text == null ? null : parseInt8(text);
}

async function* recordedIn(db: Database, bucket: Bucket): AsyncGenerator<RecordedEvent> {
  const copy = `copy (select line_id, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), body
    from event where bucket = ${bucket} and kind = 'SignalRecorded' order by seq) to stdout`;
  for await (const [lineId, at, body] of copiedRows(db, copy)) {
    const signal = JSON.parse(body!) as RecordedEvent["signal"];
    yield { lineId: lineId!, at: at as Instant, signal };
  }
}

/** Rows of a COPY as they come, whatever the pieces that they come in. */
async function* copiedRows(db: Database, copy: string): AsyncGenerator<readonly (string | null)[]> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of db.copyChunksTo(copy)) {
    const text = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let from = 0;
    for (let end = text.indexOf(10, from); end >= 0; end = text.indexOf(10, from)) {
      yield decodeCopyRow(text.toString("utf8", from, end));
      from = end + 1;
    }
    rest = text.subarray(from);
  }
}
