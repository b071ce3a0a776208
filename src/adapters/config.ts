// Every setting of an installation in one table: where it comes from (a flag before the environment before the
// default), what it means and what it may hold. The help of the command line is printed from the same table.

import { isAbsolute, resolve } from "node:path";
import { isCurrency, type Currency } from "../domain/money.ts";
import type { Language, Text } from "../domain/text.ts";
import { faultIn, type Fault } from "./fault.ts";
import { logLevels, type LogLevel } from "./log.ts";

/** Settings in force. Folders are absolute paths. */
export type Config = Readonly<{
  /** everything that Tidemark keeps on this machine: embedded database, keys, core simulator */
  dataFolder: string;
  /** null: the embedded PostgreSQL in the data folder */
  databaseUrl: string | null;
  host: string;
  /** 0: any free port */
  port: number;
  /** served behind HTTPS: cookies for HTTPS only, HSTS */
  https: boolean;
  /** believe X-Forwarded-* of the proxy in front */
  trustProxy: boolean;
  /** origins of own pages that are served from elsewhere */
  origins: readonly string[];
  /** /metrics without a sign-in */
  openMetrics: boolean;
  /** null: the simulator of the data folder */
  coreUrl: string | null;
  /** what goes wrong in the simulator, and the seed that chooses where */
  coreFaults: string;
  coreSeed: string;
  language: Language;
  logLevel: LogLevel;
  /** first start only: what is written into the installation */
  lender: string;
  timeZone: string;
  currency: Currency;
  mode: "sandbox" | "live";
  /** minutes after midnight at which the daily report is made; null: not by itself */
  reportAtMinutes: number | null;
  /** mail addresses that get it */
  reportTo: readonly string[];
  /** null: mails are files in the data folder, in a live installation they wait */
  smtpUrl: string | null;
  mailFrom: string;
  /** how far the time of a signal may be ahead of our clock */
  clockSkewMs: number;
  /** Standard Webhooks secret of the signed address for signals; null: there is no such address */
  signalSecret: string | null;
  masterKey: string | undefined;
  masterKeyFile: string | undefined;
  /** who acts on the command line */
  apiKey: string | undefined;
  login: string | undefined;
  password: string | undefined;
}>;

/** One setting: `flag` is null where a value does not belong on a command line. */
export type Setting = Readonly<{
  key: keyof Config;
  env: string;
  flag: string | null;
  fallback: string;
  label: Text;
  secret?: boolean;
}>;

