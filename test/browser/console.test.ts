// The console in a real browser over a real server: what people do with it in a day, in both languages, by mouse and by
// keyboard, for everybody's eyes and hands.

import { mkdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import {
  axeFindings,
  patienceMs,
  said,
  settled,
  startConsole,
  type Language,
  type RunningConsole,
} from "./running-console.ts";

const images = fileURLToPath(new URL("../../docs/images", import.meta.url));
const languages: readonly Language[] = ["zh", "en"];
const reviewers: Readonly<Record<Language, string>> = { zh: "reviewer1", en: "reviewer2" };

/** Enough for every kind of decision and review case. */
const lines = 800;

let running: RunningConsole;

beforeAll(async () => {
  running = await startConsole(lines);
});

afterAll(async () => {
  await running?.stop();
});

/** Keeps a picture for the documents when they are to be renewed. */
async function picture(page: Page, name: string): Promise<void> {
  if (process.env["TIDEMARK_PICTURES"] === undefined) return;
  mkdirSync(images, { recursive: true });
  await page.screenshot({ path: join(images, `console-${name}.png`) });
}

describe.each(languages)("in %s", (language) => {
  const t = (key: Parameters<typeof said>[1]): string => said(language, key);

  test("an analyst previews a sweep, sees counts and examples, and runs it to its end", async () => {
    const page = await running.signedIn("analyst", language);
    await page.goto(`${running.url}/sweeps`);
    await page.getByRole("button", { name: t("sweep.new") }).click();
    await page.getByRole("button", { name: t("sweep.preview"), exact: true }).click();
    await page.getByRole("heading", { name: t("sweep.would") }).waitFor();
    const examples = page.getByRole("region", { name: t("sweep.examples") }).getByRole("row");
    expect(await examples.count()).toBeGreaterThan(1);
    await picture(page, `${language}-sweep`);
    await page.getByRole("button", { name: t("sweep.start") }).click();
    await page
      .getByRole("dialog")
      .getByRole("button", { name: t("sweep.start") })
      .click();
    await page.waitForURL(/\/sweeps\/[0-9a-f-]{36}$/);
    await page.locator(".page-head .state-good").waitFor();
    const counted = await page.locator(".figures-row dd").allInnerTexts();
    expect(counted[1]).toBe(String(lines));
    await page.context().close();
  });

  test("a reviewer approves a review case by keyboard and reads the notice that follows", async () => {
    const page = await running.signedIn(reviewers[language], language);
    await page.goto(`${running.url}/reviews`);
    await settled(page);
    await goToSinglePersonCase(page, language);
    await picture(page, `${language}-review`);
    const decision = await page
      .getByRole("link", { name: t("review.decisionPage") })
      .getAttribute("href");
    const dialog = page.getByRole("dialog");
    await page.keyboard.press("r");
    await dialog.getByRole("button", { name: t("review.reject") }).waitFor();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
    await page.keyboard.press("a");
    await dialog.getByRole("button", { name: t("review.approve") }).click();
    await dialog.waitFor({ state: "hidden" });
    await page.goto(`${running.url}${decision}`);
    await page.getByRole("heading", { name: t("way.title") }).waitFor();
    const lit = page.getByRole("row").filter({ hasText: t("why.hit") });
    expect(await lit.count()).toBeGreaterThan(0);
    expect(await lit.first().getByRole("rowheader").innerText()).toContain("●");
    await page.locator("a[href^='/notices/']").first().click();
    await page.getByRole("heading", { name: t("notice.inChinese") }).waitFor();
    const letters = await page.getByRole("article").allInnerTexts();
    expect(letters).toHaveLength(2);
    expect(letters.join(" ")).toMatch(/授信额度[\s\S]*credit|credit[\s\S]*授信额度/i);
    await page.context().close();
  });

  test("overview and start page show the demo and are pictured", async () => {
    const page = await running.signedIn("operator", language);
    await settled(page);
    expect(await page.getByText(t("app.demo")).isVisible()).toBe(true);
    await picture(page, `${language}-start`);
    await page.goto(`${running.url}/overview`);
    await settled(page);
    await page.getByRole("img", { name: new RegExp(t("line.region")) }).waitFor();
    await picture(page, `${language}-overview`);
    await page.context().close();
  });
});

/** Moves by j to the first open case that one person can settle. */
async function goToSinglePersonCase(page: Page, language: Language): Promise<void> {
  const route = page.locator(".asked dd", {
    hasText: new RegExp(`^${said(language, "route.review")}$`),
  });
  // What cannot be done says whose it is: "approver" stands in the names of other buttons.
  const approve = page.getByRole("button", {
    name: new RegExp(`^${said(language, "review.approve")}`),
  });
  for (let step = 0; step < 25; step += 1) {
    await page.locator(".asked").waitFor();
    const isSingle = (await route.count()) > 0;
    const mayAct = (await approve.getAttribute("aria-disabled")) === null;
    if (isSingle && mayAct) return;
    const before = page.url();
    await page.keyboard.press("j");
    await page.waitForURL((url) => url.href !== before);
  }
  throw new Error("No case for one person is open");
}

test("the language changes without a reload, texts of the server included", async () => {
  const page = await running.signedIn("auditor", "zh");
  await page.goto(`${running.url}/decisions`);
  await settled(page);
  await page.evaluate("window.kept = true");
  await page.getByRole("button", { name: said("zh", "app.otherLanguage") }).click();
  await page
    .getByRole("heading", { level: 1, name: said("en", "nav.decisions"), exact: true })
    .waitFor();
  const chinese = async (): Promise<boolean> =>
    /\p{Script=Han}/u.test(await page.locator("main").innerText());
  await vi.waitUntil(async () => !(await chinese()), { timeout: patienceMs });
  expect(await page.evaluate("window.kept")).toBe(true);
  expect(await page.evaluate("document.documentElement.lang")).toMatch(/^en/);
  await page.context().close();
});

test("filters and sorting live in the address: reload, back and a sent link keep them", async () => {
  const page = await running.signedIn("auditor", "en");
  await page.goto(`${running.url}/lines`);
  await settled(page);
  await page.getByLabel("Status").selectOption("frozen");
  await page.waitForURL(/status=frozen/);
  await settled(page);
  await page.getByRole("button", { name: /^Limit/ }).click();
  await page.waitForURL(/sort=-limit/);
  await page.reload();
  await settled(page);
  expect(await page.getByLabel("Status").inputValue()).toBe("frozen");
  const states = await page.locator("td .state").allInnerTexts();
  expect(new Set(states.map((text) => text.replace(/^\W+/, "")))).toEqual(new Set(["frozen"]));
  await page.goBack();
  await page.waitForURL((url) => !url.search.includes("sort"));
  expect(page.url()).toContain("status=frozen");
  await page.context().close();
});

test("a number leads to its rows, and a table is taken along with whole values", async () => {
  const page = await running.signedIn("auditor", "en");
  await page.goto(`${running.url}/overview`);
  await settled(page);
  const actions = page.getByRole("region", { name: said("en", "decision.action"), exact: true });
  const cells = await actions.getByRole("row").nth(1).getByRole("cell").allInnerTexts();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: `CSV of ${said("en", "decision.action")}` }).click(),
  ]);
  const [head, first] = (await readFile(await download.path(), "utf8")).split("\r\n");
  expect(head).toMatch(/^\ufeff"[^"]+","[^"]+","[^"]+ \(CNY\)"$/);
  const plain = (text = ""): string => text.replaceAll(/[^\d]/g, "");
  const [, count, removed] = /^"[^"]+","(\d+)","(\d+\.\d\d)"$/.exec(first ?? "") ?? [];
  expect([count, String(Math.round(Number(removed)))]).toEqual([plain(cells[1]), plain(cells[2])]);
  await actions.getByRole("row").nth(1).getByRole("link").last().click();
  await page.waitForURL(/\/decisions\?action=/);
  await page.goto(`${running.url}/strategies?state=active`);
  await settled(page);
  const states = await page.locator("td .state").allInnerTexts();
  expect(new Set(states.map((text) => text.replace(/^\W+/, "")))).toEqual(new Set(["in force"]));
  await page.context().close();
});

