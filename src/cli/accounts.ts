// `tidemark account` and `tidemark key`: who may sign in or call, in which roles and for whose lines. Passwords
// and keys are shown once, when they are made.

import { randomInt } from "node:crypto";
import { Option } from "commander";
import type { Account } from "../adapters/identity/accounts.ts";
import { exitCodes } from "../adapters/refusal-table.ts";
import { roles as allRoles, type Role, type Scope } from "../domain/actor.ts";
import { isRefusal, notFound, type Refusal, refuse } from "../domain/refusal.ts";
import { languages, type Language, type Text } from "../domain/text.ts";
import { wholeLenderRefusal } from "../flow/whole-lender.ts";
import type { DeskRights } from "../domain/desk-rights.ts";
import { moneyText, type Currency, type Money } from "../domain/money.ts";
import { parseAmount } from "./amount.ts";
import { chosen } from "./chosen.ts";
import { note, print, printJson, printRefusal, say, type Frame } from "./frame.ts";
import type { Program } from "./program.ts";
import { withSession, type Session } from "./session.ts";
import { tableText } from "./table.ts";

export function registerAccounts(program: Program): void {
  const noun = program.noun("account", {
    en: "Accounts of people and programs",
    zh: "人员与程序账号",
  });
  const list = program.add(noun, "list", { en: "List accounts", zh: "账号列表" }, [
    "account list",
    "account list --json",
  ]);
  program.action(list, (frame) =>
    asAdministrator(frame, (session) => listAccounts(frame, session)),
  );
  registerCreate(program, noun);
  registerDesk(program, noun);
  const disable = program.add(
    noun,
    "disable",
    { en: "Disable an account; it is never deleted", zh: "停用账号（账号不会被删除）" },
    ["account disable wang"],
  );
  disable
    .argument("<login>", program.text(loginLabel))
    .option("--enable", program.text({ en: "enable it again instead", zh: "改为重新启用" }));
  program.changesData(disable);
  program.action(disable, (frame, [login], options) =>
    asAdministrator(frame, (session) =>
      setDisabled(frame, session, String(login), options["enable"] !== true),
    ),
  );
  const password = program.add(
    noun,
    "set-password",
    {
      en: "Give an account a new password; made and shown once unless typed",
      zh: "重设密码（不输入则自动生成，仅显示一次）",
    },
    ["account set-password reviewer1", "account set-password --demo"],
  );
  password
    .argument("[login]", program.text(loginLabel))
    .option("--demo", program.text({ en: "all demo accounts at once", zh: "重设全部演示账号" }))
    .option("--type", program.text({ en: "type the password instead", zh: "手动输入密码" }));
  program.changesData(password);
  program.action(password, (frame, [login], options) =>
    asAdministrator(frame, (session) => setPasswords(frame, session, login, options)),
  );
}

const loginLabel: Text = { en: "login", zh: "登录名" };

const skillLabel: Text = {
  en: "skills at the review desk (none)",
  zh: "复核台技能（缺省为无）",
};

const authorityLabel: Text = {
  en: "largest impact that may be decided, one a currency (no limit)",
  zh: "审批权限上限，每个币种一个（缺省为不限）",
};

type Noun = ReturnType<Program["noun"]>;

function registerDesk(program: Program, noun: Noun): void {
  const desk = program.add(
    noun,
    "desk",
    {
      en: "Give an account its skills and authority at the review desk, in place of those it has",
      zh: "设定账号在复核台的技能与审批权限（覆盖原设定）",
    },
    ["account desk reviewer1 --skill closures --authority 200000.00", "account desk approver"],
  );
  desk
    .argument("<login>", program.text(loginLabel))
    .option("--skill <name...>", program.text(skillLabel))
    .option("--authority <amount...>", program.text(authorityLabel));
  program.changesData(desk);
  program.action(desk, (frame, [login], options) =>
    asAdministrator(frame, (session) => setDesk(frame, session, String(login), options)),
  );
}

