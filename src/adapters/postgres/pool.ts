// The one way to a database: pooled connections with prepared statements, exact value types, time-outs and retries.
// Conflicts between transactions are always run again here, so nothing above needs to know that they happen.
import type { Kysely } from "kysely";
import pg from "pg";
import { Fault } from "../fault.ts";
import { decodeCopyRows, encodeCopyRows, type Feed } from "./copy.ts";
import type { EmbeddedConnection, EmbeddedServer } from "./embedded.ts";
import { kyselyOver } from "./kysely.ts";
import { makePermits } from "./permits.ts";
import { conflictRetries, connectRetries, withRetry } from "./retry.ts";
import { Session } from "./session.ts";
import { codeOf, isConflict, isConnectionLoss, isStaleStatement, toFault } from "./sql-fault.ts";
import { valueTypes } from "./value-types.ts";

/** What a database and a transaction can both do. Values come as `valueTypes` says; failures are `Fault`s. */
export type Queryable = Readonly<{
  /** Runs one statement (prepared) and returns its rows. An array value is a PostgreSQL array; pass JSON as text. */
  query<R extends object>(text: string, values?: readonly unknown[]): Promise<R[]>;
  /** Runs one statement (prepared) and returns the number of rows it touched. */
  execute(text: string, values?: readonly unknown[]): Promise<number>;
  /** `copy … from stdin` (text format) with rows of values, escaped here; returns the rows stored. Bounded memory. */
  copyFrom(text: string, rows: Feed<readonly unknown[]>): Promise<number>;
  /** The same with ready-made COPY text, for hot paths. */
  copyChunksFrom(text: string, chunks: Feed<Uint8Array | string>): Promise<number>;
  /** `copy … to stdout` (text format): rows of text fields, null for NULL. Ends cleanly when iteration stops early. */
  copyTo(text: string): AsyncGenerator<readonly (string | null)[]>;
  /** The same as raw bytes that do not respect line ends, for hot paths. */
  copyChunksTo(text: string): AsyncGenerator<Buffer>;
  /** Kysely over this connection or pool; `DB` is the caller's table interface. */
  kysely<DB>(): Kysely<DB>;
}>;

/** A running transaction. Refuses every use after its end, and other uses while a `copyTo` is being read. */
export type Transaction = Queryable &
  Readonly<{
    /** `copy … from stdin` of ready-made COPY text in one go, within the time-out of one statement. */
    copyTextFrom(text: string, rows: string): Promise<number>;
    /** Work whose statements do not need each other's answers, no text twice at once and no COPY: they share a round trip. */
    together(works: readonly (() => Promise<unknown>)[]): Promise<void>;
    /** Several statements without parameters in one round trip: for migrations. */
    runScript(text: string): Promise<void>;
  }>;

/** `rollback` runs the work and undoes it (a dry run); `queryTimeoutMs` bounds each statement, 0 for no bound. */
type TransactionOptions = Readonly<{
  readOnly?: boolean;
  rollback?: boolean;
  queryTimeoutMs?: number;
}>;

