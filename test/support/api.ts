// An API over a small world: two customers with a line each in different portfolios, a decision that waits for
// review on each, and one key per role. The store is given, so the same tests run in memory and on a database.

import { businessTime } from "../../src/adapters/business-time.ts";
import { waveHooks } from "../../src/wave-undo-job.ts";
import {
  blackoutHooks,
  emergencyHooks,
  experimentHooks,
  haltHooks,
  reviewDeskHooks,
  strategyHooks,
  transparencyHooks,
} from "../../src/server-hooks.ts";
import { shippedTexts } from "../../src/adapters/notices/catalogue.ts";
import { sampleContact } from "../../src/adapters/notices/contact.ts";
import {
  addTexts,
  approveTexts,
  previewNotice,
  textsApproverRoles,
  textsAuthorRoles,
} from "../../src/flow/notice-texts.ts";
import { createWordings } from "../../src/adapters/notices/wordings.ts";
import type { FastifyInstance } from "fastify";
import { readSentTable } from "../../src/adapters/files/sent-table.ts";
import { createApiKeys } from "../../src/adapters/identity/api-keys.ts";
import {
  createAccounts,
  personOf,
  type Account,
  type Accounts,
} from "../../src/adapters/identity/accounts.ts";
import type { IdentityRows } from "../../src/adapters/identity/identity-rows.ts";
import { createSessions } from "../../src/adapters/identity/sessions.ts";
import {
  defaultHttpSettings,
  type HttpSettings,
  type ServerDependencies,
} from "../../src/adapters/http/dependencies.ts";
import type { ReplyBook } from "../../src/adapters/http/reply-book.ts";
import { toldJson } from "../../src/adapters/http/withheld.ts";
import { buildServer } from "../../src/adapters/http/server.ts";
import { createIds } from "../../src/adapters/ids.ts";
import { localised } from "../../src/adapters/localised.ts";
import { createLog } from "../../src/adapters/log.ts";
import { createMetrics } from "../../src/adapters/metrics.ts";
import { memoryStore } from "../../src/adapters/memory/store.ts";
import { reportRenderer } from "../../src/adapters/reports/render-report.ts";
import { roles, serviceActor, type Role, type Scope } from "../../src/domain/actor.ts";
import type { BusinessDate, HolidayTable, Instant } from "../../src/domain/calendar.ts";
import type { FactValues } from "../../src/domain/facts.ts";
import { bucketOfCustomer, type Id } from "../../src/domain/id.ts";
import { isRefusal } from "../../src/domain/refusal.ts";
import type { Store, World } from "../../src/flow/ports.ts";
import { clockRoles } from "../../src/flow/advance.ts";
import { pipeline } from "../../src/flow/pipeline.ts";
import { replayRecord } from "../../src/flow/replay.ts";
import { connectorDesk } from "../../src/flow/connector-desk.ts";
import { signalDesk } from "../../src/flow/signal-desk.ts";
import { usualClockSkewMs } from "../../src/flow/take-signals.ts";
import { behaviourOf, factsToTell, factTrail } from "../../src/flow/known-facts.ts";
import { previewReminder } from "../../src/flow/reminder-standing.ts";
import { customerProfile } from "../../src/portfolio/customer-profile.ts";
import { transact } from "../../src/flow/transact.ts";
import { compileStrategy, type CompiledStrategy } from "../../src/policy/compile.ts";
import type { Strategy } from "../../src/policy/strategy.ts";
import type { PortfolioStore } from "../../src/portfolio/ports.ts";
import { makeDailyReport, reportMakerRoles, reportRoles } from "../../src/portfolio/report-make.ts";
import { compareSweep, comparedLines, shadowIn } from "../../src/portfolio/compare-sweep.ts";
import { controlSweep } from "../../src/portfolio/sweep-control.ts";
import type { Views } from "../../src/portfolio/view-ports.ts";
import { previewSweep } from "../../src/portfolio/sweep-preview.ts";
import { openSweep, sweepRoles } from "../../src/portfolio/sweep.ts";
import { playedSources } from "./connectors.ts";
import { assessment, cut, pack } from "./given.ts";
import { memoryReports } from "./memory-reports.ts";
import { memoryIdentityRows, memoryReplyBook } from "./memory-identity.ts";
import { memoryViews } from "./memory-views.ts";
import { standardFacts } from "./standard-facts.ts";
import { compiled } from "./strategy-document.ts";