async function setDesk(
  frame: Frame,
  { tidemark }: Session,
  login: string,
  options: Readonly<Record<string, unknown>>,
): Promise<number> {
  const account = await mustFind(tidemark, login);
  if (isRefusal(account)) return printRefusal(frame, account);
  const desk = deskOf(options, tidemark.installation.currency);
  if (isRefusal(desk)) return printRefusal(frame, desk);
  const changed = frame.dryRun
    ? { ...account, desk }
    : await tidemark.accounts.setDesk(account.id, desk);
  if (isRefusal(changed)) return printRefusal(frame, changed);
  printJson(frame, { ...changed, dryRun: frame.dryRun });
  print(frame, {
    en: `Account ${login}: ${frame.dryRun ? "could have" : "has"} ${deskText(changed.desk, "no limit")}`,
    zh: `账号 ${login}：${frame.dryRun ? "可设定为" : "已设定为"} ${deskText(changed.desk, "不限")}`,
  });
  return exitCodes.success;
}

function deskText({ skills, authority }: DeskRights, unlimited: string): string {
  const limit = authority === null ? unlimited : authority.map(moneyText).join(" ");
  return [skills.join(" ") || "–", limit].join(" · ");
}

/** The rights that the options state. */
function deskOf(
  options: Readonly<Record<string, unknown>>,
  currency: Currency,
): DeskRights | Refusal {
  const skills = (options["skill"] as readonly string[] | undefined) ?? [];
  const amounts = options["authority"] as readonly string[] | undefined;
  if (amounts === undefined) return { skills, authority: null };
  const authority: Money[] = [];
  for (const text of amounts) {
    const amount = parseAmount(text, currency, "--authority");
    if (isRefusal(amount)) return amount;
    authority.push(amount);
  }
  return { skills, authority };
}

function registerCreate(program: Program, noun: Noun): void {
  const create = program.add(noun, "create", { en: "Create an account", zh: "创建账号" }, [
    'account create wang --role reviewer --name-zh "王芳" --name-en "Wang Fang"',
  ]);
  create
    .argument("<login>", program.text(loginLabel))
    .requiredOption(
      "--role <role...>",
      `${program.text({ en: "one or more of", zh: "一个或多个角色：" })} ${allRoles.join(", ")}`,
    )
    .option(
      "--portfolio <name...>",
      program.text({ en: "reaches only these portfolios (all)", zh: "仅限这些组合（缺省为全部）" }),
    )
    .option(
      "--customer <id>",
      program.text({ en: "a borrower's own customer id", zh: "借款人本人的客户编号" }),
    )
    .option(
      "--name-zh <name>",
      program.text({ en: "name in Chinese (the login)", zh: "中文姓名（缺省为登录名）" }),
    )
    .option(
      "--name-en <name>",
      program.text({ en: "name in English (the login)", zh: "英文姓名（缺省为登录名）" }),
    )
    .option("--skill <name...>", program.text(skillLabel))
    .option("--authority <amount...>", program.text(authorityLabel))
    .addOption(
      new Option(
        "--language <language>",
        program.text({ en: "language of the account", zh: "账号语言" }),
      ).choices(languages),
    )
    .option(
      "--no-password",
      program.text({ en: "signs in by API key only", zh: "仅使用 API 密钥登录" }),
    );
  program.changesData(create);
  program.action(create, (frame, [login], options) =>
    asAdministrator(frame, (session) => createAccount(frame, session, String(login), options)),
  );
}

/** Opens a session for somebody who may manage accounts. */
export function asAdministrator(
  frame: Frame,
  work: (session: Session) => Promise<number>,
): Promise<number> {
  return withSession(frame, (session) => {
    const what = { en: "Accounts", zh: "账号管理" };
    const refusal = wholeLenderRefusal(session.actor, accountRoles, what);
    return refusal === null ? work(session) : Promise.resolve(printRefusal(frame, refusal));
  });
}

/** Roles that manage accounts and API keys. */
export const accountRoles: readonly Role[] = ["administrator"];