/** An open database. Its single statements are retried on conflict like its transactions. */
export type Database = Queryable &
  Readonly<{
    /**
     * Runs `work` in one READ COMMITTED transaction and commits, or rolls back and throws what `work` threw. On a
     * serialisation failure or deadlock (40001, 40P01) everything is rolled back and `work` runs again, so it must
     * have no other effects. A lost connection is retried only before `work` begins.
     */
    transaction<T>(work: (tx: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T>;
    /** Waits for borrowed connections, then closes all. Idempotent. */
    close(): Promise<void>;
  }>;

/** Milliseconds throughout. `revive` is called when the server cannot be reached, before trying again. */
export type DatabaseOptions = Readonly<{
  max?: number;
  application?: string;
  connectTimeoutMs?: number;
  queueTimeoutMs?: number;
  queryTimeoutMs?: number;
  prepared?: boolean;
  revive?: () => Promise<void>;
}>;

type Settings = Required<Omit<DatabaseOptions, "revive">> & Pick<DatabaseOptions, "revive">;
type Lease = Readonly<{ session: Session; release: (destroy: boolean) => void }>;

const defaults = {
  max: 10,
  application: "tidemark",
  connectTimeoutMs: 2_000,
  queueTimeoutMs: 30_000,
  queryTimeoutMs: 60_000,
  prepared: true,
};

const oldestVersion = 150_000;
const mostBegins = 5;

/**
 * Opens a pool on a URL or an embedded server (which is restarted when it was killed) and checks that it is PostgreSQL
 * 15 or newer with encoding UTF8. Throws a `Fault` that says what was found; a server that does not answer fails within
 * `connectTimeoutMs`.
 */
export async function openDatabase(
  target: string | EmbeddedConnection | EmbeddedServer,
  options: DatabaseOptions = {},
): Promise<Database> {
  const revive =
    typeof target === "object" && "ensureRunning" in target
      ? () => target.ensureRunning()
      : undefined;
  const settings: Settings = {
    ...defaults,
    ...(revive === undefined ? {} : { revive }),
    ...options,
  };
  const database = makeDatabase(makeLeases(target, settings));
  try {
    await checkServer(database);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function checkServer(database: Database): Promise<void> {
  const [found] = await database.query<{ version: number; text: string; encoding: string }>(
    `select current_setting('server_version_num')::int as version, current_setting('server_version') as text,
            current_setting('server_encoding') as encoding`,
  );
  if (found === undefined || found.version < oldestVersion) {
    throw new Fault(`Cannot use database: found PostgreSQL ${found?.text}, expected 15 or newer`, {
      retryable: false,
    });
  }
  if (found.encoding !== "UTF8") {
    throw new Fault(`Cannot use database: found encoding ${found.encoding}, expected UTF8`, {
      retryable: false,
    });
  }
}

type Leases = Readonly<{
  take(): Promise<Lease>;
  takeForTransaction(): Promise<Lease>;
  close(): Promise<void>;
}>;

/**
 * Connections that transactions leave free for single statements. The holder of a lock may need a statement outside
 * its transaction; were every connection in a transaction that waits for that lock, none would ever go on.
 */
const keptForStatements = 2;

/** Connections from the pool, with bounded retries while the server cannot be reached. */
function makeLeases(
  target: string | EmbeddedConnection | EmbeddedServer,
  settings: Settings,
): Leases {
  const clientConfig = configFor(target, settings);
  // The pool's own time-out would also cut waiting for a free connection, which `permits` bounds separately.
  class Client extends pg.Client {
    constructor() {
      super(clientConfig);
    }
  }
  const pool = new pg.Pool({
    max: settings.max,
    allowExitOnIdle: true,
    Client,
  });
  // An idle connection that is lost is taken out of the pool; the next use makes another.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  const permits = makePermits(settings.max);

  async function take(): Promise<Lease> {
    await permits.take(settings.queueTimeoutMs);
    try {
      const client = await pool.connect();
      const session = new Session(client, settings);
      const release = (destroy: boolean) => {
        session.end("its connection was already given back");
        client.release(destroy || session.broken);
        permits.give();
      };
      return { session, release };
    } catch (error) {
      permits.give();
      throw toFault(`connect to database ${placeOf(target)}`, error);
    }
  }
  const takeWithRetry = (): Promise<Lease> =>
    withRetry(connectRetries, canReachLater, take, () => settings.revive?.() ?? Promise.resolve());
  let closing: Promise<void> | undefined;
  return {
    take: takeWithRetry,
    takeForTransaction: bounded(settings, takeWithRetry),
    close: () => (closing ??= pool.end()),
  };
}

/** The same lease, held by fewer callers at once. */
function bounded(settings: Settings, take: () => Promise<Lease>): () => Promise<Lease> {
  const permits = makePermits(Math.max(1, settings.max - keptForStatements));
  return async () => {
    await permits.take(settings.queueTimeoutMs);
    try {
      const { session, release } = await take();
      const releaseBoth = (destroy: boolean): void => {
        release(destroy);
        permits.give();
      };
      return { session, release: releaseBoth };
    } catch (error) {
      permits.give();
      throw error;
    }
  };
}

/** A server that refuses may be starting; one that is silent for the whole time-out is not asked again. */
function canReachLater(error: unknown): boolean {
  const silent = error instanceof Error && /timeout expired/.test(error.message);
  return (isConnectionLoss(error) && !silent) || codeOf(error) === "53300";
}

function mustRunAgain(error: unknown): boolean {
  return (
    isConflict(error) ||
    isStaleStatement(error) ||
    isStaleStatement((error as Error | undefined)?.cause)
  );
}

function makeDatabase(leases: Leases): Database {
  async function withSession<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return withRetry(conflictRetries, mustRunAgain, async () => {
      const { session, release } = await leases.take();
      return work(session).finally(() => release(false));
    });
  }
  async function once<T>(
    work: (tx: Transaction) => Promise<T>,
    options: TransactionOptions,
  ): Promise<T> {
    return runTransaction(await begin(leases, options), work, options.rollback === true);
  }
  async function* copyChunksTo(text: string): AsyncGenerator<Buffer> {
    const { session, release } = await begin(leases, { readOnly: true });
    try {
      yield* session.copyOut(text, true);
      await session.script("commit");
    } catch (error) {
      if (!session.broken) await session.script("rollback").catch(() => undefined);
      throw error;
    } finally {
      release(false);
    }
  }
  let kysely: Kysely<unknown> | undefined;
  return {
    query: (text, values) =>
      withSession(async (session) => (await session.run(text, values)).rows as never[]),
    execute: (text, values) =>
      withSession(async (session) => (await session.run(text, values)).rowCount ?? 0),
    transaction: (work, options = {}) =>
      withRetry(conflictRetries, mustRunAgain, () => once(work, options)),
    // A feed can be read once, so a COPY is not run again.
    copyFrom: (text, rows) => once((tx) => tx.copyFrom(text, rows), {}),
    copyChunksFrom: (text, chunks) => once((tx) => tx.copyChunksFrom(text, chunks), {}),
    copyTo: (text) => decodeCopyRows(copyChunksTo(text)),
    copyChunksTo,
    kysely: <DB>() =>
      (kysely ??= kyselyOver<unknown>(() => leases.take())) as unknown as Kysely<DB>,
    close: () => leases.close(),
  };
}

/** A pooled connection may have died unnoticed; nothing has happened yet, so another one is taken. */
async function begin(leases: Leases, options: TransactionOptions): Promise<Lease> {
  for (let attempt = 1; ; attempt++) {
    const lease = await leases.takeForTransaction();
    try {
      await lease.session.begin(options.readOnly === true, options.queryTimeoutMs);
      return lease;
    } catch (error) {
      lease.release(true);
      if (attempt >= mostBegins || !isConnectionLoss(error)) throw error;
    }
  }
}

async function runTransaction<T>(
  lease: Lease,
  work: (tx: Transaction) => Promise<T>,
  rollback: boolean,
): Promise<T> {
  const { session, release } = lease;
  let finished = false;
  let undone = true;
  try {
    const result = await work(transactionOver(session, () => finished));
    finished = true;
    await (rollback ? session.script("rollback") : commit(session));
    return result;
  } catch (error) {
    finished = true;
    // A connection that may still be inside the transaction must not be reused.
    undone = !session.broken && (await session.script("rollback").then(isDone, () => false));
    throw error;
  } finally {
    release(!undone);
  }
}

function isDone(): boolean {
  return true;
}

async function commit(session: Session): Promise<void> {
  const result = await session.script("commit", "commit transaction, its outcome is unknown");
  if (result.command === "COMMIT") return;
  throw new Fault(
    "Cannot commit transaction: a statement in it failed and the failure was not passed on",
    { retryable: false },
  );
}

function transactionOver(session: Session, isFinished: () => boolean): Transaction {
  const live = (): Session => {
    if (!isFinished()) return session;
    throw new Fault("Cannot use transaction: it has ended", { retryable: false });
  };
  const borrow = async () => ({ session: live(), release: () => undefined });
  let kysely: Kysely<unknown> | undefined;
  return {
    query: async (text, values) => (await live().run(text, values)).rows as never[],
    execute: async (text, values) => (await live().run(text, values)).rowCount ?? 0,
    together: async (works) => live().together(works),
    runScript: async (text) => void (await live().script(text)),
    copyFrom: async (text, rows) => live().copyIn(text, encodeCopyRows(rows)),
    copyChunksFrom: async (text, chunks) => live().copyIn(text, chunks),
    copyTextFrom: async (text, rows) => live().copyTextIn(text, rows),
    copyTo: (text) => decodeCopyRows(live().copyOut(text, false)),
    copyChunksTo: (text) => live().copyOut(text, false),
    kysely: <DB>() => (kysely ??= kyselyOver<unknown>(borrow)) as unknown as Kysely<DB>,
  };
}

function configFor(
  target: string | EmbeddedConnection | EmbeddedServer,
  settings: Settings,
): pg.ClientConfig {
  const place =
    typeof target === "string"
      ? { connectionString: target }
      : "connection" in target
        ? target.connection
        : target;
  return {
    ...place,
    application_name: settings.application,
    connectionTimeoutMillis: settings.connectTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    statement_timeout: settings.queryTimeoutMs,
    options: "-c TimeZone=UTC -c DateStyle=ISO -c IntervalStyle=iso_8601 -c bytea_output=hex",
    types: valueTypes,
  };
}

/** Host and database, never the password. */
function placeOf(target: string | EmbeddedConnection | EmbeddedServer): string {
  if (typeof target === "object")
    return "connection" in target ? target.connection.host : target.host;
  if (!URL.canParse(target)) return "of the given URL";
  const { host, pathname, searchParams } = new URL(target);
  return `${searchParams.get("host") ?? host}${pathname}`;
}
