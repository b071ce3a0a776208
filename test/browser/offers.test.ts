// Offers in a real browser, in both languages: found by their state, with their clock and the proof of what was agreed. The
// demo's product needs no consent, so the answers of the server are written here, in the form that its document states.

import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { components } from "../../console/src/api/schema.ts";
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
  running = await startConsole(50);
});

afterAll(async () => {
  await running?.stop();
});

const cny = (amount: number) => ({ amount, currency: "CNY" }) as const;
const id = "0040a1b2-0000-8000-8000-0000000000aa";

const accepted: components["schemas"]["Offer"] = {
  ...{ id, state: "accepted", lineReference: "L-4711", ver: 2 },
  decisionId: "0040a1b2-0000-8000-8000-0000000000bb",
  lineId: "0040a1b2-0000-8000-8000-0000000000cc",
  customerId: "0040a1b2-0000-8000-8000-0000000000dd",
  noticeId: "0040a1b2-0000-8000-8000-0000000000ee",
  ...{ from: cny(1_000_000), to: cny(600_000), answerBy: "2026-03-16" },
  ...{ ifDeclined: "withdraw", ifSilent: "proceed" },
  counter: { lowest: cny(600_000), highest: cny(900_000), acceptedTo: cny(700_000) },
  termsHash: "ab".repeat(32),
  madeAt: "2026-03-02T02:00:00.000Z",
  expiresAt: "2026-03-16T16:00:00.000Z",
  settledAt: "2026-03-03T02:00:00.000Z",
  consent: {
    ...{ limit: cny(650_000), at: "2026-03-03T02:00:00.000Z", by: "operator", channel: "phone" },
    ...{ how: "Recorded call 4711", termsHash: "cd".repeat(32), textHash: "ef".repeat(32) },
    ...{ noticeId: "0040a1b2-0000-8000-8000-0000000000ee", textsVersion: 0 },
  },
};

const open: typeof accepted = {
  ...accepted,
  state: "open",
  ver: 1,
  settledAt: null,
  consent: null,
};

/** What was sent: verb and body of each answer. */
type Sent = Readonly<{ verb: string | undefined; body: unknown }>;

async function taking(page: Page, sent: Sent[]): Promise<void> {
  await page.route(`**/v1/offers/${id}**`, async (route) => {
    const request = route.request();
    if (request.method() === "GET") return route.fulfill({ json: open });
    const verb = new URL(request.url()).pathname.split("/").at(-1);
    sent.push({ verb, body: request.postDataJSON() });
    return route.fulfill({ json: { events: [] } });
  });
}

async function answering(page: Page, asked: string[]): Promise<void> {
  await page.route("**/v1/offers**", async (route) => {
    const { pathname, search } = new URL(route.request().url());
    asked.push(`${pathname}${search}`);
    const json = pathname.endsWith(id) ? accepted : { data: [accepted], next: null };
    await route.fulfill({ json });
  });
}

test.each(["zh", "en"] as const)(
  "an offer is found by its state and shows clock and proof (%s)",
  async (language: Language) => {
    const page = await running.signedIn("auditor", language);
    const asked: string[] = [];
    await answering(page, asked);
    await page.goto(`${running.url}/offers?state=accepted`);
    await settled(page);
    expect(asked.some((url) => url.includes("state=accepted"))).toBe(true);
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole("link", { name: "L-4711" }).click();
    await page.waitForURL(/\/offers\/.+/);
    await settled(page);
    for (const heading of ["offer.terms", "offer.clock", "offer.proof"] as const) {
      await page.getByRole("heading", { name: said(language, heading) }).waitFor();
    }
    const text = await page.locator("main").innerText();
    expect(text).toContain("Recorded call 4711");
    expect(text).toContain("6,500");
    expect(text).toContain("cd".repeat(32));
    expect(text).toContain(said(language, "offerEnd.withdraw"));
    expect(await axeFindings(page)).toEqual([]);
    await page.context().close();
  },
);

test.each(["zh", "en"] as const)(
  "staff write down what the customer answered (%s)",
  async (language: Language) => {
    const page = await running.signedIn("operator", language);
    const sent: Sent[] = [];
    await taking(page, sent);
    await page.goto(`${running.url}/offers/${id}`);
    await settled(page);
    const dialog = page.getByRole("dialog");
    for (const answer of ["accept", "decline", "counter"] as const) {
      const name = said(language, `offer.${answer}`);
      await page.locator("main").getByRole("button", { name }).click();
      await dialog.getByLabel(said(language, "customerWord.channel")).selectOption("branch");
      await dialog.getByLabel(said(language, "customerWord.how")).fill("at the counter");
      if (answer === "counter") {
        const send = dialog.getByRole("button", { name });
        expect(await send.isEnabled()).toBe(false);
        await dialog.getByRole("spinbutton").fill("6500.5");
      }
      expect(await axeFindings(page)).toEqual([]);
      await dialog.getByRole("button", { name }).click();
      await dialog.waitFor({ state: "hidden" });
    }
    const how = { channel: "branch", how: "at the counter" };
    expect(sent).toEqual([
      { verb: "accept", body: how },
      { verb: "decline", body: how },
      { verb: "counter", body: { limit: cny(650_050), ...how } },
    ]);
    await page.context().close();
  },
);