export const businessDay = "2026-03-02" as BusinessDate;
export const businessNow = "2026-03-02T02:00:00.000Z" as Instant;

const ids = createIds();

/** A customer with a line of ¥10,000 and an open review case about its decrease to ¥6,000. */
export type Planted = Readonly<{
  customerId: Id;
  lineId: Id;
  decisionId: Id;
  reviewId: Id;
  portfolio: string;
}>;

export type Parts = Readonly<{
  store: Store & PortfolioStore;
  identity: IdentityRows;
  replies: ReplyBook;
  /** absent: made from the store in plain JavaScript */
  views?: Views;
}>;

/** Everything in memory. */
export function memoryParts(): Parts {
  return { store: memoryStore(), identity: memoryIdentityRows(), replies: memoryReplyBook() };
}

export type TestApi = Readonly<{
  app: FastifyInstance;
  dependencies: ServerDependencies;
  world: World;
  first: Planted;
  second: Planted;
  /** bearer keys by role; "borrower" is the first customer, the others reach everything */
  keys: Readonly<Record<Role, string>>;
  /** makes an account and a key of its own */
  keyFor: (roles: readonly Role[], scope: Scope, login: string) => Promise<string>;
  account: (login: string) => Promise<Account>;
  /** real time as the identity parts see it; move it by setting `at` */
  realTime: { at: number };
  logged: () => string;
}>;

const holidays: HolidayTable = {
  id: "cn",
  version: 1,
  publishedYears: [2025, 2026],
  holidays: [],
  workdays: [],
};

/** What providers of these tests sign their receipts with. */
export const testReceiptKey = Buffer.from("0123456789abcdef0123456789abcdef");

/** A world over the store whose clock stands still. */
function testWorld(store: Store, accounts: Accounts): World {
  return {
    store,
    ids,
    declared: standardFacts,
    clock: {
      now: async () => businessNow,
      dateOf: (at) => at.slice(0, 10) as BusinessDate,
      startOf: (date) => `${date}T00:00:00.000Z` as Instant,
      timeIn: (zone) => businessTime(zone),
    },
    wordings: createWordings(store.noticeTexts, sampleContact, shippedTexts),
    channels: {
      deliver: async () => ({ result: "delivered" }),
      remind: async () => ({ result: "delivered" }),
    },
    core: { find: async () => null, apply: refuseCore, accounts: async () => [] },
    packs: () => pack(),
    jurisdictions: ["cn"],
    holidays: () => holidays,
    hmac: ids.sha256,
    loadStrategy: (hash) => loadFrom(store, hash),
    people: (name) => personOf(accounts, name),
  };
}

async function refuseCore(): Promise<never> {
  throw new Error("The core system is not part of these tests");
}

async function loadFrom(store: Store, hash: string): Promise<CompiledStrategy> {
  const stored = await store.strategies.byHash(hash);
  if (stored === null) {
    return { ...compiled(), ref: { id: "s", version: 1, hash } };
  }
  return compileStrategy(JSON.parse(stored.document) as Strategy, sha256Hex);
}

const sha256Hex = (bytes: Uint8Array): string => ids.sha256(Buffer.from(bytes).toString("utf8"));

