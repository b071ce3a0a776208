// `tidemark key`: API keys for programs. A key acts as its account and never with more rights.

import { exitCodes } from "../adapters/refusal-table.ts";
import type { Role } from "../domain/actor.ts";
import { isRefusal, refuse } from "../domain/refusal.ts";
import type { Text } from "../domain/text.ts";
import { asAdministrator, mustFind } from "./accounts.ts";
import { print, printJson, printRefusal, type Frame } from "./frame.ts";
import type { Program } from "./program.ts";
import type { Session } from "./session.ts";
import { tableText } from "./table.ts";

export function registerKeys(program: Program): void {
  const noun = program.noun("key", { en: "API keys", zh: "API 密钥" });
  const create = program.add(
    noun,
    "create",
    { en: "Make a key for an account; it is shown once", zh: "为账号创建密钥（仅显示一次）" },
    ['key create operator --label "nightly import" --days 90'],
  );
  create
    .argument("<login>", program.text(loginLabel))
    .requiredOption("--label <text>", program.text({ en: "what it is for", zh: "用途" }))
    .option(
      "--role <role...>",
      program.text({
        en: "fewer roles than the account has (all)",
        zh: "仅限部分角色（缺省为账号的全部角色）",
      }),
    )
    .option(
      "--days <number>",
      program.text({
        en: "valid for so many days (until revoked)",
        zh: "有效天数（缺省直至吊销）",
      }),
    );
  program.changesData(create);
  program.action(create, (frame, [login], options) =>
    asAdministrator(frame, (session) => createKey(frame, session, String(login), options)),
  );
  const list = program.add(
    noun,
    "list",
    { en: "List the keys of an account", zh: "账号的密钥列表" },
    ["key list operator"],
  );
  list.argument("<login>", program.text(loginLabel));
  program.action(list, (frame, [login]) =>
    asAdministrator(frame, (session) => listKeys(frame, session, String(login))),
  );
  const revoke = program.add(
    noun,
    "revoke",
    { en: "Revoke a key by its public prefix", zh: "按公开前缀吊销密钥" },
    ["key revoke 4f0c2a9b7d11"],
  );
  revoke.argument("<prefix>", program.text({ en: "the part after tm_", zh: "tm_ 之后的部分" }));
  program.changesData(revoke);
  program.action(revoke, (frame, [prefix]) =>
    asAdministrator(frame, (session) => revokeKey(frame, session, String(prefix))),
  );
}

const loginLabel: Text = { en: "login of the account", zh: "账号登录名" };

async function createKey(
  frame: Frame,
  { tidemark }: Session,
  login: string,
  options: Readonly<Record<string, unknown>>,
): Promise<number> {
  const account = await mustFind(tidemark, login);
  if (isRefusal(account)) return printRefusal(frame, account);
  const days = options["days"] === undefined ? null : Number(options["days"]);
  if (days !== null && !(days > 0 && days <= 3_650))
    return printRefusal(frame, wrongDays(String(options["days"])));
  if (frame.dryRun) {
    printJson(frame, { dryRun: true, login });
    print(frame, {
      en: `Dry run: a key for ${login} could be made`,
      zh: `试运行：可为 ${login} 创建密钥`,
    });
    return exitCodes.success;
  }
  const expiresAt = days === null ? null : new Date(Date.now() + days * 86_400_000);
  const roles = (options["role"] as readonly Role[] | undefined) ?? account.roles;
  const { scope } = account;
  const label = String(options["label"]);
  const key = await tidemark.apiKeys.create({
    accountId: account.id,
    roles,
    scope,
    label,
    expiresAt,
  });
  if (isRefusal(key)) return printRefusal(frame, key);
  printJson(frame, { ...key, login, label, expiresAt });
  print(frame, {
    en: `API key of ${login} (shown once): ${key.text}`,
    zh: `${login} 的 API 密钥（仅显示一次）：${key.text}`,
  });
  return exitCodes.success;
}

function wrongDays(found: string): ReturnType<typeof refuse> {
  return refuse("invalid", {
    en: `--days: found ${JSON.stringify(found)}, expected 1 to 3650`,
    zh: `--days：为 ${JSON.stringify(found)}，应为 1 至 3650`,
  });
}

async function listKeys(frame: Frame, { tidemark }: Session, login: string): Promise<number> {
  const account = await mustFind(tidemark, login);
  if (isRefusal(account)) return printRefusal(frame, account);
  const keys = await tidemark.apiKeys.listOf(account.id);
  printJson(frame, { data: keys });
  if (frame.json) return exitCodes.success;
  const columns = [
    { label: { en: "prefix", zh: "前缀" } },
    { label: { en: "label", zh: "用途" } },
    { label: { en: "roles", zh: "角色" } },
    { label: { en: "expires", zh: "到期" } },
    { label: { en: "revoked", zh: "吊销" } },
  ];
  const rows = keys.map((one) => [
    one.prefix,
    one.label,
    one.roles.join(" "),
    one.expiresAt ?? "–",
    one.revokedAt ?? "–",
  ]);
  frame.terminal.out(tableText(frame, columns, rows));
  return exitCodes.success;
}

async function revokeKey(frame: Frame, { tidemark }: Session, prefix: string): Promise<number> {
  const revoked = frame.dryRun || (await tidemark.apiKeys.revoke(prefix));
  if (!revoked) {
    return printRefusal(
      frame,
      refuse("not-found", {
        en: `Cannot revoke key ${prefix}: there is none, or it was revoked before`,
        zh: `无法吊销密钥 ${prefix}：不存在或已吊销`,
      }),
    );
  }
  printJson(frame, { prefix, revoked: !frame.dryRun, dryRun: frame.dryRun });
  print(frame, {
    en: `API key ${prefix}: ${frame.dryRun ? "would be revoked" : "revoked"}`,
    zh: `API 密钥 ${prefix}：${frame.dryRun ? "将被吊销" : "已吊销"}`,
  });
  return exitCodes.success;
}
