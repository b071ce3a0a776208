// An emergency profile in a real browser, in both languages: proposed by one person, approved by another, and started at
// once as a sweep; whoever proposed it does not approve it, and axe finds nothing serious on the way.

import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  axeFindings,
  said,
  settled,
  startConsole,
  type RunningConsole,
  type TextKey,
} from "./running-console.ts";

let running: RunningConsole;

beforeAll(async () => {
  running = await startConsole(200);
});

afterAll(async () => {
  await running?.stop();
});

type Dialog = ReturnType<Page["getByRole"]>;

test.each(["zh", "en"] as const)(
  "a profile is proposed, approved by somebody else and started (%s)",
  async (language) => {
    const t = (key: TextKey): string => said(language, key);
    const name = `storm ${language} · 台风`;
    const open = async (login: string): Promise<Page> => {
      const page = await running.signedIn(login, language);
      await page.goto(`${running.url}/sweeps`);
      await settled(page);
      return page;
    };
    const through = async (
      page: Page,
      act: ReturnType<Page["getByRole"]>,
      fill: (dialog: Dialog) => Promise<unknown>,
    ): Promise<void> => {
      const label = (await act.innerText()).trim();
      await act.click();
      const dialog = page.getByRole("dialog");
      await dialog.waitFor();
      await fill(dialog);
      expect(await axeFindings(page)).toEqual([]);
      await dialog.getByRole("button", { name: label, exact: true }).click();
      await dialog.waitFor({ state: "hidden" });
    };
    const rowOn = (page: Page) => page.getByRole("row").filter({ hasText: name });
    const stateOn = (page: Page, key: TextKey) =>
      rowOn(page).locator(".state", { hasText: t(key) });
    const act = (page: Page, key: TextKey) =>
      rowOn(page).getByRole("button", { name: t(key), exact: false });

    const author = await open("compliance");
    await through(
      author,
      author.getByRole("button", { name: t("emergency.propose"), exact: true }),
      async (dialog) => {
        await dialog.getByLabel(t("emergency.name"), { exact: true }).fill(name);
        await dialog.getByLabel(t("emergency.dailyCap")).fill("5000");
        await dialog.getByLabel(t("form.reason")).fill("ports are closed · 港口关闭");
      },
    );
    await stateOn(author, "emergencyState.proposed").waitFor();
    expect(await act(author, "emergency.approve").getAttribute("aria-disabled")).toBe("true");
    expect(await act(author, "emergency.approve").innerText()).toContain(t("emergency.own"));
    await author.context().close();

    const approver = await open("approver");
    await through(approver, act(approver, "emergency.approve"), async (dialog) => {
      await dialog.getByText("ports are closed · 港口关闭").waitFor();
    });
    await stateOn(approver, "emergencyState.approved").waitFor();
    await approver.context().close();

    const operator = await open("operator");
    await through(operator, act(operator, "emergency.start"), (dialog) =>
      dialog.getByLabel(t("form.reason")).fill("landfall tonight · 今晚登陆"),
    );
    await operator.waitForURL(/\/sweeps\/[0-9a-f-]{36}$/);
    await operator.getByText("landfall tonight · 今晚登陆").waitFor();
    await operator.locator(".page-head .state-good").waitFor();
    expect(await axeFindings(operator)).toEqual([]);
    await operator.context().close();
  },
);