export const settings: readonly Setting[] = [
  {
    key: "dataFolder",
    env: "TIDEMARK_DATA",
    flag: "--data <folder>",
    fallback: "./data",
    label: { en: "data folder", zh: "数据目录" },
  },
  {
    key: "databaseUrl",
    env: "DATABASE_URL",
    flag: null,
    fallback: "",
    label: {
      en: "PostgreSQL server (15 or newer) instead of the embedded one",
      zh: "使用外部 PostgreSQL（15 及以上）代替内置数据库",
    },
    secret: true,
  },
  {
    key: "host",
    env: "TIDEMARK_HOST",
    flag: "--host <address>",
    fallback: "127.0.0.1",
    label: { en: "address to listen on", zh: "监听地址" },
  },
  {
    key: "port",
    env: "TIDEMARK_PORT",
    flag: "--port <number>",
    fallback: "4270",
    label: { en: "port to listen on, 0 for any free one", zh: "监听端口，0 表示任意空闲端口" },
  },
  {
    key: "https",
    env: "TIDEMARK_HTTPS",
    flag: null,
    fallback: "false",
    label: {
      en: "true behind an HTTPS proxy: cookies for HTTPS only",
      zh: "位于 HTTPS 代理之后时设为 true：仅限 HTTPS 的 Cookie",
    },
  },
  {
    key: "trustProxy",
    env: "TIDEMARK_TRUST_PROXY",
    flag: null,
    fallback: "false",
    label: {
      en: "true to believe X-Forwarded-* of the proxy in front",
      zh: "设为 true 时采信前置代理的 X-Forwarded-* 头",
    },
  },
  {
    key: "origins",
    env: "TIDEMARK_ORIGINS",
    flag: null,
    fallback: "",
    label: {
      en: "origins of own pages served from elsewhere, with commas between",
      zh: "部署在其他地址的自有页面来源，以逗号分隔",
    },
  },
  {
    key: "openMetrics",
    env: "TIDEMARK_OPEN_METRICS",
    flag: null,
    fallback: "true",
    label: {
      en: "false to ask for a sign-in before /metrics",
      zh: "设为 false 时访问 /metrics 须登录",
    },
  },
  {
    key: "coreUrl",
    env: "TIDEMARK_CORE_URL",
    flag: "--core-url <url>",
    fallback: "",
    label: {
      en: "core system instead of the simulator of the data folder",
      zh: "核心系统地址，缺省使用数据目录中的模拟核心",
    },
  },
  {
    key: "coreFaults",
    env: "TIDEMARK_CORE_FAULTS",
    flag: null,
    fallback: "none",
    label: {
      en: "faults of the core simulator in basis points, such as time-out=500,slow=1000",
      zh: "模拟核心的故障率（基点），如 time-out=500,slow=1000",
    },
  },
  {
    key: "coreSeed",
    env: "TIDEMARK_CORE_SEED",
    flag: null,
    fallback: "1",
    label: { en: "seed that chooses where those faults fall", zh: "决定故障位置的随机种子" },
  },
  {
    key: "language",
    env: "TIDEMARK_LANG",
    flag: "--lang <zh|en>",
    fallback: "",
    label: {
      en: "language of what people read; else LC_ALL, LC_MESSAGES, LANG",
      zh: "界面语言；缺省取 LC_ALL、LC_MESSAGES、LANG",
    },
  },
  {
    key: "logLevel",
    env: "TIDEMARK_LOG",
    flag: "--log <level>",
    fallback: "warn",
    label: { en: `log level: ${logLevels.join(", ")}`, zh: `日志级别：${logLevels.join("、")}` },
  },
  {
    key: "login",
    env: "TIDEMARK_LOGIN",
    flag: "--as <login>",
    fallback: "local",
    label: {
      en: "account to act as; with DATABASE_URL its password is needed in TIDEMARK_PASSWORD",
      zh: "操作账号；使用 DATABASE_URL 时须在 TIDEMARK_PASSWORD 中给出密码",
    },
  },
  {
    key: "password",
    env: "TIDEMARK_PASSWORD",
    flag: null,
    fallback: "",
    label: { en: "password of that account", zh: "该账号的密码" },
    secret: true,
  },
  {
    key: "apiKey",
    env: "TIDEMARK_API_KEY",
    flag: null,
    fallback: "",
    label: { en: "API key to act by, before --as", zh: "API 密钥，优先于 --as" },
    secret: true,
  },
  {
    key: "lender",
    env: "TIDEMARK_LENDER",
    flag: null,
    fallback: "Demo Lender 示例消费金融",
    label: { en: "name of the lender (first start)", zh: "机构名称（首次启动）" },
  },
  {
    key: "timeZone",
    env: "TIDEMARK_TIME_ZONE",
    flag: null,
    fallback: "Asia/Shanghai",
    label: {
      en: "time zone that business dates are counted in (first start)",
      zh: "业务日期所用时区（首次启动）",
    },
  },
  {
    key: "currency",
    env: "TIDEMARK_CURRENCY",
    flag: null,
    fallback: "CNY",
    label: { en: "currency of totals (first start)", zh: "汇总币种（首次启动）" },
  },
  {
    key: "mode",
    env: "TIDEMARK_MODE",
    flag: null,
    fallback: "sandbox",
    label: {
      en: "sandbox (with test clock) or live (first start)",
      zh: "sandbox（沙箱，可调时钟）或 live（生产）（首次启动）",
    },
  },
  {
    key: "reportAtMinutes",
    env: "TIDEMARK_REPORT_AT",
    flag: null,
    fallback: "07:00",
    label: {
      en: "time of day, in the lender's time zone, at which the daily report of the day before is made, or off",
      zh: "生成前一日每日报告的时刻（机构所在时区），或 off（不自动生成）",
    },
  },
  {
    key: "reportTo",
    env: "TIDEMARK_REPORT_TO",
    flag: null,
    fallback: "",
    label: {
      en: "mail addresses that get the daily report, with commas between",
      zh: "接收每日报告的邮箱，以逗号分隔",
    },
  },
  {
    key: "smtpUrl",
    env: "TIDEMARK_SMTP_URL",
    flag: null,
    fallback: "",
    label: {
      en: "mail server, such as smtps://user:password@mail.example.com; without one a sandbox writes mail to files",
      zh: "邮件服务器，如 smtps://user:password@mail.example.com；沙箱缺省写入文件",
    },
    secret: true,
  },
  {
    key: "mailFrom",
    env: "TIDEMARK_MAIL_FROM",
    flag: null,
    fallback: "tidemark@localhost",
    label: { en: "sender of mail", zh: "发件人" },
  },
  {
    key: "clockSkewMs",
    env: "TIDEMARK_CLOCK_SKEW_SECONDS",
    flag: null,
    fallback: "300",
    label: {
      en: "seconds by which the time of a signal may be ahead of our clock",
      zh: "信号时间可超前于本机时钟的秒数",
    },
  },
  {
    key: "signalSecret",
    env: "TIDEMARK_SIGNAL_SECRET",
    flag: null,
    fallback: "",
    label: {
      en: "secret (whsec_…) that signs signals sent to /v1/signals/webhook; without one there is no such address",
      zh: "/v1/signals/webhook 的签名密钥（whsec_…）；不填则不开放该地址",
    },
    secret: true,
  },
  {
    key: "masterKey",
    env: "TIDEMARK_MASTER_KEY",
    flag: null,
    fallback: "",
    label: { en: "master key of personal data", zh: "个人信息主密钥" },
    secret: true,
  },
  {
    key: "masterKeyFile",
    env: "TIDEMARK_MASTER_KEY_FILE",
    flag: null,
    fallback: "",
    label: {
      en: "file with the master key; else keys/ in the data folder",
      zh: "主密钥文件；缺省为数据目录下 keys/",
    },
  },
];