async function listAccounts(frame: Frame, { tidemark }: Session): Promise<number> {
  const accounts = await tidemark.accounts.list();
  printJson(frame, { data: accounts });
  if (frame.json) return exitCodes.success;
  const columns = [
    { label: loginLabel },
    { label: { en: "name", zh: "姓名" } },
    { label: { en: "roles", zh: "角色" } },
    { label: { en: "scope", zh: "范围" } },
    { label: { en: "skills · authority", zh: "技能 · 审批权限" } },
    { label: { en: "state", zh: "状态" } },
    { label: { en: "id", zh: "编号" } },
  ];
  const rows = accounts.map((one) => [
    one.login,
    say(frame, one.name),
    one.roles.join(" "),
    scopeText(one.scope),
    deskText(one.desk, say(frame, { en: "no limit", zh: "不限" })),
    say(frame, one.disabled ? { en: "disabled", zh: "停用" } : { en: "active", zh: "启用" }),
    one.id,
  ]);
  frame.terminal.out(tableText(frame, columns, rows));
  return exitCodes.success;
}

function scopeText(scope: Scope): string {
  switch (scope.kind) {
    case "all":
      return "all";
    case "portfolios":
      return scope.portfolios.join(" ");
    case "own":
      return scope.customerId;
  }
}

async function createAccount(
  frame: Frame,
  { tidemark }: Session,
  login: string,
  options: Readonly<Record<string, unknown>>,
): Promise<number> {
  const password = options["password"] === false ? null : newPassword();
  const names = chosen(options, ["nameZh", "nameEn", "language"]);
  const desk = deskOf(options, tidemark.installation.currency);
  if (isRefusal(desk)) return printRefusal(frame, desk);
  const request = {
    ...{ login, password },
    name: { zh: names["nameZh"] ?? login, en: names["nameEn"] ?? login },
    roles: options["role"] as readonly Role[],
    scope: scopeOf(options),
    desk,
    language: (names["language"] ?? frame.language) as Language,
  };
  if (frame.dryRun) {
    const taken = (await tidemark.accounts.findByLogin(login)) !== null;
    print(frame, {
      en: `Dry run: login ${login} is ${taken ? "taken" : "free"}`,
      zh: `试运行：登录名 ${login} ${taken ? "已被占用" : "可用"}`,
    });
    printJson(frame, { dryRun: true, login, taken });
    return exitCodes.success;
  }
  const account = await tidemark.accounts.create(request);
  if (isRefusal(account)) return printRefusal(frame, account);
  printJson(frame, { ...account, password });
  print(frame, { en: `Account ${account.login}: created`, zh: `账号 ${account.login}：已创建` });
  if (password !== null) print(frame, passwordOnce(account.login, password));
  return exitCodes.success;
}

function scopeOf(options: Readonly<Record<string, unknown>>): Scope {
  if (typeof options["customer"] === "string")
    return { kind: "own", customerId: options["customer"] };
  const portfolios = options["portfolio"];
  return Array.isArray(portfolios) ? { kind: "portfolios", portfolios } : { kind: "all" };
}

function passwordOnce(login: string, password: string): Text {
  return {
    en: `Password of ${login} (shown once): ${password}`,
    zh: `${login} 的密码（仅显示一次）：${password}`,
  };
}

const passwordLetters = "abcdefghjkmnpqrstuvwxyz23456789";

/** 20 letters in groups of five: 98 bits, easy to type, without letters that look alike. */
export function newPassword(): string {
  const group = (): string =>
    Array.from({ length: 5 }, () => passwordLetters[randomInt(passwordLetters.length)]).join("");
  return [group(), group(), group(), group()].join("-");
}

async function setDisabled(
  frame: Frame,
  { tidemark }: Session,
  login: string,
  disabled: boolean,
): Promise<number> {
  const account = await mustFind(tidemark, login);
  if (isRefusal(account)) return printRefusal(frame, account);
  const changed = frame.dryRun
    ? account
    : await tidemark.accounts.setDisabled(account.id, disabled);
  if (isRefusal(changed)) return printRefusal(frame, changed);
  printJson(frame, { ...changed, dryRun: frame.dryRun });
  print(frame, {
    en: `Account ${login}: ${frame.dryRun ? "could be " : ""}${disabled ? "disabled" : "enabled"}`,
    zh: `账号 ${login}：${frame.dryRun ? "可" : "已"}${disabled ? "停用" : "启用"}`,
  });
  return exitCodes.success;
}

