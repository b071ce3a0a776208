// A portfolio in view, the work that waits for who is signed in, and whose installation this is.

import { z } from "zod";
import { reachesPortfolio, type Actor } from "../../../domain/actor.ts";
import type { Instant } from "../../../domain/calendar.ts";
import { readOnlyArea, waveOfArea } from "../../../domain/halt-area.ts";
import { portfolioRefusal } from "../../../domain/known-portfolio.ts";
import { languages } from "../../../domain/text.ts";
import type { Sweep } from "../../../portfolio/ports.ts";
import type { WaitingWork } from "../../../portfolio/view-ports.ts";
import { forStaff, principalIn, type Principal } from "../access.ts";
import type { ServerDependencies } from "../dependencies.ts";
import { factDictionary } from "../fact-dictionary.ts";
import { sendRefusal } from "../problem.ts";
import { rowScopeOf } from "../row-scope.ts";
import { textInput } from "../text-input.ts";
import { overviewWire, wireOverview, type OverviewWire } from "../wire/overview.ts";
import { dateWire, instantWire } from "../wire/text.ts";
import { wireWork, workItemWire, type WorkItemWire } from "../wire/work.ts";
import { problemAnswers, summary, type Api } from "./route-shape.ts";
import { bilingual } from "../bilingual.ts";

const tags = ["overview"];

/** Sweeps that are looked at for what runs and what was done last. */
const sweepsInView = 50;

/** Emergency profiles among which those that wait for somebody are looked for. */
const profilesInView = 50;

/** Undoings of waves among which those that wait for somebody are looked for. */
const undosInView = 50;

/** Adds GET /v1/overview, /v1/work and /v1/installation. */
export function addOverviewRoutes(api: Api, dependencies: ServerDependencies): void {
  addOverview(api, dependencies);
  addWork(api, dependencies);
  addInstallation(api, dependencies);
}