/** What was given on the command line, by setting; absent: not given. */
export type Flags = Readonly<Partial<Record<keyof Config, string>>>;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The settings in force: flag, else environment, else default. Throws a Fault that names the setting, what was
 * found and what was expected. Relative folders are taken from `workingFolder`.
 */
export function readConfig(flags: Flags, environment: Environment, workingFolder: string): Config {
  const text = (key: keyof Config): string => {
    const setting = settings.find((one) => one.key === key)!;
    const given = flags[key] ?? environment[setting.env];
    return given === undefined || given === "" ? setting.fallback : given;
  };
  const optional = (key: keyof Config): string | undefined => text(key) || undefined;
  return {
    dataFolder: folder(text("dataFolder"), workingFolder),
    databaseUrl: optional("databaseUrl") ?? null,
    host: text("host"),
    port: portOf(text("port")),
    https: truth("https", text("https")),
    trustProxy: truth("trustProxy", text("trustProxy")),
    origins: listed(text("origins")),
    openMetrics: truth("openMetrics", text("openMetrics")),
    coreUrl: optional("coreUrl") ?? null,
    coreFaults: text("coreFaults"),
    coreSeed: text("coreSeed"),
    language: languageOf(flags.language, environment),
    logLevel: oneOf("logLevel", text("logLevel"), logLevels),
    lender: text("lender"),
    timeZone: text("timeZone"),
    currency: currencyOf(text("currency")),
    mode: oneOf("mode", text("mode"), ["sandbox", "live"] as const),
    reportAtMinutes: timeOfDay("reportAtMinutes", text("reportAtMinutes")),
    reportTo: addresses("reportTo", text("reportTo")),
    smtpUrl: smtpUrlOf(optional("smtpUrl")),
    mailFrom: text("mailFrom"),
    clockSkewMs: skewOf(text("clockSkewMs")),
    signalSecret: signalSecretOf(optional("signalSecret")),
    masterKey: optional("masterKey"),
    masterKeyFile: optional("masterKeyFile"),
    apiKey: optional("apiKey"),
    login: optional("login"),
    password: optional("password"),
  };
}

