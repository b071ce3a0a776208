// Refused signals in PostgreSQL. The primary key keeps each once; what the sender wrote is encrypted under a key of its
// own, and both are gone once the letter is discarded.

import type { DeadLetter } from "../../domain/dead-letter.ts";
import type { RefusalCode } from "../../domain/refusal.ts";
import { isId } from "../../domain/id.ts";
import type { DeadLetters } from "../../flow/dead-letter-ports.ts";
import { checkLimit, listInTime, pageOf, parseCursor } from "../store/cursor.ts";
import type { Keys } from "../store/keys.ts";
import { conditions } from "./conditions.ts";
import type { Database } from "./pool.ts";
import { arrayLiteral, type SqlType } from "./set-statement.ts";

type Stored = Omit<DeadLetter, "reason" | "content"> &
  Readonly<{
    refused: RefusalCode;
    detailZh: string;
    detailEn: string;
    pointer: string | null;
    content: Uint8Array | null;
    wrappedKey: Uint8Array | null;
    keyId: string | null;
  }>;

const columns: readonly (readonly [keyof Stored, string, SqlType])[] = [
  ["id", "id", "uuid"],
  ["state", "state", "text"],
  ["source", "source", "text"],
  ["eventId", "event_id", "text"],
  ["type", "type", "text"],
  ["refused", "refused", "text"],
  ["detailZh", "detail_zh", "text"],
  ["detailEn", "detail_en", "text"],
  ["pointer", "pointer", "text"],
  ["receivedAt", "received_at", "timestamptz"],
  ["receivedFrom", "received_from", "text"],
  ["acts", "acts", "jsonb"],
  ["content", "content", "bytea"],
  ["wrappedKey", "wrapped_key", "bytea"],
  ["keyId", "key_id", "text"],
  ["ver", "ver", "integer"],
];

const names = columns.map(([, name]) => name);
const select = `select ${columns.map(([field, name]) => `t.${name} as "${field}"`).join(", ")} from dead_letter t`;
const unnested = columns.map(([, , type], index) => `$${index + 1}::${type}[]`).join(", ");
const insert = `insert into dead_letter (${names.join(", ")})
  select * from unnest(${unnested}) on conflict (id) do nothing`;
const update = `update dead_letter t set ${names.map((name) => `${name} = v.${name}`).join(", ")}
  from unnest(${unnested}) as v(${names.join(", ")}) where t.id = v.id and t.ver = $${names.length + 1}`;

/** The port over one database. */
export function deadLettersIn(db: Database, keys: Keys): DeadLetters {
  const values = (letters: readonly DeadLetter[]): string[] => {
    const rows = letters.map((letter) => storedOf(letter, keys));
    return columns.map(([field, , type]) => arrayLiteral(type, rows, (row) => row[field]));
  };
  return {
    keep: async (letters) => {
      if (letters.length > 0) await db.execute(insert, values(letters));
    },
    find: async (id) => {
      if (!isId(id)) return null;
      const [row] = await db.query<Stored>(`${select} where t.id = $1`, [id]);
      return row === undefined ? null : letterOf(row, keys);
    },
    list: async (page, filter) => {
      const list = listInTime("dead_letter", page);
      const after = parseCursor(list, page.after);
      const where = conditions();
      for (const name of ["state", "source", "type"] as const) {
        if (filter[name] !== undefined) where.add(`t.${name} = ?`, filter[name]);
      }
      const [beyond, way] = page.newestFirst === true ? ["<", "desc"] : [">", "asc"];
      if (after !== null) {
        where.add(`(t.received_at, t.id) ${beyond} (?::timestamptz, ?::uuid)`, after.at, after.id);
      }
      const tail = `order by t.received_at ${way}, t.id ${way} limit ${checkLimit(page.limit) + 1}`;
      const found = await db.query<Stored>(`${select} ${where.text()} ${tail}`, where.values);
      const result = pageOf(list, found, page.limit, ({ receivedAt: at, id }) => ({ at, id }));
      return { ...result, rows: result.rows.map((row) => letterOf(row, keys)) };
    },
    replace: async (letter, ver) => (await db.execute(update, [...values([letter]), ver])) === 1,
  };
}

const place = ["dead_letter", "content"] as const;

function storedOf({ reason, content, ...letter }: DeadLetter, keys: Keys): Stored {
  const { refused, detail, pointer = null } = reason;
  const told = { refused, detailZh: detail.zh, detailEn: detail.en, pointer };
  if (content === null) {
    return { ...letter, ...told, content: null, wrappedKey: null, keyId: null };
  }
  const { rowKey, wrapped, keyId } = keys.newRowKey();
  const sealed = keys.encryptField(rowKey, ...place, letter.id, content);
  return { ...letter, ...told, content: sealed, wrappedKey: wrapped, keyId };
}

function letterOf(stored: Stored, keys: Keys): DeadLetter {
  const { refused, detailZh, detailEn, pointer, content, wrappedKey, keyId, ...letter } = stored;
  const detail = { zh: detailZh, en: detailEn };
  const opened =
    content === null || wrappedKey === null || keyId === null
      ? null
      : keys.decryptField(keys.unwrap(wrappedKey, keyId), ...place, letter.id, content);
  return {
    ...letter,
    reason: pointer === null ? { refused, detail } : { refused, detail, pointer },
    content: opened,
  };
}
