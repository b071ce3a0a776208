// The composition root: the only place that builds adapters and hands them to the application. Whatever runs
// Tidemark (command line, server, tests) gets one whole of the same parts here and closes it again.

import { createHash } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { networkSources, readConnectorsFile } from "./adapters/connectors/connectors-file.ts";
import { sandboxClock, systemClock, type SandboxClock } from "./adapters/clock.ts";
import type { Config } from "./adapters/settings.ts";
import { demoMarks } from "./adapters/demo-mark.ts";
import {
  lazyCore,
  openCoreAt,
  openSimulator,
  type CoreSeat,
  type OpenCore,
} from "./adapters/core-seat.ts";
import { faultIn } from "./adapters/fault.ts";
import { readFactsFile } from "./adapters/files/facts-file.ts";
import { readWatchFile } from "./adapters/files/watch-file.ts";
import { readPackFiles, type PackFiles } from "./adapters/files/pack-files.ts";
import { sqlReplyBook, type ReplyBook } from "./adapters/http/reply-book.ts";
import { createAccounts, personOf, type Accounts } from "./adapters/identity/accounts.ts";
import { createApiKeys, type ApiKeys } from "./adapters/identity/api-keys.ts";
import { sqlIdentityRows } from "./adapters/identity/identity-rows.ts";
import { createKeys } from "./adapters/identity/keys.ts";
import { loadKeyRing } from "./adapters/identity/key-ring.ts";
import { createSessions, type Sessions } from "./adapters/identity/sessions.ts";
import { createIds } from "./adapters/ids.ts";
import { ensureInstallation, type Installation } from "./adapters/installation.ts";
import { folderMail, noMail } from "./adapters/mail/folder-mail.ts";
import { reportMail } from "./adapters/mail/report-mail.ts";
import { smtpMail } from "./adapters/mail/smtp-mail.ts";
import { createLog, type Logger } from "./adapters/log.ts";
import { createMetrics, type Metrics } from "./adapters/metrics.ts";
import { shippedTexts } from "./adapters/notices/catalogue.ts";
import { createChannels, type Provider } from "./adapters/notices/channels.ts";
import { readContact } from "./adapters/notices/contact-file.ts";
import { sampleContact, type Contact } from "./adapters/notices/contact.ts";
import { letterFolder } from "./adapters/notices/letter-provider.ts";
import { mailProvider } from "./adapters/notices/mail-provider.ts";
import { signingKey } from "./adapters/notices/signature.ts";
import { webhookProvider } from "./adapters/notices/webhook-provider.ts";
import { createWordings } from "./adapters/notices/wordings.ts";
import { readRecipient } from "./adapters/postgres/customers.ts";
import { distributeTables, isCluster } from "./adapters/postgres/citus.ts";
import { startEmbedded, type EmbeddedServer } from "./adapters/postgres/embedded.ts";
import { migrate, pendingMigrations } from "./adapters/postgres/migrate.ts";
import { openDatabase, type Database } from "./adapters/postgres/pool.ts";
import { reportsIn } from "./adapters/postgres/reports.ts";
import { postgresStore } from "./adapters/postgres/store.ts";
import { viewsIn } from "./adapters/postgres/views.ts";
import { reportRenderer } from "./adapters/reports/render-report.ts";
import { strategyCache } from "./adapters/strategy-cache.ts";
import { strategyChecks, type StrategyChecks } from "./adapters/workers/strategy-checks.ts";
import { packInForce, packVersion } from "./compliance/pack-in-force.ts";
import type { CompliancePack, PackRef } from "./compliance/pack.ts";
import type { BusinessDate, HolidayTable } from "./domain/calendar.ts";
import type { DeclaredFacts } from "./domain/declared-fact.ts";
import type { NoticeChannel } from "./domain/notice.ts";
import type { Sources } from "./flow/connector-ports.ts";
import type { Clock, StoredStrategy, World } from "./flow/ports.ts";
import { compileStrategy, type CompiledStrategy } from "./policy/compile.ts";
import type { Strategy } from "./policy/strategy.ts";
import type { DemoMarks, PortfolioStore } from "./portfolio/ports.ts";
import { deliverReport, type Mail } from "./portfolio/report-delivery.ts";
import type { Reports } from "./portfolio/report-ports.ts";
import { fireDailyReport } from "./portfolio/report-schedule.ts";
import { fireEnvironmentNews } from "./portfolio/environment-news.ts";
import { fireTriggers } from "./portfolio/triggers.ts";
import { fireWaveWatch } from "./portfolio/wave-watch.ts";
import { noWatch } from "./domain/watch-rules.ts";
import type { Views } from "./portfolio/view-ports.ts";

