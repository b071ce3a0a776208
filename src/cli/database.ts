// `tidemark migrate` and `tidemark doctor`: bringing a database up to date, and telling why Tidemark cannot run.

import { accessSync, constants, existsSync, statfsSync } from "node:fs";
import { dirname } from "node:path";
import { exitCodes } from "../adapters/refusal-table.ts";
import { Fault } from "../adapters/fault.ts";
import { compose, type Tidemark } from "../compose.ts";
import type { Text } from "../domain/text.ts";
import { print, printJson, say, type Frame } from "./frame.ts";
import type { Program } from "./program.ts";
import { tableText } from "./table.ts";

export function registerDatabase(program: Program): void {
  const migrate = program.add(
    program.root,
    "migrate",
    { en: "Bring the database up to date", zh: "升级数据库结构" },
    ["migrate"],
  );
  program.action(migrate, migrateDatabase);
  const doctor = program.add(
    program.root,
    "doctor",
    {
      en: "Check what Tidemark needs and say what is missing",
      zh: "检查运行条件并说明问题",
    },
    ["doctor", "doctor --json"],
  );
  program.action(doctor, checkUp);
}

async function migrateDatabase(frame: Frame): Promise<number> {
  const tidemark = await compose(frame.config, { migrations: "apply" });
  try {
    const [row] = await tidemark.database.query<Readonly<{ version: number }>>(
      "select max(version) as version from schema_migration",
    );
    const version = row?.version ?? 0;
    printJson(frame, { version });
    print(frame, {
      en: `Database: at migration ${version}`,
      zh: `数据库：已升级至第 ${version} 号迁移`,
    });
    return exitCodes.success;
  } finally {
    await tidemark.close();
  }
}

/** One thing that was looked at. */
type Finding = Readonly<{ what: Text; ok: boolean; detail: Text }>;

async function checkUp(frame: Frame): Promise<number> {
  const findings: Finding[] = [
    nodeFinding(),
    folderFinding(frame.config.dataFolder),
    spaceFinding(frame.config.dataFolder),
  ];
  try {
    const tidemark = await compose(frame.config, { migrations: "require" });
    try {
      findings.push(...(await inside(tidemark)));
    } finally {
      await tidemark.close();
    }
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    findings.push({
      what: words.database,
      ok: false,
      detail: error.text ?? same(error.message),
    });
  }
  const ok = findings.every((one) => one.ok);
  printJson(frame, {
    ok,
    findings: findings.map((one) => ({
      what: say(frame, one.what),
      ok: one.ok,
      detail: say(frame, one.detail),
    })),
  });
  if (!frame.json) frame.terminal.out(findingsText(frame, findings));
  return ok ? exitCodes.success : exitCodes.fault;
}

const words = {
  node: { en: "Node", zh: "Node" },
  folder: { en: "data folder", zh: "数据目录" },
  space: { en: "free space", zh: "剩余空间" },
  database: { en: "database", zh: "数据库" },
  installation: { en: "installation", zh: "系统" },
  core: { en: "core system", zh: "核心系统" },
  packs: { en: "compliance packs", zh: "合规规则包" },
  strategies: { en: "strategies", zh: "策略" },
  lines: { en: "lines", zh: "授信" },
  messages: { en: "unsent messages", zh: "未发消息" },
  halts: { en: "stop switches", zh: "紧急停用" },
} as const satisfies Readonly<Record<string, Text>>;

function same(text: string): Text {
  return { en: text, zh: text };
}

const oldestNode = [22, 18];

function nodeFinding(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const ok = major > oldestNode[0]! || (major === oldestNode[0] && minor >= oldestNode[1]!);
  return {
    what: words.node,
    ok,
    detail: ok
      ? same(process.version)
      : {
          en: `found ${process.version}, expected ${oldestNode.join(".")} or newer; npm run tidemark uses the pinned one`,
          zh: `当前为 ${process.version}，需要 ${oldestNode.join(".")} 及以上；npm run tidemark 会使用固定版本`,
        },
  };
}