/** Registers a customer's line with its facts and decides a decrease that waits for review. */
export async function plant(
  world: World,
  reference: string,
  portfolio: string,
  facts: FactValues = {},
): Promise<Planted> {
  const bucket = bucketOfCustomer(reference);
  const customerId = ids.derive(bucket, "customer", reference);
  const lineId = ids.derive(bucket, "line", reference);
  const decisionId = ids.derive(bucket, "decision", reference);
  const causeId = ids.derive(bucket, "sweep", reference);
  const actor = serviceActor("test");
  const command = { actor, cause: causeId, subject: lineId };
  const registration = {
    ...{ customerId, customerReference: reference, lineReference: `L-${reference}`, portfolio },
    ...{ product: "card", jurisdiction: "cn", currency: "CNY", language: "zh" },
    ...{ limitMinor: 1_000_000, drawnMinor: 200_000, pendingMinor: 0, status: "active" },
    ...{ openedOn: "2024-01-01", asOf: businessDay, facts, identity: {} },
  };
  const decided = {
    assessment: { ...assessment(cut), facts: { limit: 1_000_000, ...facts } },
    ...{ decisionId, area: "limit-decrease", cause: "behaviour" },
    ...{ causeId, knownAt: businessNow, lineVer: 1, maker: "ann", turns: [], granted: true },
  };
  const lineReference = `L-${reference}`;
  await world.store.references.claim([
    { reference: lineReference, lineId, portfolio, customerReference: reference },
  ]);
  const results = await transact(world, bucket, [
    { ...command, id: ids.fresh(), kind: "RegisterLine", body: registration },
    { ...command, id: ids.fresh(), kind: "Decide", body: decided },
  ]);
  for (const result of results) {
    if ("refusal" in result) throw new Error(result.refusal.detail.en);
  }
  const reviewId = (await world.store.reads.decision(decisionId))?.reviewId;
  if (reviewId === null || reviewId === undefined) throw new Error("No review case was opened");
  return { customerId, lineId, decisionId, reviewId, portfolio };
}

/** Builds the API over a store and plants its two customers. */
export async function testApi(
  parts: Parts,
  settings: Partial<HttpSettings> = {},
  change: Partial<ServerDependencies> = {},
): Promise<TestApi> {
  const lines: string[] = [];
  const log = createLog("info", { write: (line: string) => void lines.push(line) });
  const realTime = { at: Date.parse("2026-03-02T02:00:00.000Z") };
  const identity = identityOf(parts, () => new Date(realTime.at));
  const world = testWorld(parts.store, identity.accounts);
  const dependencies: ServerDependencies = {
    ...hooksOf(world, parts.store),
    ...identity,
    world,
    portfolio: parts.store,
    views: parts.views ?? memoryViews(parts.store),
    installation: {
      ...{ lender: "Test Lender", mode: "sandbox", currency: "CNY" },
      ...{ timeZone: "Asia/Shanghai", version: "0.0.0" },
    },
    replies: parts.replies,
    preparing: () => null,
    now: () => new Date(realTime.at),
    log,
    metrics: createMetrics({ processMetrics: false }),
    settings: { ...defaultHttpSettings, ...settings },
    ...change,
  };
  const app = buildServer(dependencies);
  await app.ready();
  const first = await plant(world, "C-first", "cards");
  const second = await plant(world, "C-second", "loans");
  const keyFor = keyMaker(dependencies);
  const keys: Partial<Record<Role, string>> = {};
  for (const role of roles) keys[role] = await keyFor([role], scopeOf(role, first), role);
  const account = async (login: string): Promise<Account> =>
    (await dependencies.accounts.findByLogin(login))!;
  return {
    ...{ app, dependencies, world, first, second, keyFor, account, realTime },
    keys: keys as Record<Role, string>,
    logged: () => lines.join(""),
  };
}

function scopeOf(role: Role, first: Planted): Scope {
  return role === "borrower" ? { kind: "own", customerId: first.customerId } : { kind: "all" };
}

function identityOf(
  { identity }: Parts,
  now: () => Date,
): Pick<ServerDependencies, "accounts" | "sessions" | "apiKeys"> {
  return {
    accounts: createAccounts(identity, { now, newId: ids.fresh }),
    sessions: createSessions(identity, now),
    apiKeys: createApiKeys(identity, now),
  };
}

function keyMaker({ accounts, apiKeys }: ServerDependencies): TestApi["keyFor"] {
  return async (roles, scope, login) => {
    const name = { zh: login, en: login };
    const password = null;
    const account = await accounts.create({ login, name, roles, scope, language: "en", password });
    if (isRefusal(account)) throw new Error(account.detail.en);
    const label = "test";
    const accountId = account.id;
    const key = await apiKeys.create({ accountId, roles, scope, label, expiresAt: null });
    if (isRefusal(key)) throw new Error(key.detail.en);
    return key.text;
  };
}

