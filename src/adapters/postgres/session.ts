// One checked-out connection. Statements are sent one after another even when the caller does not wait, failures become
// faults, and a connection that can no longer be trusted is marked so that it is closed instead of being reused.
import type { PoolClient, QueryConfig, QueryResult, QueryResultRow } from "pg";
import { Fault } from "../fault.ts";
import { FeedError, receiveCopy, sendCopy, sendCopyText, type Feed } from "./copy.ts";
import { codeOf, isConnectionLoss, isStaleStatement, toFault } from "./sql-fault.ts";
import { statementName } from "./statement-names.ts";

/** `queryTimeoutMs` bounds one statement and one silence of the server during a COPY; 0 means no bound. */
export type SessionSettings = Readonly<{ queryTimeoutMs: number; prepared: boolean }>;

/** in_failed_sql_transaction: an earlier statement has failed. */
const afterFailure = "25P02";

/** `pipeline`: whether the driver sends a statement before the one before it is answered. Changed only when none is. */
type PipelinedClient = PoolClient & { pipeline?: boolean };

/** A connection in the hands of one caller. */
export class Session {
  readonly #client: PipelinedClient;
  readonly #prepared: boolean;
  #queryTimeoutMs: number;
  #tail: Promise<unknown> = Promise.resolve();
  #stall: NodeJS.Timeout | undefined;
  #refusal: string | undefined;
  #broken = false;
  #isTogether = false;

  constructor(client: PoolClient, settings: SessionSettings) {
    this.#client = client;
    this.#prepared = settings.prepared;
    this.#queryTimeoutMs = settings.queryTimeoutMs;
  }

  /** True once the connection must not be reused. */
  get broken(): boolean {
    return this.#broken;
  }