/** The account of a login, or the refusal. */
export async function mustFind(
  { accounts }: Session["tidemark"],
  login: string,
): Promise<Account | Refusal> {
  return (await accounts.findByLogin(login)) ?? notFound({ en: "account", zh: "账号" }, login);
}

async function setPasswords(
  frame: Frame,
  session: Session,
  login: unknown,
  options: Readonly<Record<string, unknown>>,
): Promise<number> {
  const logins = options["demo"] === true ? demoLogins : typeof login === "string" ? [login] : [];
  if (logins.length === 0) return printRefusal(frame, loginOrDemo);
  const typed =
    options["type"] === true
      ? await frame.terminal.ask(say(frame, { en: "New password: ", zh: "新密码：" }))
      : null;
  const made: { login: string; password: string }[] = [];
  for (const one of logins) {
    const account = await mustFind(session.tidemark, one);
    if (isRefusal(account)) {
      if (options["demo"] === true) continue;
      return printRefusal(frame, account);
    }
    const password = typed ?? newPassword();
    if (frame.dryRun) continue;
    const changed = await session.tidemark.accounts.setPassword(account.id, password);
    if (isRefusal(changed)) return printRefusal(frame, changed);
    made.push({ login: account.login, password });
  }
  printJson(frame, {
    data: typed === null ? made : made.map((one) => ({ login: one.login })),
    dryRun: frame.dryRun,
  });
  if (frame.dryRun)
    note(frame, { en: "Dry run: no password was changed", zh: "试运行：未更改任何密码" });
  for (const one of made)
    print(frame, typed === null ? passwordOnce(one.login, one.password) : changedWords(one.login));
  return exitCodes.success;
}

function changedWords(login: string): Text {
  return { en: `Password of ${login}: changed`, zh: `${login} 的密码：已更改` };
}

const loginOrDemo = refuse("invalid", {
  en: "Set password: expected a login or --demo",
  zh: "重设密码：须给出登录名或 --demo",
});

const closures: DeskRights = { skills: ["closures"], authority: null };
const upToCny200000: DeskRights = {
  skills: [],
  authority: [{ currency: "CNY", amountMinor: 20_000_000 }],
};

/**
 * One account per role, made on the first start of a sandbox. Two reviewers, because four eyes need them; what one of them
 * may not decide waits for the other or for the approver.
 */
export const demoAccounts: readonly Readonly<{
  login: string;
  name: Text;
  roles: readonly Role[];
  desk?: DeskRights;
}>[] = [
  { login: "analyst", name: { en: "Demo analyst", zh: "演示·策略分析" }, roles: ["analyst"] },
  {
    ...{ login: "approver", roles: ["approver"], desk: closures },
    name: { en: "Demo approver", zh: "演示·审批人" },
  },
  {
    ...{ login: "reviewer1", roles: ["reviewer"], desk: upToCny200000 },
    name: { en: "Demo reviewer 1", zh: "演示·复核员一" },
  },
  {
    ...{ login: "reviewer2", roles: ["reviewer"], desk: closures },
    name: { en: "Demo reviewer 2", zh: "演示·复核员二" },
  },
  { login: "compliance", name: { en: "Demo compliance", zh: "演示·合规" }, roles: ["compliance"] },
  { login: "legal", name: { en: "Demo legal", zh: "演示·法务" }, roles: ["legal"] },
  { login: "operator", name: { en: "Demo operator", zh: "演示·运营" }, roles: ["operator"] },
  { login: "auditor", name: { en: "Demo auditor", zh: "演示·审计" }, roles: ["auditor"] },
  {
    login: "administrator",
    name: { en: "Demo administrator", zh: "演示·管理员" },
    roles: ["administrator"],
  },
];

const demoLogins = demoAccounts.map(({ login }) => login);
