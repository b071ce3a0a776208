// `tidemark emergency`: a tightening that two people agreed to beforehand and that one of them may start at once.

import { wireEmergency } from "../adapters/http/wire/emergency.ts";
import { exitCodes } from "../adapters/refusal-table.ts";
import type { Tidemark } from "../compose.ts";
import { reachesPortfolio } from "../domain/actor.ts";
import type { Id } from "../domain/id.ts";
import type { Currency } from "../domain/money.ts";
import { isRefusal, notFound, refuse } from "../domain/refusal.ts";
import type { Text } from "../domain/text.ts";
import { decideEmergency, proposeEmergency, startEmergency } from "../portfolio/emergency.ts";
import type { EmergencyProfile, EmergencyVerdict } from "../portfolio/emergency-ports.ts";
import { amountText, parseAmount } from "./amount.ts";
import { dateOption } from "./date-option.ts";
import { note, print, printJson, printRefusal, say, type Frame } from "./frame.ts";
import { addPlaces, placesOf } from "./names-option.ts";
import { addPaging, pageOf, printPage, wholeNumber } from "./page.ts";
import type { Program } from "./program.ts";
import { withSession, type Session } from "./session.ts";
import { idOf } from "./subject.ts";
import { currencyOf, reportSweep, workOnOpened } from "./sweeps.ts";
import { detailsText } from "./table.ts";
import { emergencyStateWords } from "./words.ts";

type Options = Readonly<Record<string, unknown>>;

export function registerEmergencies(program: Program): void {
  const noun = program.noun("emergency", {
    en: "Tightenings that were agreed to beforehand",
    zh: "应急方案：事先批准的收紧措施",
  });
  registerPropose(program, noun);
  const verdicts: readonly (readonly [EmergencyVerdict, Text])[] = [
    ["approve", { en: "Approve a profile", zh: "批准方案" }],
    ["reject", { en: "Reject a profile", zh: "驳回方案" }],
    ["revoke", { en: "Revoke an approved profile", zh: "撤销已批准的方案" }],
  ];
  for (const [verdict, label] of verdicts) {
    const command = program.add(noun, verdict, label, [`emergency ${verdict} ID`]);
    command.argument("<id>", program.text(idLabel));
    program.changesData(command);
    program.action(command, (frame, [id]) =>
      withProfile(frame, String(id), (session, known) => decide(frame, session, known, verdict)),
    );
  }
  registerStart(program, noun);
  registerReads(program, noun);
}

const idLabel: Text = { en: "id of a profile", zh: "方案编号" };

function registerPropose(program: Program, noun: ReturnType<Program["noun"]>): void {
  const propose = program.add(
    noun,
    "propose",
    { en: "Propose a profile for somebody else to approve", zh: "提出方案，由他人批准" },
    [
      'emergency propose "Flood in the south" --strategy emergency-freeze --regions guangdong --daily-cap 5000000 --valid-until 2026-12-31 --reason "Agreed in the risk committee"',
    ],
  );
  propose
    .argument("<name>", program.text({ en: "what it is called", zh: "名称" }))
    .requiredOption("--strategy <id>", program.text({ en: "strategy", zh: "策略" }))
    .option(
      "--strategy-version <number>",
      program.text({ en: "its version (the active one)", zh: "策略版本（缺省为生效版本）" }),
    )
    .requiredOption(
      "--daily-cap <amount>",
      program.text({ en: "most exposure removed per day", zh: "每日最多调减的敞口" }),
    )
    .requiredOption(
      "--valid-until <date>",
      program.text({ en: "last day on which it may be started", zh: "可启动的最后日期" }),
    )
    .requiredOption("--reason <text>", program.text({ en: "why", zh: "理由" }))
    .option(
      "--portfolio <portfolio>",
      program.text({ en: "one portfolio (all)", zh: "指定组合（全部）" }),
    );
  addPlaces(program, propose);
  program.changesData(propose);
  program.action(propose, (frame, [name], options) =>
    withSession(frame, (session) => proposeIt(frame, session, String(name), options)),
  );
}

