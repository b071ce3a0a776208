// Signals about the environment in PostgreSQL: one statement for a batch, once per (source, id) by the primary key; the news
// that new ones bring is written with them, once for a place while it waits.

import type { EnvironmentNews } from "../../domain/environment-news.ts";
import type {
  EnvironmentSignal,
  EnvironmentSignals,
  NewsBrought,
} from "../../flow/environment-ports.ts";
import { checkLimit } from "../store/cursor.ts";
import type { Database, Transaction } from "./pool.ts";
import * as rows from "./rows.ts";
import { arrayLiteral, type SqlType } from "./set-statement.ts";

const columns: readonly (readonly [keyof EnvironmentSignal, string, SqlType])[] = [
  ["source", "source", "text"],
  ["id", "id", "text"],
  ["type", "type", "text"],
  ["subject", "subject", "text"],
  ["asOf", "as_of", "date"],
  ["happenedAt", "happened_at", "timestamptz"],
  ["knownAt", "known_at", "timestamptz"],
  ["by", "recorded_by", "text"],
  ["data", "data", "jsonb"],
  ["content", "content", "text"],
];

const names = columns.map(([, name]) => name).join(", ");
const unnested = columns.map(([, , type], index) => `$${index + 1}::${type}[]`).join(", ");
const insert = `insert into environment_signal (${names}) select * from unnest(${unnested})
  on conflict (source, id) do nothing returning source, id`;
const look = `select s.source, s.id, s.content from unnest($1::text[], $2::text[]) as w(source, id)
  join environment_signal s on s.source = w.source and s.id = w.id`;
const select = `select ${columns.map(([field, name]) => `${name} as "${field}"`).join(", ")}
  from environment_signal`;

const tellable = `where type = any($1::text[]) and as_of > $2 and as_of <= $3 and known_at <= $4
  order by known_at, source, id`;

const newsColumns: readonly (readonly [keyof EnvironmentNews, string])[] = [
  ["id", "id"],
  ["place", "place"],
  ["knownAt", "known_at"],
  ["state", "state"],
  ["changed", "changed"],
  ["nextBucket", "next_bucket"],
  ["lines", "lines"],
  ["held", "held"],
  ["decided", "decided"],
  ["endedAt", "ended_at"],
];
const selectNews = `select ${newsColumns.map(([field, name]) => `${name} as "${field}"`).join(", ")}
  from environment_news`;
// The update changes nothing but takes the lock: whoever begins to spread the news that waits sees this signal, or this
// signal sees that it waits no more and brings news of its own.
const insertNews = `insert into environment_news (${newsColumns.map(([, name]) => name).join(", ")})
  values (${newsColumns.map((_, at) => `$${at + 1}`).join(", ")})
  on conflict (place) where state = 'waiting' do update set place = excluded.place returning id`;
const updateNews = `update environment_news set state = $4, changed = $5::jsonb, next_bucket = $6, lines = $7,
  held = $8, decided = $9, ended_at = $10 where id = $1 and state = $2 and next_bucket = $3`;

type Key = Pick<EnvironmentSignal, "source" | "id">;

/** The port over one database. */
export function environmentIn(db: Database): EnvironmentSignals {
  return {
    record: async (signals, brought = []) => {
      if (signals.length === 0) return [];
      const added = await db.transaction((tx) => add(tx, signals, brought));
      const stored = await db.query<Key & Pick<EnvironmentSignal, "content">>(look, [
        arrayLiteral("text", signals, ({ source }) => source),
        arrayLiteral("text", signals, ({ id }) => id),
      ]);
      const contents = new Map(stored.map((row) => [keyOf(row), row.content]));
      return signals.map((signal) => {
        const key = keyOf(signal);
        // Of two with one key in a batch the first is the new one.
        return { isNew: added.delete(key), content: contents.get(key)! };
      });
    },
    newest: (type, limit) => {
      const where = type === null ? "" : "where type = $1";
      const tail = `order by as_of desc, known_at desc, source, id limit ${checkLimit(limit)}`;
      return db.query<EnvironmentSignal>(`${select} ${where} ${tail}`, type === null ? [] : [type]);
    },
    told: (types, { after, asOf, knownAt }) =>
      db.query<EnvironmentSignal>(`${select} ${tellable}`, [types, after, asOf, knownAt]),
    newestNews: (limit) =>
      db.query<EnvironmentNews>(
        `${selectNews} order by known_at desc, id desc limit ${checkLimit(limit)}`,
      ),
    findNews: async (id) => {
      const [found] = await db.query<EnvironmentNews>(`${selectNews} where id = $1`, [id]);
      return found ?? null;
    },
    moveNews: async (seen, to) => {
      const changed = JSON.stringify(to.changed);
      return (
        (await db.execute(updateNews, [
          ...[seen.id, seen.state, seen.nextBucket, to.state, changed, to.nextBucket],
          ...[to.lines, to.held, to.decided, to.endedAt],
        ])) === 1
      );
    },
  };
}

/** Adds what is new, with the news that it brings; the keys of what was added. */
async function add(
  tx: Transaction,
  signals: readonly EnvironmentSignal[],
  brought: readonly (NewsBrought | null)[],
): Promise<Set<string>> {
  const values = columns.map(([field, , type]) =>
    arrayLiteral(type, signals, (signal) => signal[field]),
  );
  const added = new Set((await tx.query<Key>(insert, values)).map(keyOf));
  for (const { news, timer } of firstByPlace(signals, brought, added)) {
    const held = newsColumns.map(([field]) =>
      field === "changed" ? JSON.stringify(news.changed) : news[field],
    );
    const [standing] = await tx.query<Pick<EnvironmentNews, "id">>(insertNews, held);
    if (standing?.id === news.id) {
      await tx.execute(rows.timers.insert(), rows.timers.values(timer.bucket, [timer]));
    }
  }
  return added;
}

/** In the order of places, so that of two batches one waits for the other. */
function firstByPlace(
  signals: readonly EnvironmentSignal[],
  brought: readonly (NewsBrought | null)[],
  added: ReadonlySet<string>,
): readonly NewsBrought[] {
  const byPlace = new Map<string, NewsBrought>();
  signals.forEach((signal, at) => {
    const one = brought[at] ?? null;
    if (one === null || !added.has(keyOf(signal)) || byPlace.has(one.news.place)) return;
    byPlace.set(one.news.place, one);
  });
  return [...byPlace.values()].toSorted((one, other) =>
    one.news.place < other.news.place ? -1 : 1,
  );
}

function keyOf({ source, id }: Key): string {
  return JSON.stringify([source, id]);
}
