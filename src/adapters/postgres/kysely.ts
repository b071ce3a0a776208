// Kysely for ordinary queries, over connections it does not own: compiled SQL runs through our sessions, so that
// its statements are named (prepared) and its errors are faults like everybody else's.
import { Kysely, PostgresDialect } from "kysely";
import type { Session } from "./session.ts";

/** A session and the way to give it back; `destroy` closes its connection. */
export type BorrowedSession = Readonly<{ session: Session; release: (destroy: boolean) => void }>;

/**
 * A Kysely instance that borrows a session for each query. `DB` is the caller's table interface. Never destroy it: the
 * pool is closed by its owner. Transactions are begun with `Database.transaction`, which retries conflicts; Kysely's own does not.
 */
export function kyselyOver<DB>(borrow: () => Promise<BorrowedSession>): Kysely<DB> {
  const connect = async () => {
    const { session, release } = await borrow();
    const query = (sql: string, parameters: readonly unknown[]) => session.run(sql, parameters);
    return { query: query as never, release: (destroy?: boolean) => release(destroy === true) };
  };
  const pool = { connect, end: () => Promise.resolve(), options: {} };
  return new Kysely<DB>({ dialect: new PostgresDialect({ pool }) });
}