function registerStart(program: Program, noun: ReturnType<Program["noun"]>): void {
  const start = program.add(
    noun,
    "start",
    { en: "Start the sweep of an approved profile, as of today", zh: "立即按已批准的方案启动扫描" },
    [
      'emergency start ID --reason "Dam broken" --dry-run',
      'emergency start ID --reason "Dam broken"',
    ],
  );
  start
    .argument("<id>", program.text(idLabel))
    .requiredOption("--reason <text>", program.text({ en: "why now", zh: "启动理由" }));
  program.changesData(start);
  program.action(start, (frame, [id], options) =>
    withProfile(frame, String(id), (session, known) => startIt(frame, session, known, options)),
  );
}

function registerReads(program: Program, noun: ReturnType<Program["noun"]>): void {
  const list = program.add(
    noun,
    "list",
    {
      en: "List profiles, newest first",
      zh: "方案列表（由新到旧）",
    },
    ["emergency list --limit 5"],
  );
  addPaging(program, list);
  program.action(list, (frame, _args, options) =>
    withSession(frame, (session) => listProfiles(frame, session, options)),
  );
  const show = program.add(noun, "show", { en: "Show a profile", zh: "查看方案" }, [
    "emergency show ID",
  ]);
  show.argument("<id>", program.text(idLabel));
  program.action(show, (frame, [id]) =>
    withProfile(frame, String(id), async (session, known) => {
      const profile = await session.tidemark.portfolio.emergencies.find(known);
      return profile === null || !reachesPortfolio(session.actor.scope, profile.portfolio)
        ? printRefusal(frame, notFound({ en: "emergency profile", zh: "应急方案" }, known))
        : report(frame, session.tidemark, profile);
    }),
  );
}

function withProfile(
  frame: Frame,
  text: string,
  act: (session: Session, id: Id) => Promise<number>,
): Promise<number> {
  return withSession(frame, async (session) => {
    const id = idOf(text);
    return isRefusal(id) ? printRefusal(frame, id) : act(session, id);
  });
}

async function proposeIt(
  frame: Frame,
  { tidemark, actor }: Session,
  name: string,
  options: Options,
): Promise<number> {
  const { world, portfolio: store } = tidemark;
  const strategyId = String(options["strategy"]);
  const validUntil = dateOption(options["validUntil"], "--valid-until");
  if (isRefusal(validUntil)) return printRefusal(frame, validUntil);
  const currency = await currencyOf(tidemark, strategyId);
  const cap = capOf(String(options["dailyCap"]), currency);
  if (isRefusal(cap)) return printRefusal(frame, cap);
  const given = options["strategyVersion"];
  const version = given === undefined ? null : wholeNumber(given, 1, "--strategy-version");
  if (isRefusal(version)) return printRefusal(frame, version);
  const asked = {
    ...{ id: world.ids.fresh(), name, strategyId, validUntil, dailyCapMinor: cap, actor },
    reason: String(options["reason"]),
    portfolio: typeof options["portfolio"] === "string" ? options["portfolio"] : null,
    ...placesOf(options),
    ...(version === null ? {} : { version }),
  };
  const profile = await proposeEmergency(world, store, asked, { dryRun: frame.dryRun });
  if (isRefusal(profile)) return printRefusal(frame, profile);
  const code = await report(frame, tidemark, profile);
  if (!frame.dryRun) {
    note(frame, {
      en: `Somebody else approves it: tidemark emergency approve ${profile.id}`,
      zh: `须由他人批准：tidemark emergency approve ${profile.id}`,
    });
  }
  return code;
}

function capOf(text: string, currency: Currency): number | ReturnType<typeof refuse> {
  const money = parseAmount(text, currency, "--daily-cap");
  if (isRefusal(money) || money.currency === currency) {
    return isRefusal(money) ? money : money.amountMinor;
  }
  return refuse("currency-mismatch", {
    en: `--daily-cap: found ${money.currency}, expected ${currency}`,
    zh: `--daily-cap：币种为 ${money.currency}，应为 ${currency}`,
  });
}

async function decide(
  frame: Frame,
  { tidemark, actor }: Session,
  id: Id,
  verdict: EmergencyVerdict,
): Promise<number> {
  const { world, portfolio } = tidemark;
  const { dryRun } = frame;
  const profile = await decideEmergency(world, portfolio, id, verdict, actor, { dryRun });
  return isRefusal(profile) ? printRefusal(frame, profile) : report(frame, tidemark, profile);
}

