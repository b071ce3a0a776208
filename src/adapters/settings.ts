// The table of settings: every one that an installation has, where it comes from, what it means and what stands where
// nothing was given. Help and reference are printed from it.

import type { Currency } from "../domain/money.ts";
import type { Language, Text } from "../domain/text.ts";
import type { WaveThresholds } from "../portfolio/wave-ports.ts";
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
  /** what pauses a wave by itself; null: nothing */
  waveWatch: WaveThresholds | null;
  /** minutes after midnight at which the daily report is made; null: not by itself */
  reportAtMinutes: number | null;
  /** mail addresses that get it */
  reportTo: readonly string[];
  /** null: mails are files in the data folder, in a live installation they wait */
  smtpUrl: string | null;
  mailFrom: string;
  /** false: the lender has no app with a message box */
  inApp: boolean;
  /** provider of SMS and push; null: there is none */
  noticeUrl: string | null;
  /** signs messages to that provider and receipts from it; null: no receipt is believed */
  noticeSecret: string | null;
  /** file with the lender's names and addresses for notices; null: those of the sample lender */
  contactFile: string | null;
  /** null: the declared facts that ship with Tidemark */
  factsFile: string | null;
  /** null: in a sandbox the sources that ship with Tidemark, in a live installation none */
  connectorsFile: string | null;
  /** null: in a sandbox the rules that ship with Tidemark, in a live installation none */
  watchFile: string | null;
  /** how far the time of a signal may be ahead of our clock */
  clockSkewMs: number;
  /** Standard Webhooks secret of the signed address for signals; null: there is no such address */
  signalSecret: string | null;
  /** folder in which files of events are left; null: there is none */
  signalFolder: string | null;
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
    key: "waveWatch",
    env: "TIDEMARK_WAVE_WATCH",
    flag: null,
    fallback: "complaints=100,inquiries=500,minimum=20,days=14",
    label: {
      en: "rates at which a wave is paused, basis points of the lines it told, with the least count and the days that are looked back; or off",
      zh: "触发批次暂停的投诉率与咨询率（占已通知授信的基点）、最低笔数与回看天数，或 off",
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
    key: "inApp",
    env: "TIDEMARK_IN_APP",
    flag: null,
    fallback: "true",
    label: {
      en: "false where the lender has no app with a message box",
      zh: "机构没有带消息箱的应用时设为 false",
    },
  },
  {
    key: "noticeUrl",
    env: "TIDEMARK_NOTICE_URL",
    flag: null,
    fallback: "",
    label: {
      en: "provider of SMS and push, such as https://messages.example.com/send; needs TIDEMARK_NOTICE_SECRET",
      zh: "短信与推送服务商，如 https://messages.example.com/send；须同时设置 TIDEMARK_NOTICE_SECRET",
    },
  },
  {
    key: "noticeSecret",
    env: "TIDEMARK_NOTICE_SECRET",
    flag: null,
    fallback: "",
    label: {
      en: "secret of Standard Webhooks, whsec_ and 24 to 64 bytes in Base64, for messages and receipts",
      zh: "Standard Webhooks 密钥：whsec_ 加 24 至 64 字节的 Base64，用于消息与回执签名",
    },
    secret: true,
  },
  {
    key: "contactFile",
    env: "TIDEMARK_CONTACT",
    flag: null,
    fallback: "",
    label: {
      en: "YAML file with the lender's names and addresses for notices; without one those of a sample lender",
      zh: "通知所用机构名称与地址的 YAML 文件；缺省为示例机构",
    },
  },
  {
    key: "factsFile",
    env: "TIDEMARK_FACTS",
    flag: null,
    fallback: "",
    label: {
      en: "YAML file of the facts that are made of signals; without one facts/standard.yaml",
      zh: "依据信号生成的事实的声明文件（YAML）；缺省为 facts/standard.yaml",
    },
  },
  {
    key: "connectorsFile",
    env: "TIDEMARK_CONNECTORS",
    flag: null,
    fallback: "",
    label: {
      en: "YAML file of the sources that may be asked; without one a sandbox has connectors/standard.yaml, a live installation none",
      zh: "外部数据来源的声明文件（YAML）；缺省时沙箱使用 connectors/standard.yaml，生产环境不查询任何来源",
    },
  },
  {
    key: "watchFile",
    env: "TIDEMARK_WATCH",
    flag: null,
    fallback: "",
    label: {
      en: "YAML file with the rules of reminders and alerts; without one a sandbox has watch/standard.yaml, a live installation none",
      zh: "还款提醒与预警规则文件（YAML）；缺省时沙箱使用 watch/standard.yaml，生产环境不提醒、不预警",
    },
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
      en: "secret of Standard Webhooks for signals sent to /v1/signals/webhook; without one there is no such address",
      zh: "发往 /v1/signals/webhook 的信号的 Standard Webhooks 密钥；不填则不开放该地址",
    },
    secret: true,
  },
  {
    key: "signalFolder",
    env: "TIDEMARK_SIGNAL_FOLDER",
    flag: null,
    fallback: "",
    label: {
      en: "folder in which files of signals (*.ndjson) are left for the server to take",
      zh: "存放待接入信号文件（*.ndjson）的目录，由服务端读取",
    },
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