test("a list inside a page comes page by page and is taken along whole", async () => {
  const page = await running.signedIn("auditor", "en");
  await page.goto(`${running.url}/lines?sort=-daysPastDue`);
  await settled(page);
  await page.locator("tbody a[href^='/lines/']").first().click();
  await page.waitForURL(/\/lines\/.+/);
  const signals = page.locator(".panel", { hasText: said("en", "signal.source") }).last();
  await signals.getByRole("row").nth(1).waitFor();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    signals.getByRole("button", { name: "CSV" }).click(),
  ]);
  expect(download.suggestedFilename()).toBe("tidemark-signals.csv");
  const rows = (await readFile(await download.path(), "utf8")).trim().split("\r\n");
  expect(rows.length).toBeGreaterThanOrEqual(await signals.getByRole("row").count());
  await page.context().close();
});

test("the review queue is gone through by keys: j, k, and ? for help", async () => {
  const page = await running.signedIn("approver", "en");
  await page.goto(`${running.url}/reviews?desk=any`);
  await settled(page);
  await page.locator(".case").nth(1).waitFor();
  await page.keyboard.press("j");
  await page.waitForURL(/at=/);
  const second = page.url();
  await page.keyboard.press("k");
  await page.waitForURL((url) => url.href !== second);
  await page.keyboard.press("?");
  await page.getByRole("dialog").getByText("Next case").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  expect(await page.locator(".case[aria-current]").count()).toBe(1);
  await page.context().close();
});