async function startIt(frame: Frame, session: Session, id: Id, options: Options): Promise<number> {
  const { tidemark, actor } = session;
  const { world, portfolio } = tidemark;
  const start = { reason: String(options["reason"]), actor };
  const sweep = await startEmergency(world, portfolio, id, start, { dryRun: frame.dryRun });
  if (isRefusal(sweep)) return printRefusal(frame, sweep);
  return frame.dryRun
    ? reportSweep(frame, tidemark, sweep, true)
    : workOnOpened(frame, session, sweep);
}

const words = {
  id: { en: "profile", zh: "方案" },
  name: { en: "name", zh: "名称" },
  strategy: { en: "strategy", zh: "策略" },
  portfolio: { en: "portfolio", zh: "组合" },
  regions: { en: "regions", zh: "地区" },
  industries: { en: "industries", zh: "行业" },
  cap: { en: "daily cap", zh: "每日上限" },
  validUntil: { en: "valid until", zh: "有效期至" },
  state: { en: "state", zh: "状态" },
  reason: { en: "reason", zh: "理由" },
  author: { en: "proposed by", zh: "提出人" },
  decidedBy: { en: "decided by", zh: "审批人" },
  sweeps: { en: "sweeps", zh: "扫描" },
} as const satisfies Readonly<Record<string, Text>>;

async function report(
  frame: Frame,
  tidemark: Tidemark,
  profile: EmergencyProfile,
): Promise<number> {
  const currency = await currencyOf(tidemark, profile.strategy.id);
  const sweeps = await tidemark.portfolio.emergencies.startsOf(profile.id);
  printJson(frame, wireEmergency(profile, currency, sweeps, frame.dryRun));
  if (frame.dryRun)
    print(frame, { en: "Dry run: nothing was stored", zh: "试运行：未写入任何数据" });
  if (frame.json) return exitCodes.success;
  const { strategy, regions, industries, dailyCapMinor } = profile;
  frame.terminal.out(
    detailsText(frame, [
      [words.id, profile.id],
      [words.name, profile.name],
      [words.strategy, `${strategy.id} ${strategy.version}`],
      [words.portfolio, profile.portfolio ?? "*"],
      [words.regions, regions.join(" ") || "*"],
      [words.industries, industries.join(" ") || "*"],
      [words.cap, amountText(dailyCapMinor, currency)],
      [words.validUntil, profile.validUntil],
      [words.state, say(frame, emergencyStateWords[profile.state])],
      [words.reason, profile.reason],
      [words.author, profile.author],
      [words.decidedBy, profile.decidedBy ?? "–"],
      [words.sweeps, sweeps.join("\n") || "–"],
    ]),
  );
  return exitCodes.success;
}

async function listProfiles(
  frame: Frame,
  { tidemark, actor }: Session,
  options: Options,
): Promise<number> {
  const page = pageOf(options);
  if (isRefusal(page)) return printRefusal(frame, page);
  const { emergencies } = tidemark.portfolio;
  const found = await emergencies.list(page.after, page.limit);
  const next = found.length === page.limit ? (found.at(-1)?.id ?? null) : null;
  const seen = found.filter(({ portfolio }) => reachesPortfolio(actor.scope, portfolio));
  const rows = await Promise.all(
    seen.map(async (profile) => ({
      profile,
      currency: await currencyOf(tidemark, profile.strategy.id),
      sweeps: await emergencies.startsOf(profile.id),
    })),
  );
  printPage(
    frame,
    { rows, next },
    ({ profile, currency, sweeps }) => wireEmergency(profile, currency, sweeps),
    [
      { label: words.id },
      { label: words.name },
      { label: words.strategy },
      { label: words.cap, right: true },
      { label: words.validUntil },
      { label: words.state },
      { label: words.author },
      { label: words.decidedBy },
      { label: words.sweeps, right: true },
    ],
    ({ profile, currency, sweeps }) => [
      ...[profile.id, profile.name, `${profile.strategy.id} ${profile.strategy.version}`],
      ...[amountText(profile.dailyCapMinor, currency), profile.validUntil],
      ...[say(frame, emergencyStateWords[profile.state]), profile.author],
      ...[profile.decidedBy ?? "–", String(sweeps.length)],
    ],
  );
  return exitCodes.success;
}