type Hooks = Pick<
  ServerDependencies,
  | "packs"
  | "pipeline"
  | "transact"
  | "sweeps"
  | "waves"
  | "emergencies"
  | "blackouts"
  | "connectors"
  | "transparency"
  | "strategies"
  | "experiments"
  | "reviewDesk"
  | "halts"
  | "clock"
  | "signals"
  | "reports"
  | "notices"
  | "knownFacts"
  | "lineWatch"
  | "customerProfile"
  | "replay"
  | "explain"
  | "readTable"
  | "ready"
>;

const testThresholds = { complaintsBp: 100, inquiriesBp: 500, minimum: 3, days: 14 };

function hooksOf(world: World, store: Store & PortfolioStore): Hooks {
  const reports = memoryReports();
  return {
    packs: [pack()],
    pipeline,
    transact: (bucket, commands, options) => transact(world, bucket, commands, options),
    sweeps: {
      roles: sweepRoles,
      open: (request) => openSweep(world, store, request),
      preview: (request, onProposals) =>
        previewSweep(world, store, request, {
          ...{ stop: () => false, onProgress: () => undefined },
          ...(onProposals === undefined ? {} : { onProposals }),
        }),
      run: () => undefined,
      pause: (id, actor) => controlSweep(world, store, id, "pause", actor),
      resume: (id, actor) => controlSweep(world, store, id, "resume", actor),
      cancel: (id, actor) => controlSweep(world, store, id, "cancel", actor),
      rate: () => null,
      shadowIn,
      compare: (...asked) => compareSweep(store.sweeps, ...asked),
      comparedLines: (...asked) => comparedLines(store.sweeps, ...asked),
    },
    experiments: experimentHooks(world, store),
    waves: waveHooks({ world, portfolio: store }, testThresholds, () => undefined),
    clock: {
      roles: clockRoles,
      advance: async (to) => ({ from: businessNow, to, fired: 0, sent: 0 }),
    },
    strategies: strategyHooks(world, store),
    emergencies: emergencyHooks(world, store),
    reviewDesk: reviewDeskHooks(world),
    halts: haltHooks(world),
    blackouts: blackoutHooks(world),
    transparency: transparencyHooks(world, store),
    signals: signalDesk(world, usualClockSkewMs),
    connectors: connectorDesk(world, playedSources()),
    reports: {
      roles: reportRoles,
      makerRoles: reportMakerRoles,
      shelf: reports,
      make: async (request) => {
        const made = await makeDailyReport(world, reports, request);
        if (made === null) throw new Error("The report was stopped");
        return isRefusal(made) ? made : made.kept;
      },
      render: reportRenderer(),
    },
    notices: {
      letter: async ({ id }) => Buffer.from(`%PDF letter ${id}`),
      receiptKey: testReceiptKey,
      authorRoles: textsAuthorRoles,
      approverRoles: textsApproverRoles,
      addTexts: (...asked) => addTexts(world, ...asked),
      approveTexts: (...asked) => approveTexts(world, ...asked),
      preview: (...asked) => previewNotice(world, ...asked),
    },
    knownFacts: (...asked) => factsToTell(world, ...asked),
    lineWatch: {
      trail: (...asked) => factTrail(world, ...asked),
      behaviour: (...asked) => behaviourOf(world, ...asked),
      reminder: (reminder) => previewReminder(world, reminder),
    },
    customerProfile: (...asked) => customerProfile(world, ...asked),
    replay: async (id) => {
      const [stored, decision] = await Promise.all([
        store.reads.decisionRecord(id),
        store.reads.decision(id),
      ]);
      if (stored === null || decision === null) return null;
      const { hash } = decision.record.assessment.strategy;
      if ((await store.strategies.byHash(hash)) === null) {
        return { decisionId: id, equal: true, at: null, stored, replayed: stored };
      }
      return replayRecord(stored, await world.loadStrategy(hash));
    },
    explain: async (id, language, withheld) => {
      const decision = await store.reads.decision(id);
      if (decision === null) return null;
      const facts = Object.entries(decision.record.assessment.facts);
      const values = facts.map(([name, value]) => ({ name, label: name, value }));
      return localised(toldJson({ decisionId: id, language, values }, withheld), language);
    },
    readTable: readSentTable,
    ready: async () => [],
  };
}