/** The language of what people read: --lang or TIDEMARK_LANG, else the locale of the environment, else English. */
export function languageOf(flag: string | undefined, environment: Environment): Language {
  const stated = flag ?? (environment["TIDEMARK_LANG"] || undefined);
  if (stated !== undefined) return oneOf("language", stated, ["zh", "en"] as const);
  const locale = environment["LC_ALL"] || environment["LC_MESSAGES"] || environment["LANG"] || "";
  return /^zh/i.test(locale) ? "zh" : "en";
}

function listed(text: string): readonly string[] {
  return text
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "");
}

/** "07:00" as minutes after midnight, "off" as null. */
function timeOfDay(key: keyof Config, text: string): number | null {
  if (text === "off") return null;
  const match = /^(\d{1,2}):(\d{2})$/.exec(text);
  const [hours, minutes] = [Number(match?.[1]), Number(match?.[2])];
  if (match !== null && hours < 24 && minutes < 60) return hours * 60 + minutes;
  throw wrong(key, text, {
    en: "a time of day such as 07:00, or off",
    zh: "时刻，如 07:00，或 off",
  });
}

function addresses(key: keyof Config, text: string): readonly string[] {
  const found = listed(text);
  const bad = found.find((one) => !/^[^\s@<>,]+@[^\s@<>,]+$/.test(one));
  if (bad === undefined) return found;
  throw wrong(key, bad, { en: "a mail address", zh: "邮箱地址" });
}

/** The value is a secret, so it is not repeated where it is wrong. */
function smtpUrlOf(text: string | undefined): string | null {
  if (text === undefined) return null;
  if (/^smtps?:\/\/[^\s/]+/.test(text)) return text;
  throw wrong("smtpUrl", "…", {
    en: "smtp:// or smtps:// with a host",
    zh: "以 smtp:// 或 smtps:// 开头的地址",
  });
}

const longestSkewSeconds = 86_400;

function skewOf(text: string): number {
  const seconds = Number(text);
  if (/^\d{1,5}$/.test(text) && seconds <= longestSkewSeconds) return seconds * 1_000;
  const en = `whole seconds from 0 to ${longestSkewSeconds}`;
  throw wrong("clockSkewMs", text, { en, zh: `0 至 ${longestSkewSeconds} 的整秒数` });
}

/** A secret is not repeated where it is wrong. */
function signalSecretOf(text: string | undefined): string | null {
  if (text === undefined) return null;
  if (/^whsec_[A-Za-z0-9+/]{32,}={0,2}$/.test(text)) return text;
  throw wrong("signalSecret", "…", {
    en: "whsec_ and at least 24 bytes in base64",
    zh: "whsec_ 加至少 24 字节的 base64",
  });
}

function truth(key: keyof Config, text: string): boolean {
  return oneOf(key, text, ["true", "false"] as const) === "true";
}

function folder(path: string, workingFolder: string): string {
  return isAbsolute(path) ? path : resolve(workingFolder, path);
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw wrong("port", text, { en: "a number from 0 to 65535", zh: "0 至 65535 的数字" });
}

function currencyOf(text: string): Currency {
  if (isCurrency(text)) return text;
  throw wrong("currency", text, {
    en: "an ISO 4217 code such as CNY",
    zh: "ISO 4217 币种代码，如 CNY",
  });
}

function oneOf<Value extends string>(
  key: keyof Config,
  text: string,
  values: readonly Value[],
): Value {
  const value = values.find((one) => one === text);
  if (value !== undefined) return value;
  throw wrong(key, text, { en: `one of ${values.join(", ")}`, zh: `${values.join("、")} 之一` });
}

function wrong(key: keyof Config, found: string, expected: Text): Fault {
  const { env, flag } = settings.find((one) => one.key === key)!;
  const names = flag === null ? env : `${flag.split(" ")[0]} (${env})`;
  const text = {
    en: `Cannot read setting ${names}: found ${JSON.stringify(found)}, expected ${expected.en}`,
    zh: `设置 ${names} 无效：为 ${JSON.stringify(found)}，应为${expected.zh}`,
  };
  return faultIn(text, { retryable: false, code: "usage" });
}