/** Tidemark with every part wired. */
export type Tidemark = Readonly<{
  config: Config;
  installation: Installation;
  database: Database;
  /** null: a server by DATABASE_URL */
  embedded: EmbeddedServer | null;
  world: World;
  portfolio: PortfolioStore;
  /** whom else may be asked for data */
  sources: Sources;
  /** bulk reads for reports, and the shelf they are kept on */
  reports: Reports;
  /** reads for pages */
  views: Views;
  /** keyed digest by which an import tells changed personal data from the same */
  identityMark: (text: string) => string;
  /** whom notices are from and whom they name */
  contact: Contact;
  /** null in a live installation */
  testClock: SandboxClock | null;
  /** whether the lines are invented, and how far loading them got */
  demo: DemoMarks;
  accounts: Accounts;
  sessions: Sessions;
  apiKeys: ApiKeys;
  replies: ReplyBook;
  core: CoreSeat;
  packs: PackFiles;
  metrics: Metrics;
  log: Logger;
  /** names this process where it leases work */
  owner: string;
  /** stops what this process started; what others still use stays. Idempotent */
  close: () => Promise<void>;
}>;

export type ComposeOptions = Readonly<{
  /**
   * "apply": bring the database up to date · "require": refuse a server that is not; the embedded database is
   * always brought up to date
   */
  migrations: "apply" | "require";
  /** a line per step of starting and stopping */
  onStep?: (line: string) => void;
}>;

/** The folder that holds migrations, compliance packs, strategies and examples; the same from src and from dist. */
export const packageFolder = fileURLToPath(new URL("../", import.meta.url));

const shippedFacts = join(packageFolder, "facts/standard.yaml");

/** The declared facts of the lender, or those that ship with Tidemark. Throws a Fault that names what is wrong. */
export function declaredIn({ factsFile }: Pick<Config, "factsFile">): DeclaredFacts {
  return readFactsFile(factsFile ?? shippedFacts);
}

const sandboxWatch = join(packageFolder, "watch/standard.yaml");

/** What is watched without any decision; a live installation watches what its lender declares and nothing else. */
function watchIn({ watchFile }: Config, mode: Installation["mode"], declared: DeclaredFacts) {
  const path = watchFile ?? (mode === "sandbox" ? sandboxWatch : null);
  return path === null ? noWatch : readWatchFile(path, declared);
}

/** The sources that ship with Tidemark: all of them simulated. */
const sandboxConnectors = join(packageFolder, "connectors/standard.yaml");

const migrationsFolder = join(packageFolder, "migrations");

/**
 * Builds everything on the settings. Starts or joins the embedded database; the core simulator is started or
 * joined when it is first asked. Throws Faults that say what to do; nothing stays open then.
 */
export async function compose(config: Config, options: ComposeOptions): Promise<Tidemark> {
  const log = createLog(config.logLevel);
  const embedded =
    config.databaseUrl === null
      ? await startEmbedded(
          config.dataFolder,
          options.onStep === undefined ? {} : { log: options.onStep },
        )
      : null;
  const opened: (() => Promise<void>)[] = [async () => embedded?.stop()];
  const close = once(async () => {
    for (const end of opened.toReversed()) await end();
  });
  try {
    const database = await openDatabase(embedded ?? config.databaseUrl!);
    opened.push(() => database.close());
    await bringUpToDate(database, embedded !== null || options.migrations === "apply");
    const core = lazyCore(() => openCore(config));
    opened.push(() => core.close());
    const checks = strategyChecks();
    opened.push(() => checks.close());
    return { ...(await wire(config, database, { core, checks }, log)), embedded, close };
  } catch (error) {
    await close().catch((cause: unknown) =>
      log.error({ err: cause }, "Cannot close after a failed start"),
    );
    throw error;
  }
}

function openCore({
  coreUrl,
  coreFaults: faults,
  coreSeed: seed,
  dataFolder: dataDir,
}: Config): Promise<OpenCore> {
  return coreUrl === null ? openSimulator({ dataDir, faults, seed }) : openCoreAt(coreUrl);
}

