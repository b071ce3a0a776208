// A whole world for tests over any store: real ids, business time, compliance packs, wording and strategies, a clock
// that the test moves, a core system that keeps its book in memory, and channels that remember what they delivered.

import { createHmac } from "node:crypto";
import { businessTime } from "../../src/adapters/business-time.ts";
import {
  applyRecord,
  decideOperation,
  emptyBook,
  type Book,
} from "../../src/adapters/core-simulator/core-book.ts";
import { readPackFiles } from "../../src/adapters/files/pack-files.ts";
import { createIds } from "../../src/adapters/ids.ts";
import { createKeys } from "../../src/adapters/identity/keys.ts";
import { newKeyRing } from "../../src/adapters/identity/key-ring.ts";
import { memoryStore } from "../../src/adapters/memory/store.ts";
import { shippedTexts } from "../../src/adapters/notices/catalogue.ts";
import { sampleContact } from "../../src/adapters/notices/contact.ts";
import { createWordings } from "../../src/adapters/notices/wordings.ts";
import type { Database } from "../../src/adapters/postgres/pool.ts";
import { postgresStore } from "../../src/adapters/postgres/store.ts";
import { strategyCache } from "../../src/adapters/strategy-cache.ts";
import { packInForce, packVersion } from "../../src/compliance/pack-in-force.ts";
import type { Instant } from "../../src/domain/calendar.ts";
import type { Notice } from "../../src/domain/notice.ts";
import type { TestClock } from "../../src/flow/advance.ts";
import type { CoreAccount, CoreSystem } from "../../src/flow/core-ports.ts";
import type { Store, StoredStrategy, World } from "../../src/flow/ports.ts";
import { compileStrategy, type CompiledStrategy } from "../../src/policy/compile.ts";
import type { Strategy } from "../../src/policy/strategy.ts";
import type { PortfolioStore } from "../../src/portfolio/ports.ts";
import { repositoryRoot } from "./documents.ts";
import { standardFacts } from "./standard-facts.ts";

/** A world, and what a test does to it or reads from it. */
export type TestWorld = Readonly<{
  world: World;
  portfolio: PortfolioStore;
  clock: TestClock;
  /** the core system's accounts and operations */
  book: Book;
  /** gives the core system accounts that it has not */
  openAccounts: (accounts: readonly CoreAccount[]) => void;
  /** notices in the order of their delivery */
  delivered: readonly Notice[];
}>;

/** The instant at which test worlds begin: 10:00 of 2 March 2026 in Shanghai. */
export const worldBegins = "2026-03-02T02:00:00.000Z" as Instant;

const ids = createIds();
const packs = readPackFiles(`${repositoryRoot}/compliance-packs`);

/** A world over the store in memory. */
export function memoryWorld(): TestWorld {
  return worldOver(memoryStore());
}

/** A world over a migrated database, with keys of its own. */
export function databaseWorld(database: Database): TestWorld {
  return worldOver(postgresStore(database, createKeys(newKeyRing())));
}

function worldOver(store: Store & PortfolioStore): TestWorld {
  const time = businessTime("Asia/Shanghai");
  const book = emptyBook();
  const delivered: Notice[] = [];
  let now = worldBegins;
  return {
    ...{ portfolio: store, book, delivered },
    clock: { set: async (to) => void (now = to) },
    openAccounts: (accounts) => applyRecord(book, { kind: "accounts", accounts }),
    world: {
      ...{ store, ids, declared: standardFacts },
      // One secret for all of them, so that customers draw the same digits over any store.
      hmac: (text) => createHmac("sha256", "test").update(text).digest("hex"),
      clock: { ...time, now: async () => now },
      wordings: createWordings(store.noticeTexts, sampleContact, shippedTexts),
      channels: {
        deliver: async (notice) => {
          delivered.push(notice);
          return { result: "delivered" };
        },
        remind: async () => ({ result: "delivered" }),
      },
      core: coreOver(book),
      packs: (jurisdiction, version) => {
        const pack =
          version === undefined
            ? packInForce(packs.packs, jurisdiction, time.dateOf(now))
            : packVersion(packs.packs, version);
        if (pack === null) throw new Error(`No compliance pack: ${jurisdiction}`);
        return pack;
      },
      jurisdictions: [...new Set(packs.packs.map(({ jurisdiction }) => jurisdiction))],
      holidays: (calendar) => {
        const table = packs.calendars.get(calendar);
        if (table === undefined) throw new Error(`No holiday table: ${calendar}`);
        return table;
      },
      loadStrategy: strategyCache(store.strategies, compile),
      people: async () => null,
    },
  };
}

function compile(stored: StoredStrategy): CompiledStrategy {
  return compileStrategy(JSON.parse(stored.document) as Strategy, (bytes) =>
    ids.sha256(Buffer.from(bytes).toString("utf8")),
  );
}

/** The rules of the simulator without its process: an operation counts once, whoever asks again. */
function coreOver(book: Book): CoreSystem {
  return {
    find: async (operationId) => book.operations.get(operationId)?.result ?? null,
    apply: async (operation) => {
      const known = book.operations.get(operation.operationId);
      if (known !== undefined) return known.result;
      const record = decideOperation(book, operation, false);
      applyRecord(book, record);
      return record.result;
    },
    accounts: async (after, limit) =>
      [...book.accounts.values()]
        .filter((account) => after === null || account.lineReference > after)
        .toSorted((one, other) => (one.lineReference < other.lineReference ? -1 : 1))
        .slice(0, limit),
  };
}
