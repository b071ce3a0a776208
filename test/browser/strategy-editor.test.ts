// The strategy editor in a real browser: a draft is begun, written, mended, checked, compared with what is in force, tried
// on a line, handed in by one person and approved by another; two people at one draft; and grids of 500 and 5,000 rows.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { busyMsPerFrame, scrolled, wideTable, type Drawn } from "./grid-scrolling.ts";
import {
  axeFindings,
  said,
  settled,
  startConsole,
  type Language,
  type RunningConsole,
} from "./running-console.ts";

const images = fileURLToPath(new URL("../../docs/images", import.meta.url));
const id = "consumer-cn";

let running: RunningConsole;

beforeAll(async () => {
  running = await startConsole(300);
});

afterAll(async () => {
  await running?.stop();
});

type Say = (key: Parameters<typeof said>[1]) => string;

const sayIn =
  (language: Language): Say =>
  (key) =>
    said(language, key);

/** Begins a draft with the contents of the version in force; answers its number. */
async function begin(page: Page, t: Say): Promise<number> {
  await page.goto(`${running.url}/strategies`);
  await settled(page);
  await page
    .getByRole("row")
    .filter({ hasText: t("strategyState.active") })
    .getByRole("link")
    .first()
    .click();
  await page.getByRole("button", { name: t("strategy.editAsNew") }).click();
  await page.waitForURL(/\/strategies\/consumer-cn\/\d+\/edit$/);
  await isSaved(page, t);
  return Number(/\/(\d+)\/edit$/.exec(page.url())?.[1]);
}

async function isSaved(page: Page, t: Say): Promise<void> {
  await page.locator(".save-state", { hasText: t("save.saved") }).waitFor();
}

async function openPart(page: Page, name: string): Promise<void> {
  await page
    .getByRole("navigation")
    .getByRole("button", { name: new RegExp(`^${name}`) })
    .click();
}

/** The cell of a row under the column of that name, which is scrolled to: cells beside the window are not drawn. */
async function cell(page: Page, row: string, column: string): Promise<Locator> {
  const header = page.locator(".grid-head [role=columnheader]").filter({ hasText: column });
  await header.first().scrollIntoViewIfNeeded();
  const place = await header.first().getAttribute("aria-colindex");
  const first = page.locator(".grid-first").filter({ hasText: new RegExp(`${row}$`) });
  return page.locator(".grid-row").filter({ has: first }).locator(`[aria-colindex="${place}"]`);
}

async function picture(page: Page, name: string): Promise<void> {
  if (process.env["TIDEMARK_PICTURES"] === undefined) return;
  mkdirSync(images, { recursive: true });
  await page.screenshot({ path: join(images, `console-${name}.png`) });
}

const tableName: Readonly<Record<Language, string>> = { zh: "降额幅度", en: "Size of the cut" };