async function bringUpToDate(database: Database, apply: boolean): Promise<void> {
  if (apply) {
    await migrate(database, migrationsFolder);
    await distributeTables(database);
    return;
  }
  const pending = await pendingMigrations(database, migrationsFolder);
  if (pending.length === 0) return;
  const names = pending.join(", ");
  const text = {
    en: `Cannot use database: ${pending.length} migrations are missing (${names}), run tidemark migrate`,
    zh: `无法使用数据库：缺少 ${pending.length} 个迁移（${names}），请运行 tidemark migrate`,
  };
  throw faultIn(text, { retryable: false });
}

type Wired = Omit<Tidemark, "embedded" | "close">;

async function wire(
  config: Config,
  database: Database,
  { core, checks }: Readonly<{ core: CoreSeat; checks: StrategyChecks }>,
  log: Logger,
): Promise<Wired> {
  const { lender, timeZone, currency, mode } = config;
  const installation = await ensureInstallation(database, { lender, timeZone, currency, mode });
  const sandbox =
    installation.mode === "sandbox" ? sandboxClock(database, installation.timeZone) : null;
  const keys = createKeys(await keyRing(config, database));
  const store = postgresStore(database, keys, (await isCluster(database)) ? 1 : undefined);
  const metrics = createMetrics();
  const ids = createIds();
  const packs = readPackFiles(join(packageFolder, "compliance-packs"));
  const clock = watched(sandbox ?? systemClock(installation.timeZone));
  const rows = sqlIdentityRows(database);
  const now = (): Date => new Date();
  const reports = reportsIn(database);
  const contact = config.contactFile === null ? sampleContact : readContact(config.contactFile);
  if (config.contactFile === null && installation.mode === "live") {
    log.warn("Notices name a sample lender: TIDEMARK_CONTACT is not set");
  }
  const mail = mailOf(config, installation.mode);
  const declared = declaredIn(config);
  const sources = sourcesOf(config, installation.mode);
  const accounts = createAccounts(rows, { now, newId: ids.fresh });
  return {
    ...{ config, installation, database, core, metrics, log, packs, contact, accounts },
    world: withDuties(
      { config, mail, reports, log, portfolio: store },
      {
        ...{ store, ids, clock: clock.clock, core: core.system },
        ...{ declared, watch: watchIn(config, installation.mode, declared) },
        wordings: createWordings(store.noticeTexts, contact, shippedTexts),
        channels: createChannels(
          { find: (id) => readRecipient(database, keys, id) },
          noticeProviders(config, contact, mail),
          config.inApp,
        ),
        packs: packOf(packs, clock.today),
        jurisdictions: jurisdictionsOf(packs),
        holidays: (calendar) => holidayTable(packs, calendar),
        hmac: keys.lot,
        sources,
        loadStrategy: strategyCache(store.strategies, compileStored),
        people: (name) => personOf(accounts, name),
        check: checks.check,
        observe: (events) => metrics.events(events),
      },
    ),
    portfolio: store,
    sources,
    reports,
    views: viewsIn(database, keys),
    identityMark: keys.mark,
    testClock: sandbox,
    demo: demoMarks(database),
    sessions: createSessions(rows, now),
    apiKeys: createApiKeys(rows, now),
    replies: sqlReplyBook(database),
    owner: `${process.pid}-${ids.fresh()}`,
  };
}

/** The world that also tries triggers, watches waves, makes the daily report and sends it. */
function withDuties(
  {
    config,
    mail,
    reports,
    log,
    portfolio,
  }: Pick<Wired, "config" | "reports" | "log" | "portfolio"> & Readonly<{ mail: Mail }>,
  rest: World,
): World {
  const write = reportMail(reportRenderer(), config.language);
  const schedule = { minutes: config.reportAtMinutes, recipients: config.reportTo };
  const world: World = {
    ...rest,
    triggers: { fire: (timers) => fireTriggers(world, portfolio, timers) },
    environment: { fire: (timer) => fireEnvironmentNews(world, portfolio, timer) },
    waves: { fire: (timers) => fireWaveWatch(world, portfolio, config.waveWatch, timers) },
    reports: {
      fire: (timer) =>
        fireDailyReport(world, reports, timer, schedule, (error) =>
          log.error({ err: error }, "Daily report left out"),
        ),
      deliver: (entry) => deliverReport(reports, mail, write, entry),
    },
  };
  return world;
}

