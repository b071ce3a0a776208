// `tidemark start`: from an empty folder to a running sandbox in one command. The first start makes the demo
// accounts, portfolio and strategy; every later one goes on with what is there; Ctrl-C stops what it started.

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readYamlFile } from "../adapters/files/strategy-file.ts";
import { exitCodes } from "../adapters/refusal-table.ts";
import { faultIn, type Fault } from "../adapters/fault.ts";
import { packageFolder, type Tidemark } from "../compose.ts";
import { isRefusal, type Refusal } from "../domain/refusal.ts";
import type { Text } from "../domain/text.ts";
import { addStrategy, approveStrategy } from "../flow/strategy-life.ts";
import type { DemoPlan } from "../portfolio/demo-history.ts";
import type { Serving } from "../serve.ts";
import type { Preparation } from "../adapters/http/dependencies.ts";
import { demoAccounts, newPassword } from "./accounts.ts";
import { addDemoOptions, demoPlanOf } from "./demo.ts";
import { demoActor, loadDemo } from "./demo-start.ts";
import { interrupted, note, print, printJson, printRefusal, say, type Frame } from "./frame.ts";
import type { Program } from "./program.ts";
import { withSession, type Session } from "./session.ts";
import { tableText } from "./table.ts";
import { untilStopped } from "./work.ts";

export function registerStart(program: Program): void {
  const start = program.add(
    program.root,
    "start",
    {
      en: "Start everything; the first time with a demo portfolio",
      zh: "一键启动；首次启动附带演示组合",
    },
    ["start", "start --port 8080 --data ./my-data", "start --lines 2000"],
  );
  addDemoOptions(program, start);
  program.action(start, async (frame, _args, options) => {
    const plan = demoPlanOf(options);
    return isRefusal(plan)
      ? printRefusal(frame, plan)
      : withSession(frame, (session) => startAll(frame, session, plan), {
          migrations: "apply",
          unattended: true,
        });
  });
}

type SignIn = Readonly<{ login: string; name: string; password: string }>;

async function startAll(frame: Frame, session: Session, plan: DemoPlan): Promise<number> {
  const { tidemark } = session;
  const wanted = await wantedOf(tidemark);
  if (wanted.accounts || wanted.demo) writeMark(tidemark, wanted);
  const signIns = wanted.accounts ? await makeAccounts(frame, tidemark) : [];
  // At once: whatever fails after this, the passwords are told.
  tellSignIns(frame, signIns);
  const { serve } = await import("../serve.ts");
  const serving = await serve(
    tidemark,
    wanted.demo ? (onProgress) => prepareDemo(frame, session, plan, onProgress) : null,
  );
  if (!wanted.demo) dropMark(tidemark);
  printJson(frame, { url: serving.url, signIns });
  print(frame, { en: `Tidemark: ${serving.url}`, zh: `潮位：${serving.url}` });
  print(frame, {
    en: `API description: ${serving.url}/openapi.json`,
    zh: `API 文档：${serving.url}/openapi.json`,
  });
  if (signIns.length === 0) await tellOldSignIns(frame, tidemark);
  print(frame, { en: "Ctrl-C stops everything", zh: "按 Ctrl-C 停止全部进程" });
  return wanted.demo ? whilePreparing(frame, session, serving) : untilEnd(session, serving);
}

async function untilEnd(session: Session, serving: Serving): Promise<number> {
  await untilStopped(session);
  await serving.stop();
  return exitCodes.success;
}

/** What was stopped half-way goes on with the next start; what failed ends the server. */
async function whilePreparing(frame: Frame, session: Session, serving: Serving): Promise<number> {
  const { tidemark } = session;
  try {
    await serving.prepared;
  } catch (error) {
    await serving.stop();
    throw error;
  }
  if (session.stopped()) {
    await serving.stop();
    note(frame, {
      en: "Stopped: the next start goes on with what is missing",
      zh: "已停止：下次启动将继续完成剩余部分",
    });
    return interrupted;
  }
  dropMark(tidemark);
  print(frame, { en: "Demo: ready", zh: "演示数据：已就绪" });
  return untilEnd(session, serving);
}

async function prepareDemo(
  frame: Frame,
  session: Session,
  plan: DemoPlan,
  onProgress: (progress: Preparation) => void,
): Promise<void> {
  const strategy = (): Promise<void> => loadDemoStrategy(session.tidemark);
  const refusal = await loadDemo(frame, session, plan, strategy, onProgress);
  if (refusal !== null) throw refused(refusal);
}