function folderFinding(folder: string): Finding {
  const nearest = nearestExisting(folder);
  try {
    accessSync(nearest, constants.R_OK | constants.W_OK | constants.X_OK);
    return { what: words.folder, ok: true, detail: same(folder) };
  } catch {
    return {
      what: words.folder,
      ok: false,
      detail: { en: `${nearest} is not writable for this user`, zh: `当前用户无权写入 ${nearest}` },
    };
  }
}

function nearestExisting(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestExisting(dirname(path));
}

const leastFreeBytes = 512 * 1024 * 1024;

function spaceFinding(folder: string): Finding {
  const { bavail, bsize } = statfsSync(nearestExisting(folder));
  const free = bavail * bsize;
  const text = `${(free / 1024 ** 3).toFixed(1)} GiB`;
  return {
    what: words.space,
    ok: free >= leastFreeBytes,
    detail:
      free >= leastFreeBytes
        ? same(text)
        : { en: `${text}, expected 0.5 GiB or more`, zh: `${text}，需要至少 0.5 GiB` },
  };
}

async function inside(tidemark: Tidemark): Promise<readonly Finding[]> {
  const { database, installation, world, packs, portfolio } = tidemark;
  const [server] = await database.query<Readonly<{ version: string }>>(
    "select current_setting('server_version') as version",
  );
  const now = await world.clock.now();
  const strategies = await world.store.strategies.list();
  const active = strategies
    .filter((one) => one.state === "active")
    .map((one) => `${one.id} ${one.version}`);
  const { lines } = await portfolio.totals(null);
  const unsent = await world.store.waiting.unsent();
  const halts = await world.store.halts.list(now);
  const { lender, mode, timeZone } = installation;
  return [
    {
      what: words.database,
      ok: true,
      detail: same(
        `PostgreSQL ${server?.version ?? ""}${tidemark.embedded === null ? "" : " (embedded)"}`,
      ),
    },
    { what: words.installation, ok: true, detail: same(`${lender}, ${mode}, ${timeZone}, ${now}`) },
    {
      what: words.packs,
      ok: true,
      detail: same(packs.packs.map((one) => `${one.id} ${one.version}`).join(", ")),
    },
    {
      what: words.strategies,
      ok: active.length > 0,
      detail:
        active.length > 0
          ? same(active.join(", "))
          : {
              en: "none is active: tidemark strategy add, then approve",
              zh: "无已生效策略：请先 tidemark strategy add，再 approve",
            },
    },
    {
      what: words.lines,
      ok: lines > 0,
      detail:
        lines > 0
          ? same(String(lines))
          : { en: "none yet: tidemark import lines", zh: "尚无授信：请运行 tidemark import lines" },
    },
    await coreFinding(tidemark),
    { what: words.messages, ok: true, detail: same(String(unsent)) },
    {
      what: words.halts,
      ok: true,
      detail: same(halts.map((one) => `${one.area} (${one.expiresAt})`).join(", ") || "–"),
    },
  ];
}

async function coreFinding({ world, config }: Tidemark): Promise<Finding> {
  const name = config.coreUrl ?? "simulator";
  try {
    const accounts = await world.core.accounts(null, 1);
    const empty = accounts.length === 0;
    return {
      what: words.core,
      ok: !empty,
      detail: empty
        ? {
            en: `${name}: no accounts yet, tidemark core load`,
            zh: `${name}：尚无账户，请运行 tidemark core load`,
          }
        : same(name),
    };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { what: words.core, ok: false, detail: error.text ?? same(error.message) };
  }
}

function findingsText(frame: Frame, findings: readonly Finding[]): string {
  const columns = [
    { label: { en: "check", zh: "检查项" } },
    { label: { en: "result", zh: "结果" } },
    { label: { en: "detail", zh: "说明" } },
  ];
  const rows = findings.map((one) => [
    say(frame, one.what),
    say(frame, one.ok ? { en: "ok", zh: "正常" } : { en: "to do", zh: "待处理" }),
    say(frame, one.detail),
  ]);
  return tableText(frame, columns, rows);
}