function sourcesOf({ connectorsFile }: Config, mode: Installation["mode"]): Sources {
  const path = connectorsFile ?? (mode === "sandbox" ? sandboxConnectors : null);
  return networkSources(path === null ? new Map() : readConnectorsFile(path), process.env);
}

function mailOf({ smtpUrl, mailFrom, dataFolder }: Config, mode: Installation["mode"]): Mail {
  if (smtpUrl !== null) return smtpMail(smtpUrl, mailFrom);
  return mode === "live" ? noMail : folderMail(join(dataFolder, "mail"), mailFrom);
}

/** Who carries notices beside the app. Letters are left in the data folder for a printer to fetch. */
function noticeProviders(
  { noticeUrl, noticeSecret, dataFolder }: Config,
  contact: Contact,
  mail: Mail,
): Readonly<Partial<Record<NoticeChannel, Provider>>> {
  const key = noticeSecret === null ? null : signingKey(noticeSecret);
  const webhook = noticeUrl === null || key === null ? null : webhookProvider(noticeUrl, key);
  return {
    email: mailProvider(mail, contact),
    letter: letterFolder(join(dataFolder, "letters"), contact),
    ...(webhook === null ? {} : { sms: webhook, push: webhook }),
  };
}

/** A master key is made only where nothing is encrypted under a lost one. */
async function keyRing(
  config: Config,
  database: Database,
): Promise<ReturnType<typeof loadKeyRing>> {
  const { masterKey, masterKeyFile: keyFile, dataFolder } = config;
  const held = await database.query("select 1 from customer_key limit 1");
  return loadKeyRing({ masterKey, keyFile, dataFolder, create: held.length === 0 });
}

/** A stored document was checked when it was added; its hash is verified when it is loaded. */
function compileStored(stored: StoredStrategy): CompiledStrategy {
  return compileStrategy(JSON.parse(stored.document) as Strategy, (bytes) =>
    createHash("sha256").update(bytes).digest("hex"),
  );
}

/** Remembers the business date of the last reading: every transaction reads the clock before it asks for a pack. */
function watched(clock: Clock): Readonly<{ clock: Clock; today: () => BusinessDate }> {
  let today: BusinessDate | null = null;
  return {
    clock: {
      ...clock,
      now: async () => {
        const at = await clock.now();
        today = clock.dateOf(at);
        return at;
      },
    },
    today: () => {
      if (today === null) throw new Error("Compliance pack asked for before the clock was read");
      return today;
    },
  };
}

function jurisdictionsOf({ packs }: Pick<PackFiles, "packs">): readonly string[] {
  return [...new Set(packs.map((pack) => pack.jurisdiction))];
}

function packOf(
  { packs }: PackFiles,
  today: () => BusinessDate,
): (jurisdiction: string, version?: PackRef) => CompliancePack {
  return (jurisdiction, version) => {
    if (version !== undefined) return releasedPack(packs, version);
    const pack = packInForce(packs, jurisdiction, today());
    if (pack !== null) return pack;
    const known = jurisdictionsOf({ packs }).join(", ");
    const text = {
      en: `Cannot find compliance pack: none is in force for jurisdiction ${jurisdiction} on ${today()}, expected one of ${known}`,
      zh: `未找到合规规则包：法域 ${jurisdiction} 在 ${today()} 无生效规则，现有法域为 ${known}`,
    };
    throw faultIn(text, { retryable: false });
  };
}

/** A decision's own version: it must be kept for as long as decisions made under it are. */
function releasedPack(packs: readonly CompliancePack[], version: PackRef): CompliancePack {
  const pack = packVersion(packs, version);
  if (pack !== null) return pack;
  const text = {
    en: `Cannot find compliance pack: ${version.id} version ${version.version} is not among the packs, expected every version that decisions were made under`,
    zh: `未找到合规规则包：${version.id} 第 ${version.version} 版；凡曾据以作出决定的版本均须保留`,
  };
  throw faultIn(text, { retryable: false });
}

function holidayTable({ calendars }: PackFiles, calendar: string): HolidayTable {
  const table = calendars.get(calendar);
  if (table !== undefined) return table;
  const text = {
    en: `Cannot find holiday table: ${calendar}`,
    zh: `未找到节假日表：${calendar}`,
  };
  throw faultIn(text, { retryable: false });
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | null = null;
  return () => (done ??= work());
}