async function tellOldSignIns(frame: Frame, { accounts }: Tidemark): Promise<void> {
  if ((await accounts.list()).length > 0) {
    return print(frame, {
      en: "Sign-ins: as before; new passwords with tidemark account set-password --demo",
      zh: "登录账号：沿用此前密码；可用 tidemark account set-password --demo 重设",
    });
  }
  print(frame, {
    en: "Sign-ins: none yet, make the first with tidemark account create LOGIN --role administrator",
    zh: "登录账号：尚无账号，可用 tidemark account create 登录名 --role administrator 创建首个账号",
  });
}

/** What a first start makes. */
type FirstStart = Readonly<{ accounts: boolean; demo: boolean }>;

/** Written before anything is made: interrupted anywhere, the next start makes what is missing. */
function writeMark(tidemark: Tidemark, wanted: FirstStart): void {
  const mark = markOf(tidemark);
  mkdirSync(dirname(mark), { recursive: true, mode: 0o700 });
  writeFileSync(mark, JSON.stringify(wanted));
}

function dropMark(tidemark: Tidemark): void {
  rmSync(markOf(tidemark), { force: true });
}

/** Accounts where there are none, the demo where there are no lines; or what an interrupted start left to do. */
async function wantedOf(tidemark: Tidemark): Promise<FirstStart> {
  if (tidemark.installation.mode === "live") return { accounts: false, demo: false };
  const mark = markOf(tidemark);
  if (existsSync(mark)) return JSON.parse(readFileSync(mark, "utf8")) as FirstStart;
  const accounts = (await tidemark.accounts.list()).length === 0;
  const held = await tidemark.demo.read();
  const demo =
    held === null ? (await tidemark.portfolio.totals(null)).lines === 0 : held.stage !== "done";
  return { accounts, demo };
}

function markOf({ config }: Tidemark): string {
  return join(config.dataFolder, "first-start.json");
}

function tellSignIns(frame: Frame, signIns: readonly SignIn[]): void {
  if (frame.json || signIns.length === 0) return;
  print(frame, { en: "Sign-ins (shown once):", zh: "登录账号（密码仅显示一次）：" });
  const columns = [
    { label: { en: "login", zh: "登录名" } },
    { label: { en: "name", zh: "姓名" } },
    { label: { en: "password", zh: "密码" } },
  ];
  const rows = signIns.map((one) => [one.login, one.name, one.password]);
  frame.terminal.out(tableText(frame, columns, rows));
}

/** The demo accounts that are not there yet. */
async function makeAccounts(frame: Frame, { accounts }: Tidemark): Promise<readonly SignIn[]> {
  const made: SignIn[] = [];
  for (const { login, name, roles, desk } of demoAccounts) {
    if ((await accounts.findByLogin(login)) !== null) continue;
    const password = newPassword();
    const account = await accounts.create({
      ...{ login, name, roles, password },
      scope: { kind: "all" },
      language: frame.language,
      ...(desk === undefined ? {} : { desk }),
    });
    if (isRefusal(account)) throw refused(account);
    made.push({ login, name: say(frame, name), password });
  }
  return made;
}

const demoStrategy = join(packageFolder, "strategies", "consumer-cn", "strategy.yaml");

async function loadDemoStrategy(tidemark: Tidemark): Promise<void> {
  const file = await readYamlFile(demoStrategy);
  if ("problems" in file) throw unreadable(demoStrategy, textsOf(file.problems));
  const author = await demoActor(tidemark, "analyst", "analyst");
  const added = await addStrategy(tidemark.world, file.value, author, { locate: file.locate });
  if (isRefusal(added)) throw refused(added);
  if ("problems" in added) throw unreadable(demoStrategy, textsOf(added.problems));
  const { id, version, hash, state } = added.strategy;
  if (state !== "submitted") return;
  const approver = await demoActor(tidemark, "approver", "approver");
  const approved = await approveStrategy(tidemark.world, id, version, approver, hash);
  if (isRefusal(approved)) throw refused(approved);
}

function textsOf(problems: readonly Readonly<{ message: Text }>[]): readonly Text[] {
  return problems.map(({ message }) => message);
}

function unreadable(path: string, problems: readonly Text[]): Fault {
  const text = {
    en: `Cannot load the demo from ${path}:\n${problems.map(({ en }) => en).join("\n")}`,
    zh: `无法从 ${path} 载入演示数据：\n${problems.map(({ zh }) => zh).join("\n")}`,
  };
  return faultIn(text, { retryable: false });
}

function refused({ detail }: Refusal): Fault {
  const text = {
    en: `Cannot set up the demo: ${detail.en}`,
    zh: `无法准备演示数据：${detail.zh}`,
  };
  return faultIn(text, { retryable: false });
}