describe.each<Language>(["zh", "en"])("in %s", (language) => {
  const t = sayIn(language);

  test("a draft is written, mended, checked, compared, tried, handed in and approved", async () => {
    const page = await running.signedIn("analyst", language, { width: 1600, height: 900 });
    const version = await begin(page, t);
    await openPart(page, tableName[language]);
    const target = await cell(page, "P40", "→ rate");
    await target.click();
    await page.keyboard.type("0.2]");
    const fault = page.locator(".grid-fault");
    await fault.getByText(language === "zh" ? /第 4 个字符/ : /character 4/).waitFor();
    await page.keyboard.press("Enter");
    await isSaved(page, t);
    await page.locator(".findings .error").first().waitFor();
    expect(await target.getAttribute("class")).toContain("faulty");

    await page.locator(".findings .error button").first().click();
    await page.keyboard.type(language === "zh" ? "0.21" : "0.22");
    await page.keyboard.press("Enter");
    await isSaved(page, t);
    await page.locator(".editor-side .ant-alert-success").waitFor();
    expect(await page.locator(".findings .error").count()).toBe(0);
    expect(await page.locator(".findings .proved").count()).toBeGreaterThan(3);
    expect(await axeFindings(page)).toEqual([]);

    await page.getByRole("tab", { name: t("editor.changes") }).click();
    await page.locator(".editor-side li").filter({ hasText: "P40" }).waitFor();
    await page.getByRole("tab", { name: t("editor.try") }).click();
    await page.locator(".try-lines input[type=radio]").first().click();
    await page.getByRole("button", { name: t("try.run"), exact: true }).click();
    await page.getByRole("region", { name: t("try.result") }).waitFor();
    expect(await page.locator(".compared dd").count()).toBe(2);
    await picture(page, `${language}-strategy-editor`);

    await page.getByRole("button", { name: t("strategy.submit") }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("P40").first().waitFor();
    await dialog.getByRole("heading", { name: t("editor.check") }).waitFor();
    await dialog
      .getByRole("region", { name: t("effect.title") })
      .getByText(/300/)
      .first()
      .waitFor();
    await dialog.getByLabel(t("form.reason")).fill("A little more");
    await dialog.getByRole("button", { name: t("strategy.submit") }).click();
    await page.waitForURL(new RegExp(`/strategies/${id}/${version}$`));
    await page.context().close();

    const other = await running.signedIn("approver", language);
    await other.goto(`${running.url}/strategies/${id}/${version}`);
    await other.getByRole("button", { name: t("strategy.approve") }).click();
    const approval = other.getByRole("dialog");
    await approval.getByText("P40").first().waitFor();
    const open = approval.getByRole("checkbox");
    for (let at = 0; at < (await open.count()); at += 1) await open.nth(at).check();
    await approval.getByRole("button", { name: t("strategy.approve") }).click();
    await approval.waitFor({ state: "hidden" });
    await other.locator(".page-head").getByText(t("strategyState.active")).waitFor();
    await other.context().close();
  });

  test("every part can be written, and no page is wider than a phone", async () => {
    const page = await running.signedIn("analyst", language, { width: 390, height: 800 });
    const version = await begin(page, t);
    const parts = page.getByRole("navigation", { name: t("editor.outline") }).locator("li button");
    const count = await parts.count();
    expect(count).toBeGreaterThan(15);
    for (let at = 0; at < count; at += 1) {
      await parts.nth(at).click();
      const editors = [".grid-scroller", ".fields", ".tree", ".first-row"];
      await page
        .locator(editors.map((one) => `.part ${one}`).join())
        .first()
        .waitFor();
      const wide = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth");
      expect([at, Number(wide) <= 0]).toEqual([at, true]);
    }
    expect(await axeFindings(page)).toEqual([]);
    await retire(page, version);
    await page.context().close();
  });
});

/** Drafts of a test are of no use to the next. */
async function retire(page: Page, version: number): Promise<void> {
  const approver = await running.signedIn("approver", "en");
  await change(approver, "POST", `/v1/strategies/${id}/${version}/retire`, {
    reason: "Test is over",
  });
  await approver.context().close();
  await page.goto(`${running.url}/strategies`);
}

/** A request of the page's own session. */
async function change(page: Page, method: string, path: string, body: unknown): Promise<unknown> {
  const headers = { "content-type": "application/json", "idempotency-key": crypto.randomUUID() };
  return page.evaluate(
    async ([url, asked]) => {
      const response = await fetch(url, asked);
      const answer: unknown = await response.json();
      if (!response.ok) throw new Error(JSON.stringify(answer));
      return answer;
    },
    [path, { method, headers, body: JSON.stringify(body) }] as const,
  );
}

test("cells are pasted from a spreadsheet, taken back and done again by keys", async () => {
  const t = sayIn("en");
  const page = await running.signedIn("analyst", "en", { width: 1600, height: 900 });
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const version = await begin(page, t);
  await openPart(page, "Size of the cut");
  const rows = page.locator(".grid-row");
  const before = await rows.count();
  await (await cell(page, "P70", "id")).click();
  const block = "P70\tAgain\r\nP80\tOne more\r\nP90\tAnd another\r\n";
  await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(block)})`);
  await page.keyboard.press("Control+V");
  await expect.poll(() => rows.count()).toBe(before + 2);
  expect(await (await cell(page, "P90", "note.en")).innerText()).toBe("And another");
  await page.keyboard.press("Control+Z");
  await expect.poll(() => rows.count()).toBe(before);
  await page.keyboard.press("Control+Y");
  await expect.poll(() => rows.count()).toBe(before + 2);
  await page.keyboard.press("Alt+Delete");
  await expect.poll(() => rows.count()).toBe(before - 1);
  await (await cell(page, "P10", "id")).click();
  await page.keyboard.press("Alt+ArrowDown");
  await expect.poll(() => page.locator(".grid-first").nth(1).innerText()).toContain("P20");
  await page.keyboard.press("Control+C");
  expect(await page.evaluate("navigator.clipboard.readText()")).toBe("P10");
  await isSaved(page, t);
  await retire(page, version);
  await page.context().close();
});

test("conditions, FEEL and targets are written in grids, and marked while they are typed", async () => {
  const t = sayIn("en");
  const page = await running.signedIn("analyst", "en", { width: 1600, height: 900 });
  const version = await begin(page, t);
  const fault = page.locator(".grid-fault pre");
  await openPart(page, t("part.exclusions"));
  await page.locator(".grid-row").first().locator("[data-column='3']").click();
  await page.keyboard.type("daysPastDue: >= 31; utilisation: >= x");
  await fault.waitFor();
  expect(await fault.innerText()).toBe(`daysPastDue: >= 31; utilisation: >= x\n${" ".repeat(36)}^`);
  await page.keyboard.press("Escape");
  await openPart(page, t("part.expressions"));
  await page.getByRole("button", { name: t("editor.firstRow") }).click();
  await page.locator(".grid-row").first().locator("[data-column='6']").click();
  await page.keyboard.type("daysPastDue + lates > 3");
  await fault.waitFor();
  expect(await fault.innerText()).toContain(`${" ".repeat(14)}^`);
  await page.keyboard.press("Control+A");
  await page.keyboard.type("daysPastDue > 3");
  await page.keyboard.press("Enter");
  await openPart(page, t("part.limitRule"));
  await page.getByText(/^cut-/).first().waitFor();
  await openPart(page, t("part.facts"));
  await page
    .getByRole("gridcell", { name: "daysPastDue" })
    .or(page.getByText("daysPastDue"))
    .first()
    .waitFor();
  await isSaved(page, t);
  await retire(page, version);
  await page.context().close();
});

test("single values are written in fields, with what is wrong below the field", async () => {
  const t = sayIn("en");
  const page = await running.signedIn("analyst", "en", { width: 1600, height: 900 });
  const version = await begin(page, t);
  const part = page.locator(".part");
  const faults = part.locator(".field-fault");
  const fill = (key: Parameters<Say>[0], text: string) => part.getByLabel(t(key)).fill(text);

  await openPart(page, t("part.restoration"));
  await fill("editor.stepBp", "20000");
  await faults.getByText(/found 20000/).waitFor();
  await fill("editor.stepBp", "5000");
  await faults.waitFor({ state: "hidden" });
  await (await cell(page, "no-arrears", "label.en")).waitFor();

  await openPart(page, t("part.pace"));
  await fill("editor.lgdBp", "6000");
  await (await cell(page, "weekly-stressed", "scope")).click();
  await page.keyboard.type("segment: nowhere");
  await page.keyboard.press("Enter");
  await part.locator(".faulty", { hasText: "segment: nowhere" }).waitFor();
  await (await cell(page, "weekly-stressed", "scope")).click();
  await page.keyboard.type("portfolio: cards");
  await page.keyboard.press("Enter");
  await part.locator(".faulty").waitFor({ state: "hidden" });

  await openPart(page, t("part.offer"));
  await page.getByRole("button", { name: t("editor.begin") }).click();
  await fill("editor.answerWithinDays", "400");
  await faults.getByText(/found 400/).waitFor();
  await fill("editor.answerWithinDays", "10");
  await part.getByLabel(t("editor.counter")).click();
  await fill("editor.minimumBp", "4000");
  await faults.waitFor({ state: "hidden" });

  await openPart(page, t("part.desk"));
  await page.getByRole("button", { name: t("editor.leaveOut") }).click();
  await page.getByRole("button", { name: t("editor.begin") }).click();
  await fill("editor.fourEyesFrom", "100000.00");
  for (const [column, text] of [
    ["label.zh", "全部"],
    ["label.en", "All"],
    ["skills", "closures, english"],
  ] as const) {
    await (await cell(page, "desk-10", column)).click();
    await page.keyboard.type(text);
    await page.keyboard.press("Enter");
  }

  await openPart(page, "Size of the cut");
  await page.getByText(t("editor.columns"), { exact: true }).click();
  await part.getByLabel(t("editor.default")).click();
  await faults.first().waitFor();
  await part.getByLabel("Cut rate").fill("0");
  await faults.waitFor({ state: "hidden" });
  await isSaved(page, t);
  const { document } = (await page.evaluate(
    async (path) => (await fetch(path)).json(),
    `/v1/strategies/${id}/${version}`,
  )) as Readonly<{ document: Readonly<Record<string, unknown>> }>;
  expect(document).toMatchObject({
    restoration: { stepBp: 5000 },
    pace: { lgdBp: 6000, budgets: [{}, {}, { scope: { kind: "portfolio", portfolio: "cards" } }] },
    offer: { answerWithinDays: 10, counter: { minimumBp: 4000, acceptBp: 8000 } },
    desk: {
      fourEyesFrom: "100000.00",
      rules: [{ id: "desk-10", label: { en: "All" }, when: {}, skills: ["closures", "english"] }],
    },
    tables: [{}, {}, { id: "cut-rate", default: ["0"] }],
  });
  await openPart(page, t("part.offer"));
  await page.getByRole("button", { name: t("editor.leaveOut") }).click();
  await page.getByRole("button", { name: t("editor.begin") }).waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await isSaved(page, t);
  await retire(page, version);
  await page.context().close();
});

test.each(["Excel", "CSV"])(
  "a table exported as %s and imported again leaves the hash as it was",
  async (form) => {
    const t = sayIn("en");
    const page = await running.signedIn("analyst", "en", { width: 1600, height: 900 });
    const version = await begin(page, t);
    await openPart(page, "Choice of treatment");
    const hashOf = async (): Promise<unknown> => {
      const stored = await page.evaluate(
        async (path) => (await fetch(path)).json(),
        `/v1/strategies/${id}/${version}`,
      );
      return (stored as Readonly<{ hash: string }>).hash;
    };
    const before = await hashOf();
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: t("editor.exportAs").replace("{form}", form) }).click();
    const path = await (await download).path();
    await (await cell(page, "T20", "daysPastDue")).click();
    await page.keyboard.type(">= 40");
    await page.keyboard.press("Enter");
    await expect.poll(hashOf, { timeout: 30_000 }).not.toBe(before);
    await page.locator("input[type=file]").setInputFiles(path);
    await page.getByText(/10 rows read/).waitFor();
    await expect.poll(hashOf, { timeout: 30_000 }).toBe(before);
    await retire(page, version);
    await page.context().close();
  },
);

test("two people at one draft: the second is told and chooses", async () => {
  const t = sayIn("en");
  const page = await running.signedIn("analyst", "en", { width: 1600, height: 900 });
  const version = await begin(page, t);
  const url = `/v1/strategies/${id}/${version}`;
  const stored = (await page.evaluate(
    async (path) => (await fetch(path)).json(),
    url,
  )) as Readonly<{ hash: string; document: Readonly<Record<string, unknown>> }>;
  const label = { zh: "他人所写", en: "Written by another" };
  await page.evaluate(
    async ([path, hash, body]) => {
      const headers = { "content-type": "application/json", "if-match": `"${hash}"` };
      await fetch(path, { method: "PUT", headers, body });
    },
    [url, stored.hash, JSON.stringify({ ...stored.document, label })] as const,
  );
  await openPart(page, "Choice of treatment");
  await (await cell(page, "T20", "daysPastDue")).click();
  await page.keyboard.type(">= 40");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").getByText(t("save.conflict")).waitFor();
  await page.getByRole("button", { name: t("save.keepMine") }).click();
  await isSaved(page, t);
  await page.reload();
  await isSaved(page, t);
  await openPart(page, "Choice of treatment");
  expect(await (await cell(page, "T20", "daysPastDue")).innerText()).toBe(">= 40");
  await retire(page, version);
  await page.context().close();
});

test.each([500, 5_000])("a grid of %d rows by 12 columns is drawn by its window", async (rows) => {
  const t = sayIn("en");
  const page = await running.signedIn("analyst", "en", { width: 1600, height: 900 });
  const version = await begin(page, t);
  const url = `/v1/strategies/${id}/${version}`;
  await page.goto(`${running.url}/strategies`);
  const stored = (await page.evaluate(
    async (path) => (await fetch(path)).json(),
    url,
  )) as Readonly<{ hash: string; document: Readonly<{ tables: readonly unknown[] }> }>;
  const document = { ...stored.document, tables: [...stored.document.tables, wideTable(rows)] };
  const status = await page.evaluate(
    async ([path, hash, body]) => {
      const headers = { "content-type": "application/json", "if-match": `"${hash}"` };
      return (await fetch(path, { method: "PUT", headers, body })).status;
    },
    [url, stored.hash, JSON.stringify(document)] as const,
  );
  expect(status).toBe(200);
  await page.goto(`${running.url}/strategies/${id}/${version}/edit`);
  await isSaved(page, t);
  await openPart(page, "Wide table");
  await page.locator(`.grid-scroller[data-rows="${rows}"]`).waitFor();
  let drawn: Drawn = { frames: 0, perSecond: 0, slowestMs: 0, rows: 0, cells: 0 };
  const busyMs = await busyMsPerFrame(page, async () => (drawn = await page.evaluate(scrolled)));
  console.log(
    `Grid of ${rows} × 12: ${drawn.perSecond} frames a second while scrolling, 95 of 100 frames within ${drawn.slowestMs} ms, ${busyMs.toFixed(1)} ms of the main thread each, ${drawn.rows} rows and ${drawn.cells} cells in the document`,
  );
  // A sixtieth of a second, of which it takes a third on a machine that does other work too.
  expect(busyMs).toBeLessThan(16);
  const scroller = page.locator(".grid-scroller");
  const [height, width] = await scroller.evaluate(
    (element) => [element.clientHeight, element.clientWidth] as const,
  );
  expect(drawn.rows).toBeLessThanOrEqual(Math.ceil(height / 32) + 9);
  // No column but the first is narrower than 110, and two more stand ready on either side.
  expect(drawn.cells).toBeLessThanOrEqual(drawn.rows * (Math.ceil(width / 110) + 5));
  expect(drawn.frames).toBeGreaterThan(10);
  // The last row is reached by key, written, and saved.
  await page.locator(".grid-row [data-column='0']").first().click();
  await page.keyboard.press("Control+End");
  const edges = ["[role=columnheader]:last-child", ".grid-row .active"].map(
    async (place) => (await page.locator(place).last().boundingBox())!.x,
  );
  const [above, below] = await Promise.all(edges);
  expect(below).toBe(above);
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.type("The last");
  await page.keyboard.press("Enter");
  await isSaved(page, t);
  expect(await (await cell(page, `W${rows}`, "note.en")).innerText()).toBe("The last");
  await retire(page, version);
  await page.context().close();
});
