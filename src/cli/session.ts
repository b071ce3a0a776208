// A command's hold on Tidemark: opened for one command, with the actor it acts as, and closed whatever happens.
// Who may reach the embedded database's folder is the operating system's decision, so there an account is named
// and not proved; on a server by DATABASE_URL it takes an API key or a password.

import { actorOf } from "../adapters/identity/accounts.ts";
import { withheldFacts, type Withheld } from "../adapters/http/withheld.ts";
import { pause } from "../adapters/pause.ts";
import { narrowedScope } from "../adapters/identity/api-keys.ts";
import { compose, type Tidemark } from "../compose.ts";
import { serviceActor, type Actor } from "../domain/actor.ts";
import { isRefusal, refuse, type Refusal } from "../domain/refusal.ts";
import { readOnlyRefusal } from "../flow/read-only.ts";
import { note, printRefusal, type Frame } from "./frame.ts";

/** The built-in account of the command line: everything but reviewing and approving, so that maker is not checker. */
export const localActor: Actor = {
  id: "local",
  roles: ["operator", "analyst", "administrator"],
  scope: { kind: "all" },
};

export type Session = Readonly<{
  tidemark: Tidemark;
  actor: Actor;
  /** true once the person wants to stop; asked between pieces of work */
  stopped: () => boolean;
  /** waits, milliseconds of real time; ends early when the person wants to stop */
  pause: (ms: number) => Promise<void>;
}>;

export type SessionOptions = Readonly<{
  migrations?: "apply" | "require";
  /** the program itself runs, nobody acts: no sign-in is asked for */
  unattended?: boolean;
  /** the command may run in read-only mode: it is how somebody ends it */
  evenReadOnly?: boolean;
}>;

/** The facts that the actor is not told: the same rule as over HTTP. */
export function withheldFrom({ tidemark, actor }: Session): Promise<Withheld> {
  return withheldFacts(actor, tidemark.world.store.strategies);
}

/**
 * Opens Tidemark, finds out who acts, runs `work` and closes. The first Ctrl-C asks `work` to stop, the second
 * ends at once.
 * @returns the exit code
 */
export async function withSession(
  frame: Frame,
  work: (session: Session) => Promise<number>,
  options: SessionOptions = {},
): Promise<number> {
  const stop = new AbortController();
  const leave = frame.terminal.onInterrupt(() => {
    stop.abort();
    note(frame, {
      en: "Stopping after the piece of work at hand; Ctrl-C again ends at once",
      zh: "处理完当前部分后停止；再按一次 Ctrl-C 立即结束",
    });
  });
  try {
    const tidemark = await compose(frame.config, { migrations: options.migrations ?? "require" });
    try {
      const actor = options.unattended === true ? serviceActor("process") : await whoActs(tidemark);
      if (isRefusal(actor)) return printRefusal(frame, actor);
      const locked = frame.writes && options.evenReadOnly !== true ? await lockOf(tidemark) : null;
      if (locked !== null) return printRefusal(frame, locked);
      const stopped = (): boolean => stop.signal.aborted;
      return await work({ tidemark, actor, stopped, pause: (ms) => pause(ms, stop.signal) });
    } finally {
      await tidemark.close();
    }
  } finally {
    leave();
  }
}

/** What nobody is told to change, nobody has to find out by half of it being refused. */
async function lockOf({ world }: Tidemark): Promise<Refusal | null> {
  return readOnlyRefusal(await world.store.halts.list(await world.clock.now()));
}

async function whoActs(tidemark: Tidemark): Promise<Actor | Refusal> {
  const { config, embedded, accounts } = tidemark;
  if (config.apiKey !== undefined) return actorOfKey(tidemark, config.apiKey);
  const login = config.login ?? localActor.id;
  if (login === localActor.id) return localActorOn(tidemark);
  const account =
    embedded === null
      ? await accounts.verify(login, config.password ?? "")
      : await accounts.findByLogin(login);
  if (account !== null && !account.disabled) return actorOf(account);
  if (embedded === null) {
    return refuse("not-signed-in", {
      en: `Cannot act as ${login}: unknown or disabled account, or wrong password in TIDEMARK_PASSWORD`,
      zh: `无法以 ${login} 身份操作：账号不存在、已停用，或 TIDEMARK_PASSWORD 中的密码错误`,
    });
  }
  return refuse("not-found", {
    en: `Cannot act as ${login}: ${account === null ? "no such account" : "the account is disabled"}, see tidemark account list`,
    zh: `无法以 ${login} 身份操作：${account === null ? "账号不存在" : "账号已停用"}，可运行 tidemark account list 查看`,
  });
}

/** On a server the local account stands in only until somebody has an account, so that the first can be made. */
async function localActorOn({ embedded, accounts }: Tidemark): Promise<Actor | Refusal> {
  if (embedded !== null || (await accounts.list()).length === 0) return localActor;
  return refuse("not-signed-in", {
    en: "DATABASE_URL is set: expected TIDEMARK_API_KEY, or --as LOGIN with TIDEMARK_PASSWORD",
    zh: "已设置 DATABASE_URL：须提供 TIDEMARK_API_KEY，或 --as 登录名 与 TIDEMARK_PASSWORD",
  });
}

async function actorOfKey({ apiKeys, accounts }: Tidemark, text: string): Promise<Actor | Refusal> {
  const key = await apiKeys.find(text);
  const account = key === null ? null : await accounts.find(key.accountId);
  const scope = key === null || account === null ? null : narrowedScope(account.scope, key.scope);
  if (key === null || account === null || account.disabled || scope === null) {
    return refuse("not-signed-in", {
      en: "TIDEMARK_API_KEY: the key is unknown, expired or revoked",
      zh: "TIDEMARK_API_KEY：密钥不存在、已过期或已吊销",
    });
  }
  const roles = key.roles.filter((role) => account.roles.includes(role));
  return { id: account.id, roles, scope, desk: account.desk };
}
