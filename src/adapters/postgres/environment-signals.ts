// Signals about the environment in PostgreSQL: one statement for a batch, once per (source, id) by the primary key.

import type { EnvironmentSignal, EnvironmentSignals } from "../../flow/signal-ports.ts";
import { checkLimit } from "../store/cursor.ts";
import type { Database } from "./pool.ts";
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

type Key = Pick<EnvironmentSignal, "source" | "id">;

/** The port over one database. */
export function environmentIn(db: Database): EnvironmentSignals {
  return {
    record: async (signals) => {
      if (signals.length === 0) return [];
      const values = columns.map(([field, , type]) =>
        arrayLiteral(type, signals, (signal) => signal[field]),
      );
      const added = new Set((await db.query<Key>(insert, values)).map(keyOf));
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
  };
}

function keyOf({ source, id }: Key): string {
  return JSON.stringify([source, id]);
}
