// The settings in force, read by the table of settings: a flag before the environment before the default, each checked
// for what it may hold.

import { isAbsolute, resolve } from "node:path";
import { isCurrency, type Currency } from "../domain/money.ts";
import type { Language, Text } from "../domain/text.ts";
import type { WaveThresholds } from "../portfolio/wave-ports.ts";
import { faultIn, type Fault } from "./fault.ts";
import { logLevels } from "./log.ts";
import { signingKey } from "./notices/signature.ts";
import { settings, type Config } from "./settings.ts";

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
    waveWatch: thresholdsOf("waveWatch", text("waveWatch")),
    reportAtMinutes: timeOfDay("reportAtMinutes", text("reportAtMinutes")),
    reportTo: addresses("reportTo", text("reportTo")),
    smtpUrl: smtpUrlOf(optional("smtpUrl")),
    mailFrom: text("mailFrom"),
    inApp: truth("inApp", text("inApp")),
    noticeUrl: noticeUrlOf(optional("noticeUrl"), optional("noticeSecret")),
    noticeSecret: secretOf("noticeSecret", optional("noticeSecret")),
    contactFile: file(optional("contactFile"), workingFolder),
    factsFile: file(optional("factsFile"), workingFolder),
    connectorsFile: file(optional("connectorsFile"), workingFolder),
    watchFile: file(optional("watchFile"), workingFolder),
    clockSkewMs: skewOf(text("clockSkewMs")),
    signalSecret: secretOf("signalSecret", optional("signalSecret")),
    signalFolder: file(optional("signalFolder"), workingFolder),
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

const thresholdNames = ["complaints", "inquiries", "minimum", "days"] as const;

/** "complaints=100,inquiries=500,minimum=20,days=14"; a rate that is left out pauses nothing, "off" is null. */
function thresholdsOf(key: keyof Config, text: string): WaveThresholds | null {
  if (text === "off") return null;
  const found = new Map<string, number>();
  for (const part of listed(text)) {
    const [, name = "", digits] = /^([a-z]+)=(\d{1,5})$/.exec(part) ?? [];
    const isKnown = (thresholdNames as readonly string[]).includes(name) && !found.has(name);
    if (!isKnown || Number(digits) === 0) throw wrong(key, part, thresholdForm);
    found.set(name, Number(digits));
  }
  const [complaintsBp, inquiriesBp, minimum, days] = thresholdNames.map((name) => found.get(name));
  const hasRate = complaintsBp !== undefined || inquiriesBp !== undefined;
  if (!hasRate || minimum === undefined || days === undefined || days > 366) {
    throw wrong(key, text, thresholdForm);
  }
  return {
    ...{ complaintsBp: complaintsBp ?? null, inquiriesBp: inquiriesBp ?? null },
    ...{ minimum, days },
  };
}

const thresholdForm: Text = {
  en: "off, or complaints and inquiries in basis points, minimum and days (1 to 366), such as complaints=100,inquiries=500,minimum=20,days=14",
  zh: "off，或以基点表示的 complaints、inquiries，加 minimum 与 days（1 至 366），如 complaints=100,inquiries=500,minimum=20,days=14",
};

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

/** Personal data leave by it: never unsigned, and never in the clear but within this machine. */
function noticeUrlOf(text: string | undefined, secret: string | undefined): string | null {
  if (text === undefined) return null;
  if (secret === undefined) {
    throw wrong("noticeSecret", "", {
      en: "a secret, because TIDEMARK_NOTICE_URL is set",
      zh: "密钥（已设置 TIDEMARK_NOTICE_URL）",
    });
  }
  if (/^(https:\/\/|http:\/\/(127\.0\.0\.1|localhost|\[::1\])[:/])/.test(text)) return text;
  throw wrong("noticeUrl", text, {
    en: "https://, or http:// to this machine",
    zh: "https:// 地址，或指向本机的 http:// 地址",
  });
}

/** The value is a secret, so it is not repeated where it is wrong. */
function secretOf(key: keyof Config, text: string | undefined): string | null {
  if (text === undefined || signingKey(text) !== null) return text ?? null;
  throw wrong(key, "…", {
    en: "whsec_ and 24 to 64 bytes in Base64",
    zh: "whsec_ 加 24 至 64 字节的 Base64",
  });
}

function file(path: string | undefined, workingFolder: string): string | null {
  return path === undefined ? null : folder(path, workingFolder);
}

const longestSkewSeconds = 86_400;

function skewOf(text: string): number {
  const seconds = Number(text);
  if (/^\d{1,5}$/.test(text) && seconds <= longestSkewSeconds) return seconds * 1_000;
  const en = `whole seconds from 0 to ${longestSkewSeconds}`;
  throw wrong("clockSkewMs", text, { en, zh: `0 至 ${longestSkewSeconds} 的整秒数` });
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
