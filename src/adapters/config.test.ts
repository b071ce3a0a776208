// A flag wins over the environment and the environment over the default; a broken setting is told by name.

import { expect, test } from "vitest";
import { languageOf, readConfig } from "./config.ts";
import { settings } from "./settings.ts";

test("a flag comes before the environment, the environment before the default", () => {
  expect(readConfig({}, {}, "/home/ann").port).toBe(4270);
  expect(readConfig({}, { TIDEMARK_PORT: "8080" }, "/home/ann").port).toBe(8080);
  expect(readConfig({ port: "9090" }, { TIDEMARK_PORT: "8080" }, "/home/ann").port).toBe(9090);
  expect(readConfig({}, { TIDEMARK_PORT: "" }, "/home/ann").port).toBe(4270);
});

test("folders are taken from the working folder", () => {
  expect(readConfig({}, {}, "/home/ann").dataFolder).toBe("/home/ann/data");
  expect(readConfig({ dataFolder: "/srv/tm" }, {}, "/home/ann").dataFolder).toBe("/srv/tm");
});

test.each([
  ["TIDEMARK_PORT", "70000", "a number from 0 to 65535"],
  ["TIDEMARK_CURRENCY", "YEN", "an ISO 4217 code such as CNY"],
  ["TIDEMARK_MODE", "demo", "one of sandbox, live"],
  ["TIDEMARK_LOG", "loud", "one of fatal, error"],
  ["TIDEMARK_LANG", "de", "one of zh, en"],
  ["TIDEMARK_REPORT_AT", "24:00", "a time of day such as 07:00, or off"],
  ["TIDEMARK_REPORT_TO", "risk", "a mail address"],
  ["TIDEMARK_WAVE_WATCH", "minimum=3,days=14", "off, or complaints and inquiries"],
  ["TIDEMARK_WAVE_WATCH", "complaints=0", "off, or complaints and inquiries"],
])("%s=%s is refused with what was expected", (name, value, expected) => {
  expect(() => readConfig({}, { [name]: value }, "/")).toThrow(name);
  expect(() => readConfig({}, { [name]: value }, "/")).toThrow(
    `found "${value}", expected ${expected}`,
  );
});

test("a wave is watched by declared rates, or not at all", () => {
  const watch = (text: string) => readConfig({}, { TIDEMARK_WAVE_WATCH: text }, "/").waveWatch;
  expect(watch("")).toEqual({ complaintsBp: 100, inquiriesBp: 500, minimum: 20, days: 14 });
  expect(watch("days=7, minimum=5, complaints=50")).toEqual({
    ...{ complaintsBp: 50, inquiriesBp: null, minimum: 5, days: 7 },
  });
  expect(watch("off")).toBeNull();
});

test("the daily report is made at a time of day, or never by itself", () => {
  expect(readConfig({}, {}, "/").reportAtMinutes).toBe(420);
  expect(readConfig({}, { TIDEMARK_REPORT_AT: "0:05" }, "/").reportAtMinutes).toBe(5);
  expect(readConfig({}, { TIDEMARK_REPORT_AT: "off" }, "/").reportAtMinutes).toBeNull();
  const to = "risk@lender.example, cro@lender.example";
  expect(readConfig({}, { TIDEMARK_REPORT_TO: to }, "/").reportTo).toEqual([
    "risk@lender.example",
    "cro@lender.example",
  ]);
});

test("a broken mail server address is refused without being repeated", () => {
  const read = (): unknown => readConfig({}, { TIDEMARK_SMTP_URL: "http://u:secret@x" }, "/");
  expect(read).toThrow("expected smtp:// or smtps:// with a host");
  expect(read).not.toThrow("secret");
});

test("a provider of notices has a secret, and is reached over HTTPS or on this machine", () => {
  const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  const read = (url: string, given: string = secret) =>
    readConfig({}, { TIDEMARK_NOTICE_URL: url, TIDEMARK_NOTICE_SECRET: given }, "/");
  for (const url of ["https://sms.example/send", "http://127.0.0.1:9/x", "http://[::1]:9/x"]) {
    expect(read(url)).toMatchObject({ noticeUrl: url, noticeSecret: secret });
  }
  expect(() => read("http://sms.example/send")).toThrow("expected https://");
  expect(() => read("http://127.0.0.1.evil.example/")).toThrow("expected https://");
  expect(() => read("https://sms.example", "")).toThrow("TIDEMARK_NOTICE_SECRET");
  expect(() => read("https://sms.example", "hunter2")).toThrow("expected whsec_");
  expect(() => read("https://sms.example", "hunter2")).not.toThrow("hunter2");
  expect(readConfig({}, {}, "/")).toMatchObject({
    noticeUrl: null,
    inApp: true,
    contactFile: null,
  });
});

test("the language is stated, or that of the locale, or English", () => {
  expect(languageOf("zh", { LANG: "en_US.UTF-8" })).toBe("zh");
  expect(languageOf(undefined, { LANG: "zh_TW.UTF-8" })).toBe("zh");
  expect(languageOf(undefined, { LC_ALL: "de_DE.UTF-8", LANG: "zh_CN.UTF-8" })).toBe("en");
  expect(languageOf(undefined, {})).toBe("en");
});

test("every setting has its own variable, and no secret is a flag", () => {
  expect(new Set(settings.map(({ env }) => env)).size).toBe(settings.length);
  expect(settings.filter(({ secret, flag }) => secret === true && flag !== null)).toEqual([]);
});