function addOverview(api: Api, dependencies: ServerDependencies): void {
  const { views, world } = dependencies;
  api.route({
    method: "GET",
    url: "/v1/overview",
    config: { access: forStaff },
    schema: {
      operationId: "readOverview",
      summary: summary({ en: "The portfolio in view", zh: "组合概览" }),
      tags,
      querystring: z.object({ portfolio: textInput(200).optional() }),
      response: { 200: overviewWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { actor } = principalIn(request);
      const { portfolio } = request.query;
      const { portfolios } = world.store.reads;
      const refused = await portfolioRefusal(portfolios, portfolio, actor.scope);
      if (refused !== null) return sendRefusal(request, reply, refused);
      const now = await world.clock.now();
      const scope = rowScopeOf(actor.scope);
      const filter = portfolio === undefined ? scope : { ...scope, portfolio };
      const [overview, dictionary, demo, sweeps] = await Promise.all([
        views.overview(filter, now),
        factDictionary(world.store.strategies),
        views.demo(),
        sweepsInSight(dependencies, actor),
      ]);
      const asOf = world.clock.dateOf(now);
      return reply.send(wireOverview(overview, dictionary, { asOf, demo, sweeps }));
    },
  });
}

async function sweepsInSight(
  { portfolio, views }: ServerDependencies,
  { scope }: Actor,
): Promise<OverviewWire["sweeps"]> {
  const seen = (sweep: Pick<Sweep, "portfolio">): boolean =>
    reachesPortfolio(scope, sweep.portfolio);
  const [going, recent] = await Promise.all([
    views.sweepsGoing(),
    portfolio.sweeps.list(null, sweepsInView),
  ]);
  const last = recent.filter(seen).find(({ state }) => state === "done");
  return {
    running: going.filter(seen).length,
    lastDone:
      last === undefined
        ? null
        : {
            id: last.id,
            strategy: { id: last.strategy.id, version: last.strategy.version },
            asOf: last.asOf,
            finishedAt: last.finishedAt,
          },
  };
}

function addWork(api: Api, dependencies: ServerDependencies): void {
  api.route({
    method: "GET",
    url: "/v1/work",
    config: { access: forStaff },
    schema: {
      operationId: "readWork",
      summary: summary({ en: "What needs me now", zh: "当前需要我处理的事项" }),
      tags,
      response: {
        200: z.object({
          items: z
            .array(workItemWire)
            .describe(bilingual("Empty: nothing needs you", "为空表示暂无待办")),
        }),
        ...problemAnswers,
      },
    },
    handler: async (request) => ({
      items: await workOf(dependencies, principalIn(request)),
    }),
  });
}

async function workOf(
  dependencies: ServerDependencies,
  principal: Principal,
): Promise<WorkItemWire[]> {
  const { actor } = principal;
  const { views, world, signals, pipeline } = dependencies;
  const alertRoles = pipeline.flatMap(({ commands }) => commands["TakeAlert"]?.roles ?? []);
  const now = await world.clock.now();
  const holds = (...some: readonly string[]): boolean =>
    actor.roles.some((role) => some.includes(role));
  const scope = rowScopeOf(actor.scope);
  const work = await views.work({ actor, scope, now });
  const operates = holds("operator", "administrator");
  return [
    ...wireWork("reviews-overdue", work.reviewsOverdue, "review-cases", {
      overdue: "true",
      desk: "queues",
    }),
    ...wireWork("reviews-to-decide", work.reviewsToDecide, "review-cases", { desk: "queues" }),
    ...wireWork("overrides-to-agree", work.overridesToAgree, "review-cases", { desk: "queues" }),
    ...wireWork("opinions-to-give", work.opinionsToGive, "review-cases", { desk: "asked" }),
    ...(holds(...alertRoles)
      ? [
          ...wireWork("alerts-open", work.alertsOpen, "alerts", { state: "open" }),
          ...wireWork("alerts-mine", work.alertsMine, "alerts", {
            ...{ state: "taken", owner: actor.id },
          }),
        ]
      : []),
    ...(operates || holds("compliance")
      ? [
          ...wireWork("executions-disputed", work.executionsDisputed, "decisions", {
            state: "refused",
          }),
          ...wireWork("notices-escalated", work.noticesEscalated, "notices", {
            state: "escalated",
          }),
        ]
      : []),
    ...(operates ? wireWork("outbox-stuck", work.outboxStuck, "installation") : []),
    ...(holds(...signals.letterRoles)
      ? wireWork("letters-open", work.lettersOpen, "dead-letters", { state: "open" })
      : []),
    ...(await installationWork(dependencies, actor, now)),
    ...(await profilesToApprove(dependencies, actor)),
    ...(await writtenByOthers(dependencies, actor)),
    ...(await unreadReports(dependencies, principal)),
  ];
}

async function unreadReports(
  { reports }: ServerDependencies,
  { account, actor }: Principal,
): Promise<readonly WorkItemWire[]> {
  if (!actor.roles.some((role) => reports.roles.includes(role))) return [];
  const { portfolios } = rowScopeOf(actor.scope);
  const scope = portfolios === undefined ? {} : { portfolios };
  const count = await reports.shelf.unread({ ...scope, accountId: account.id });
  return wireWork("reports-new", { count, oldestAt: null, removed: [] }, "reports");
}

/** Work that lies in no customer's rows: strategies, stop switches, sweeps. */
async function installationWork(
  { world, strategies, halts, sweeps, views }: ServerDependencies,
  actor: Actor,
  now: Instant,
): Promise<readonly WorkItemWire[]> {
  const holds = (some: readonly string[]): boolean =>
    actor.roles.some((role) => some.includes(role));
  const stored = holds(strategies.approverRoles) ? await world.store.strategies.list() : [];
  const submitted = stored.filter((one) => one.state === "submitted" && one.author !== actor.id);
  const stopped = holds(halts.roles) ? await world.store.halts.list(now) : [];
  const waves = stopped.filter(({ area }) => waveOfArea(area) !== null);
  const held = stopped.filter(({ area }) => waveOfArea(area) === null);
  const going = holds(sweeps.roles)
    ? (await views.sweepsGoing()).filter((one) => reachesPortfolio(actor.scope, one.portfolio))
    : [];
  const paused = going.filter(({ pausedBy }) => pausedBy !== null);
  const running = going.filter(({ pausedBy }) => pausedBy === null);
  return [
    ...wireWork(
      "strategies-to-approve",
      count(
        submitted,
        submitted.map(({ addedAt }) => addedAt),
      ),
      "strategies",
      { state: "submitted" },
    ),
    ...wireWork(
      "halts",
      count(
        held,
        held.map(({ at }) => at),
      ),
      "halts",
    ),
    ...wireWork(
      "waves-held",
      count(
        waves,
        waves.map(({ at }) => at),
      ),
      "halts",
    ),
    ...wireWork("sweeps-paused", count(paused, []), "sweeps", { standing: "paused" }),
    ...wireWork("sweeps-running", count(running, []), "sweeps", { standing: "running" }),
  ];
}

function count(rows: readonly unknown[], oldest: readonly Instant[]): WaitingWork {
  return { count: rows.length, oldestAt: oldest.toSorted()[0] ?? null, removed: [] };
}

/** Profiles that wait for this person's agreement: another one's, of the newest. */
async function profilesToApprove(
  { portfolio, emergencies }: ServerDependencies,
  { id, roles, scope }: Actor,
): Promise<readonly WorkItemWire[]> {
  if (!roles.some((role) => emergencies.approverRoles.includes(role))) return [];
  const found = (await portfolio.emergencies.list(null, profilesInView)).filter(
    (one) =>
      one.state === "proposed" && one.author !== id && reachesPortfolio(scope, one.portfolio),
  );
  const since = found.map(({ proposedAt }) => proposedAt);
  return wireWork("emergencies-to-approve", count(found, since), "sweeps");
}

/** Experiments, words of notices and undoings of waves that somebody else wrote and that this person may approve. */
async function writtenByOthers(
  { portfolio, world, experiments, notices, waves }: ServerDependencies,
  { id, roles, scope }: Actor,
): Promise<readonly WorkItemWire[]> {
  const holds = (some: readonly string[]): boolean => roles.some((role) => some.includes(role));
  const whole = scope.kind === "all";
  const plans =
    whole && holds(experiments.approverRoles)
      ? (await portfolio.experiments.list())
          .filter(({ state }) => state === "draft")
          .flatMap(({ steps: [written] }) => written ?? [])
          .filter(({ by }) => by !== id)
      : [];
  const texts =
    whole && holds(notices.approverRoles)
      ? (await world.store.noticeTexts.list()).filter(
          ({ state, author }) => state === "draft" && author !== id,
        )
      : [];
  const undos = holds(waves.approverRoles)
    ? (await portfolio.waves.list(null, undosInView, null)).filter(
        (one) =>
          one.state === "proposed" && one.author !== id && reachesPortfolio(scope, one.portfolio),
      )
    : [];
  const ats = <Row>(rows: readonly Row[], at: (row: Row) => Instant) => count(rows, rows.map(at));
  return [
    ...wireWork(
      "experiments-to-approve",
      ats(plans, ({ at }) => at),
      "experiments",
      {
        state: "draft",
      },
    ),
    ...wireWork(
      "texts-to-approve",
      ats(texts, ({ addedAt }) => addedAt),
      "notice-texts",
    ),
    ...wireWork(
      "undos-to-approve",
      ats(undos, ({ proposedAt }) => proposedAt),
      "sweeps",
      {
        id: undos.at(-1)?.sweepId ?? "",
      },
    ),
  ];
}

const installationWire = z
  .object({
    lender: z.string(),
    mode: z.enum(["sandbox", "live"]),
    currency: z.string().describe(bilingual("Of totals over portfolios", "组合汇总币种")),
    timeZone: z.string(),
    today: dateWire.describe(bilingual("Business date", "业务日期")),
    now: instantWire.describe(
      bilingual("Business time: the test clock in a sandbox", "业务时间：沙箱中为沙箱时钟"),
    ),
    demo: z.boolean().describe(bilingual("true: the lines are invented", "true 表示为演示数据")),
    readOnly: z
      .object({ by: z.string(), until: instantWire, reason: z.string() })
      .nullable()
      .describe(
        bilingual(
          "Who refused every change until when, and why; null: changes are possible",
          "只读模式的设置人、截止时间与理由；null 表示可变更",
        ),
      ),
    preparing: z
      .object({ done: z.int(), of: z.int() })
      .nullable()
      .describe(
        bilingual(
          "How much of the first filling is done; until it is null nothing can be changed",
          "首次准备的进度；为 null 之前不能进行变更",
        ),
      ),
    language: z.enum(languages),
    version: z.string(),
  })
  .meta({ id: "Installation" });

function addInstallation(
  api: Api,
  { world, views, installation, preparing, settings }: ServerDependencies,
): void {
  api.route({
    method: "GET",
    url: "/v1/installation",
    config: { access: forStaff },
    schema: {
      operationId: "readInstallation",
      summary: summary({ en: "Whose installation this is", zh: "本系统信息" }),
      tags,
      response: { 200: installationWire, ...problemAnswers },
    },
    handler: async () => {
      const now = await world.clock.now();
      const progress = preparing();
      const locked = (await world.store.halts.list(now)).find(({ area }) => area === readOnlyArea);
      return {
        ...installation,
        readOnly:
          locked === undefined
            ? null
            : { by: locked.by, until: locked.expiresAt, reason: locked.reason },
        ...{ now, today: world.clock.dateOf(now), demo: await views.demo() },
        preparing: progress === null ? null : { ...progress },
        language: settings.language,
      };
    },
  });
}