test("an auditor may look but not act, and every disabled control says why", async () => {
  const page = await running.signedIn("auditor", "en");
  await page.goto(`${running.url}/sweeps`);
  const button = page.getByRole("button", { name: "New sweep" });
  await button.waitFor();
  expect(await button.getAttribute("aria-disabled")).toBe("true");
  await button.click({ force: true });
  expect(page.url()).toMatch(/\/sweeps$/);
  await button.focus();
  await page
    .getByRole("tooltip")
    .getByText(/Needs one of these roles/)
    .waitFor();
  await page.goto(`${running.url}/customers`);
  const name = page.getByLabel(said("en", "customer.name"));
  await name.fill("Zhang");
  const find = page.getByRole("button", { name: said("en", "customer.findNow") });
  expect(await find.getAttribute("aria-disabled")).toBe("true");
  await name.press("Enter");
  await page.getByText(said("en", "state.forbidden")).waitFor();
  expect(await page.getByText(/Request-Id/).isVisible()).toBe(true);
  expect(page.url()).toMatch(/\/customers$/);
  await page.context().close();
});

test("whoever is not signed in comes to the sign-in page and back to where he wanted to go", async () => {
  const page = await running.signedIn("auditor", "en");
  await page.context().clearCookies();
  await page.goto(`${running.url}/notices?state=delivered`);
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  await page.getByLabel("Login").fill("auditor");
  await page.getByLabel("Password").fill("not this one");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").waitFor();
  expect(page.url()).toMatch(/\/sign-in$/);
  await page.context().close();
});

const pages = [
  "/",
  "/overview",
  "/lines",
  "/customers",
  "/decisions",
  "/reviews?desk=any",
  "/notices",
  "/alerts",
  "/offers",
  "/sweeps",
  "/sweeps/new",
  "/strategies",
  "/strategies/consumer-cn/1",
  "/experiments",
  "/packs",
  "/packs/eu-overdraft/2",
  "/notice-texts",
  "/notice-texts/0",
  "/live",
  "/dead-letters",
  "/connectors",
  "/reports",
  "/review-figures",
  "/halts",
  "/nowhere",
] as const;

/** Pages of single things, found by their first row. */
const singles = ["/lines", "/customers", "/decisions", "/notices", "/sweeps", "/reports"] as const;

async function everyPage(page: Page, visit: (path: string) => Promise<void>): Promise<void> {
  for (const path of pages) {
    await page.goto(`${running.url}${path}`);
    await settled(page);
    await visit(path);
  }
  for (const path of singles) {
    await page.goto(`${running.url}${path}`);
    await settled(page);
    await page.locator(`tbody a[href^='${path}/']`).first().click();
    await page.waitForURL(new RegExp(`${path}/.+`));
    await settled(page);
    await visit(`${path}/…`);
  }
}

test.each([
  ["zh", false],
  ["en", true],
] as const)("axe finds nothing serious on any page (%s, dark: %s)", async (language, dark) => {
  const page = await running.signedIn("administrator", language, { dark });
  const findings: string[] = [];
  await everyPage(page, async (path) => {
    findings.push(...(await axeFindings(page)).map((finding) => `${path} ${finding}`));
  });
  expect(findings).toEqual([]);
  await page.context().close();
});

test("the sign-in page and a dialog pass axe too", async () => {
  const page = await running.signedIn("operator", "en");
  await page.goto(`${running.url}/halts`);
  await page.getByRole("button", { name: "Halt an area" }).click();
  await page.getByRole("dialog").getByLabel("Reason").waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await page.context().clearCookies();
  await page.goto(`${running.url}/`);
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await page.context().close();
});

test("all tabs of a browser share one stream of events", async () => {
  const page = await running.signedIn("auditor", "en");
  const opened: Page[] = [];
  const other = await page.context().newPage();
  for (const tab of [page, other]) {
    tab.on("request", (request) => {
      if (request.url().endsWith("/v1/events")) opened.push(tab);
    });
  }
  await other.goto(`${running.url}/lines`);
  await settled(other);
  // The first tab may open the one stream only now.
  expect(opened).not.toContain(other);
  await page.close();
  await vi.waitUntil(() => opened.includes(other), { timeout: patienceMs });
  expect(opened.filter((tab) => tab === other)).toHaveLength(1);
  await other.context().close();
});

test("no page is wider than a phone, and nothing breaks the content security policy", async () => {
  const page = await running.signedIn("administrator", "zh", { width: 390, height: 844 });
  const troubles: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" && !message.text().includes("404")) {
      troubles.push(message.text());
    }
  });
  page.on("pageerror", (error) => troubles.push(error.message));
  const wide: string[] = [];
  await everyPage(page, async (path) => {
    const width = Number(await page.evaluate("document.documentElement.scrollWidth"));
    if (width > 391) wide.push(`${path} is ${width} wide`);
  });
  expect(wide).toEqual([]);
  expect(troubles).toEqual([]);
  await page.context().close();
});
