// Idempotency for requests that concern no customer (sweeps, strategies, halts). Their effects are
// idempotent by their own ids, so the book only has to tell that a key was used, for which request, and what
// was answered: claim, effect, settle. A crash in between makes the retry do the effect again, which changes
// nothing.

import type { IdempotencyKey } from "../../flow/ports.ts";
import type { Queryable } from "../postgres/pool.ts";

/** What is known under a key; `answer` is null while the first request has not settled. */
export type BookedReply = Readonly<{
  bodyHash: string;
  answer: Readonly<{ status: number; reply: unknown }> | null;
}>;

export type ReplyBook = Readonly<{
  /** books the key for this request, unless it is booked already; what is booked then */
  claim: (key: IdempotencyKey) => Promise<BookedReply>;
  /** keeps the first answer under a booked key */
  settle: (key: IdempotencyKey, status: number, reply: unknown) => Promise<void>;
  /** forgets a booked key that led to nothing, so that it may be tried again */
  release: (key: IdempotencyKey) => Promise<void>;
}>;

// The column is not null: 0 stands for "not settled yet".
const unsettled = 0;

type Row = Readonly<{ bodyHash: string; status: number; reply: unknown }>;

/** The book in PostgreSQL: table idempotency_global. Throws the database's faults. */
export function sqlReplyBook(database: Pick<Queryable, "query" | "execute">): ReplyBook {
  return {
    claim: async ({ client, key, bodyHash }) => {
      await database.execute(
        `insert into idempotency_global (client, key, body_hash, status, reply)
         values ($1, $2, $3, ${unsettled}, 'null') on conflict do nothing`,
        [client, key, bodyHash],
      );
      const [row] = await database.query<Row>(
        `select body_hash as "bodyHash", status, reply from idempotency_global where client = $1 and key = $2`,
        [client, key],
      );
      if (row === undefined) return { bodyHash, answer: null };
      const { status, reply } = row;
      const answer = status === unsettled ? null : { status, reply };
      return { bodyHash: row.bodyHash, answer };
    },
    settle: async ({ client, key, bodyHash }, status, reply) => {
      await database.execute(
        `update idempotency_global set status = $4, reply = $5
         where client = $1 and key = $2 and body_hash = $3 and status = ${unsettled}`,
        [client, key, bodyHash, status, JSON.stringify(reply)],
      );
    },
    release: async ({ client, key, bodyHash }) => {
      await database.execute(
        `delete from idempotency_global
         where client = $1 and key = $2 and body_hash = $3 and status = ${unsettled}`,
        [client, key, bodyHash],
      );
    },
  };
}
