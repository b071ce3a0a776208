// Experiments in a real browser, in both languages: written down by one, approved by another, started, a sweep with its
// comparison, and ended; the dialogs say what follows, and axe finds nothing serious on any of the pages.

import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  axeFindings,
  said,
  settled,
  startConsole,
  type Language,
  type RunningConsole,
} from "./running-console.ts";

let running: RunningConsole;

beforeAll(async () => {
  running = await startConsole(300);
});

afterAll(async () => {
  await running?.stop();
});

async function clean(page: Page): Promise<void> {
  await settled(page);
  expect(await axeFindings(page)).toEqual([]);
}

test.each(["zh", "en"] as const)(
  "an experiment from the draft to its end (%s)",
  async (language) => {
    const t = (key: Parameters<typeof said>[1]): string => said(language, key);
    const id = `trial-${language}`;
    const analyst = await running.signedIn("analyst", language);
    await analyst.goto(`${running.url}/experiments`);
    await settled(analyst);
    await analyst.getByRole("button", { name: t("experiment.create") }).click();
    const form = analyst.getByRole("dialog");
    await form.getByLabel(t("experiment.id"), { exact: true }).fill(id);
    await form.getByLabel(t("experiment.champion")).selectOption("consumer-cn@1");
    await form.getByLabel(t("experiment.holdoutShare")).fill("30");
    await form.getByLabel(t("experiment.shadow"), { exact: true }).selectOption("consumer-cn@1");
    await form.getByRole("button", { name: t("experiment.create") }).click();
    await analyst.getByRole("link", { name: id }).click();
    await analyst.getByRole("heading", { level: 1, name: id }).waitFor();
    await clean(analyst);
    const own = analyst.getByRole("button", { name: t("experiment.approve") });
    expect(await own.getAttribute("aria-disabled")).toBe("true");

    const approver = await running.signedIn("approver", language);
    await step(approver, id, "experiment.approve", language);
    await step(analyst, id, "experiment.start", language);
    await sweepUnder(analyst, id, language);
    await step(analyst, id, "experiment.end", language);
    await Promise.all([analyst, approver].map((page) => page.context().close()));
  },
);

type Step = "experiment.approve" | "experiment.start" | "experiment.end";

/** Takes a step through its dialog, whose list says what becomes of each arm. */
async function step(page: Page, id: string, key: Step, language: Language): Promise<void> {
  await page.goto(`${running.url}/experiments/${id}`);
  await settled(page);
  await page
    .getByRole("button", { name: said(language, key), exact: false })
    .first()
    .click();
  const dialog = page.getByRole("dialog");
  await dialog.waitFor();
  if (key === "experiment.end") await dialog.getByRole("textbox").fill("Done · 完成");
  else expect(await dialog.getByRole("listitem").count()).toBe(3);
  await dialog.getByRole("button", { name: said(language, key) }).click();
  await dialog.waitFor({ state: "hidden" });
}

async function sweepUnder(page: Page, id: string, language: Language): Promise<void> {
  await page.goto(`${running.url}/sweeps/new`);
  await settled(page);
  await page.getByRole("button", { name: said(language, "sweep.preview"), exact: true }).click();
  await page.getByRole("heading", { name: said(language, "sweep.would") }).waitFor();
  await page.getByRole("button", { name: said(language, "sweep.start") }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: said(language, "sweep.start") }).click();
  await page.waitForURL(/\/sweeps\/[0-9a-f-]{36}$/);
  await page.locator(".page-head .state-good").waitFor();
  await page.reload();
  await page.getByRole("heading", { name: said(language, "compare.title") }).waitFor();
  await page.getByRole("link", { name: id }).waitFor();
  await clean(page);
  const matrix = page.getByRole("region", { name: said(language, "compare.matrix") });
  await matrix.getByRole("link").first().click();
  await page.getByRole("heading", { level: 1, name: said(language, "compare.lines") }).waitFor();
  await clean(page);
  expect(await page.locator("tbody tr").count()).toBeGreaterThan(0);
}