  /** One statement, prepared under a name derived from its text. */
  run<R extends QueryResultRow>(
    text: string,
    values: readonly unknown[] = [],
  ): Promise<QueryResult<R>> {
    const name = this.#prepared ? statementName(text) : undefined;
    return this.#send<R>("run statement", {
      text,
      values: [...values],
      ...(name === undefined ? {} : { name }),
    });
  }

  /** Any number of statements without parameters, in one round trip. */
  async script(text: string, action = "run script"): Promise<QueryResult> {
    return this.#send(action, { text });
  }

  /** Begins a transaction; `queryTimeoutMs` replaces the session's bound until its end. */
  async begin(readOnly: boolean, queryTimeoutMs = this.#queryTimeoutMs): Promise<void> {
    const begin = `begin isolation level read committed${readOnly ? " read only" : ""}`;
    const changed = queryTimeoutMs !== this.#queryTimeoutMs;
    await this.script(
      changed ? `${begin}; set local statement_timeout = ${queryTimeoutMs}` : begin,
      "begin transaction",
    );
    this.#queryTimeoutMs = queryTimeoutMs;
  }

  /**
   * Runs pieces of work whose statements do not need each other's answers: they go out at once, in the order in which they
   * are sent, and share a round trip. No text may be sent twice at once, and there is no COPY. Ends when every piece has
   * ended; throws the first failure, not those that only followed from it.
   */
  together(works: readonly (() => Promise<unknown>)[]): Promise<void> {
    return this.#inTurn("run statements", async () => {
      // Everything that is ready to go goes in one write, which costs as much as ten statements.
      const { stream } = this.#client.connection;
      stream.cork();
      process.nextTick(() => stream.uncork());
      this.#client.pipeline = this.#isTogether = true;
      const ended = await Promise.allSettled(works.map((work) => work()));
      this.#client.pipeline = this.#isTogether = false;
      const failed = ended.filter((one) => one.status === "rejected");
      const first = failed.find(({ reason }) => codeOf(reason) !== afterFailure) ?? failed[0];
      if (first !== undefined) throw first.reason as Error;
    });
  }

  /** Bytes of `copy … from stdin`, inside a transaction; returns the number of rows stored. */
  copyIn(text: string, chunks: Feed<Uint8Array | string>): Promise<number> {
    return this.#inTurn("copy in", async () => {
      await this.#limitOnServer(0);
      const rows = await sendCopy(this.#client, text, this.#watchFeed(chunks)).finally(() =>
        this.#disarm(),
      );
      await this.#limitOnServer(this.#queryTimeoutMs);
      return rows;
    });
  }

  /** Ready-made COPY text, inside a transaction and within the time of one statement; returns the number of rows stored. */
  copyTextIn(text: string, rows: string): Promise<number> {
    return this.#inTurn("copy in", async () => {
      this.#arm();
      return sendCopyText(this.#client, text, rows).finally(() => this.#disarm());
    });
  }

  /**
   * Bytes of `copy … to stdout`, inside a transaction. Until the iteration ends, every other use is refused. Stopping early
   * reads the rest without keeping it, or closes the connection when the transaction is of no further use.
   */
  async *copyOut(text: string, closeWhenAbandoned: boolean): AsyncGenerator<Buffer> {
    await this.#inTurn("copy out", () => this.#limitOnServer(0));
    this.#refusal = "a COPY is still being read on this connection";
    try {
      yield* this.#watchServer(
        receiveCopy(this.#client, text, closeWhenAbandoned ? () => this.#close() : undefined),
      );
    } catch (error) {
      // The transaction has failed with the COPY, and its time-out with it.
      this.#refusal = undefined;
      throw this.#fault("copy out", error);
    } finally {
      if (this.#refusal !== undefined && !this.#broken)
        await this.#limitOnServer(this.#queryTimeoutMs);
      this.#refusal = undefined;
    }
  }

  /** Refuses every later use, saying why. */
  end(reason: string): void {
    this.#refusal = reason;
  }

  #send<R extends QueryResultRow>(action: string, query: QueryConfig): Promise<QueryResult<R>> {
    // The server's own time-out speaks first; this one is for a server that has stopped speaking.
    const limited =
      this.#queryTimeoutMs > 0 ? { ...query, query_timeout: this.#queryTimeoutMs + 1_000 } : query;
    if (!this.#isTogether) return this.#inTurn(action, () => this.#client.query<R>(limited));
    return this.#client.query<R>(limited).catch((error: unknown) => {
      throw this.#fault(action, error);
    });
  }

  #inTurn<T>(action: string, work: () => Promise<T>): Promise<T> {
    if (this.#refusal !== undefined) {
      return Promise.reject(new Fault(`Cannot ${action}: ${this.#refusal}`, { retryable: false }));
    }
    const turn = this.#tail.then(work).catch((error: unknown) => {
      throw this.#fault(action, error);
    });
    this.#tail = turn.catch(() => undefined);
    return turn;
  }

  #fault(action: string, error: unknown): unknown {
    if (isConnectionLoss(error) || isStaleStatement(error)) this.#broken = true;
    return error instanceof FeedError ? error.cause : toFault(action, error);
  }

  async #limitOnServer(ms: number): Promise<void> {
    await this.#client.query(`set local statement_timeout = ${ms}`);
  }

  /** Counts the time the server takes for a chunk, not the time the caller takes to make one. */
  async *#watchFeed<T>(chunks: Feed<T>): AsyncGenerator<T> {
    for await (const chunk of chunks) {
      this.#arm();
      yield chunk;
      this.#disarm();
    }
    this.#arm();
  }

  /** Counts the time the server takes for a chunk, not the time the caller takes to read it. */
  async *#watchServer<T>(chunks: AsyncGenerator<T>): AsyncGenerator<T> {
    try {
      for (;;) {
        this.#arm();
        const step = await chunks.next();
        this.#disarm();
        if (step.done) return;
        yield step.value;
      }
    } finally {
      this.#arm();
      await chunks.return(undefined);
      this.#disarm();
    }
  }

  #arm(): void {
    if (this.#queryTimeoutMs === 0) return;
    this.#stall = setTimeout(() => this.#close(), this.#queryTimeoutMs);
  }

  /** With a statement under way this destroys the socket, and the statement ends with an error. */
  #close(): void {
    this.#broken = true;
    void this.#client.end();
  }

  #disarm(): void {
    clearTimeout(this.#stall);
  }
}
