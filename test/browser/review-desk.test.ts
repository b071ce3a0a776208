// The review desk in a real browser, in both languages: a case taken, noted and asked about, a file laid beside it and
// opened, many cases previewed and snoozed, an appeal written down and answered, and the figures over reviewers; axe finds nothing serious on the pages.

import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  axeFindings,
  said,
  settled,
  startConsole,
  type Language,
  type RunningConsole,
  type TextKey,
} from "./running-console.ts";

let running: RunningConsole;

beforeAll(async () => {
  running = await startConsole(1_200);
});

afterAll(async () => {
  await running?.stop();
});

const reviewers: Readonly<Record<Language, string>> = { zh: "reviewer1", en: "reviewer2" };

async function clean(page: Page): Promise<void> {
  await settled(page);
  expect(await axeFindings(page)).toEqual([]);
}

/** Presses a button of the desk and fills the dialog that opens. */
async function through(
  page: Page,
  name: string,
  fill: (dialog: ReturnType<Page["getByRole"]>) => Promise<unknown>,
): Promise<void> {
  await page.locator(".desk").getByRole("button", { name, exact: false }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.waitFor();
  await fill(dialog);
  await dialog.getByRole("button", { name }).click();
  await dialog.waitFor({ state: "hidden" });
}

test.each(["zh", "en"] as const)(
  "a case is taken, noted, asked about and gets a file; many are snoozed (%s)",
  async (language) => {
    const t = (key: TextKey): string => said(language, key);
    const page = await running.signedIn(reviewers[language], language);
    await page.goto(`${running.url}/reviews`);
    await settled(page);
    await through(page, t("review.take"), async () => undefined);
    await page.goto(`${running.url}/reviews?desk=mine`);
    await settled(page);
    expect(await page.locator(".case").count()).toBe(1);
    expect(await page.locator(".desk").innerText()).toContain(t("who.you"));
    await through(page, t("review.noteAdd"), (dialog) =>
      dialog.getByRole("textbox").fill("called the customer · 已致电客户"),
    );
    await page.getByText("called the customer · 已致电客户").waitFor();
    await through(page, t("review.ask"), async (dialog) => {
      await dialog.getByRole("combobox").selectOption({ index: 1 });
      await dialog.getByRole("textbox").fill("enough proof? · 证明是否充分？");
    });
    await page.getByText(t("review.waitsForAnswer")).waitFor();
    await page.locator("input[type=file]").setInputFiles({
      ...{ name: "income-收入.pdf", mimeType: "application/pdf" },
      buffer: Buffer.from("%PDF-1.7 proof of income"),
    });
    const file = page.getByRole("link", { name: "income-收入.pdf" });
    await file.waitFor();
    const [download] = await Promise.all([page.waitForEvent("download"), file.click()]);
    expect(download.suggestedFilename()).toBe("income-收入.pdf");
    await clean(page);

    await page.goto(`${running.url}/reviews`);
    await settled(page);
    const before = await page.locator(".case").count();
    expect(before).toBeGreaterThan(1);
    await page.locator(".case-row").getByRole("checkbox").first().check();
    await page.locator(".case-row").getByRole("checkbox").nth(1).check();
    const bar = page.locator(".bulk");
    await bar.getByRole("button", { name: t("review.snooze") }).click();
    const dialog = page.getByRole("dialog");
    const today = await dialog.getByLabel(t("review.until"), { exact: true }).getAttribute("min");
    await dialog.getByLabel(t("review.until"), { exact: true }).fill(dayAfter(today ?? ""));
    await dialog.getByText(/2/).first().waitFor();
    await dialog.getByRole("checkbox").check();
    await dialog.getByRole("textbox").last().fill("the feed is checked · 核对数据源");
    await dialog.getByRole("button", { name: t("review.snooze") }).click();
    await dialog.waitFor({ state: "hidden" });
    await page.getByRole("status").filter({ hasText: "2" }).first().waitFor();
    await clean(page);
    await page.context().close();
  },
);

test.each([
  ["zh", "noticed", "overturn"],
  ["en", "executed", "uphold"],
] as const)(
  "an appeal is written down by one and answered by another (%s, %s, %s)",
  async (language, state, verdict) => {
    const t = (key: TextKey): string => said(language, key);
    const operator = await running.signedIn("operator", language);
    await operator.goto(`${running.url}/decisions?state=${state}&action=decrease`);
    await settled(operator);
    await operator.locator("tbody a[href*='/decisions/']").first().click();
    await operator.waitForURL(/\/decisions\/[0-9a-f-]+/);
    await settled(operator);
    await operator.getByRole("button", { name: t("appeal.lodge") }).click();
    const lodging = operator.getByRole("dialog");
    await lodging.getByLabel(t("appeal.ground")).selectOption("can-repay");
    await lodging.getByLabel(t("customerWord.channel")).selectOption("branch");
    await lodging.getByLabel(t("customerWord.how")).fill("signed form · 书面申请");
    expect(await axeFindings(operator)).toEqual([]);
    await lodging.getByRole("button", { name: t("appeal.lodge") }).click();
    await lodging.waitFor({ state: "hidden" });
    await operator.context().close();

    const approver = await running.signedIn("approver", language);
    await approver.goto(`${running.url}/reviews?appeals=true&state=open`);
    await settled(approver);
    await approver.locator(".asked").getByText("signed form · 书面申请").waitFor();
    await clean(approver);
    await approver
      .locator(".asked")
      .getByRole("button", { name: t(`review.${verdict}`) })
      .click();
    const answering = approver.getByRole("dialog");
    await answering.getByLabel(t("appeal.answer")).fill("we looked again · 已重新审核");
    await answering.getByRole("button", { name: t(`review.${verdict}`) }).click();
    await answering.waitFor({ state: "hidden" });
    await approver.context().close();

    const auditor = await running.signedIn("auditor", language);
    await auditor.goto(`${running.url}/reviews?appeals=true&state=resolved`);
    await settled(auditor);
    const resolution = verdict === "uphold" ? "resolution.upheld" : "resolution.overturned";
    await auditor.locator(".asked").getByText(t(resolution)).first().waitFor();
    await auditor.context().close();
  },
);

test.each(["zh", "en"] as const)(
  "figures over reviewers are drawn and told (%s)",
  async (language) => {
    const page = await running.signedIn("approver", language);
    await page.goto(`${running.url}/review-figures?from=2000-01-01`);
    await settled(page);
    await page.getByRole("heading", { name: said(language, "figures.byReviewer") }).waitFor();
    const rows = page.getByRole("region", { name: said(language, "figures.byReviewer") });
    expect(await rows.locator("tbody tr").count()).toBeGreaterThan(1);
    expect(
      await page
        .getByRole("img", { name: new RegExp(said(language, "figures.agreementChart")) })
        .count(),
    ).toBeGreaterThan(0);
    await clean(page);
    await page.context().close();
  },
);

function dayAfter(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}
