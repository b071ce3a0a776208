// A server of its own with a small demo portfolio, and a browser that looks at its console: what the browser tests
// share. Both end with the test file; nothing of them stays on the machine.

import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import axe from "axe-core";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { vi } from "vitest";
import en from "../../console/src/texts/en.json" with { type: "json" };
import zh from "../../console/src/texts/zh.json" with { type: "json" };

export type Language = "zh" | "en";
export type TextKey = keyof typeof en;

const root = fileURLToPath(new URL("../..", import.meta.url));
const texts: Readonly<Record<Language, Readonly<Record<TextKey, string>>>> = { zh, en };

/** What the console says for a key. */
export function said(language: Language, key: TextKey): string {
  return texts[language][key];
}

type Started = Readonly<{
  url: string;
  signIns: readonly Readonly<{ login: string; password: string }>[];
}>;

export type RunningConsole = Readonly<{
  url: string;
  browser: Browser;
  /** a page signed in as a demo account */
  signedIn: (login: string, language: Language, look?: Look) => Promise<Page>;
  stop: () => Promise<void>;
}>;

export type Look = Readonly<{ width?: number; height?: number; dark?: boolean }>;

/** How long a machine that does other work too may take for one step. */
export const patienceMs = 90_000;

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts server and browser; resolves when the demo is loaded and the server answers. */
export async function startConsole(lines: number): Promise<RunningConsole> {
  const folder = mkdtempSync(join(tmpdir(), "tidemark-browser-"));
  const args = ["start", "--json", "--port", "0", "--data", folder, "--lines", String(lines)];
  const server = spawn(process.execPath, [join(root, "src/cli/main.ts"), ...args], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  try {
    const { url, signIns } = await startedOf(server);
    await prepared(url);
    const browser = await chromium.launch({
      executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
      args: flags,
    });
    return {
      url,
      browser,
      signedIn: async (login, language, look = {}) => {
        const context = await contextOf(browser, language, look);
        const page = await context.newPage();
        const password = signIns.find((one) => one.login === login)?.password ?? "";
        await signIn(page, url, { login, password, language });
        return page;
      },
      stop: async () => {
        await browser.close();
        await stopServer(server, folder);
      },
    };
  } catch (error) {
    await stopServer(server, folder);
    throw error;
  }
}

/** The server prints one JSON document when it listens. */
function startedOf(server: ChildProcess): Promise<Started> {
  return new Promise((resolve, reject) => {
    let out = "";
    let trouble = "";
    server.stderr?.on("data", (bytes) => (trouble += String(bytes)));
    server.stdout?.on("data", (bytes) => {
      out += String(bytes);
      try {
        resolve(JSON.parse(out) as Started);
      } catch {
        // More of it is on its way.
      }
    });
    server.once("exit", (code) => reject(new Error(`Server ended with ${code}: ${trouble}`)));
  });
}

/** It listens before its demo is complete. */
async function prepared(url: string): Promise<void> {
  while ((await fetch(`${url}/readyz`)).status !== 200) await setTimeout(500);
}

async function stopServer(server: ChildProcess, folder: string): Promise<void> {
  if (server.exitCode === null) {
    const ended = new Promise((resolve) => server.once("exit", resolve));
    server.kill("SIGTERM");
    await ended;
  }
  rmSync(folder, { recursive: true, force: true });
}

/** A fresh browser profile that speaks the language. */
async function contextOf(
  browser: Browser,
  language: Language,
  { width = 1280, height = 800, dark = false }: Look = {},
): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport: { width, height },
    locale: language === "zh" ? "zh-CN" : "en-GB",
    colorScheme: dark ? "dark" : "light",
    reducedMotion: "reduce",
  });
  context.setDefaultTimeout(patienceMs);
  return context;
}

type SignIn = Readonly<{ login: string; password: string; language: Language }>;

async function signIn(page: Page, url: string, who: SignIn): Promise<void> {
  const { login, password, language } = who;
  await page.goto(`${url}/sign-in`);
  await page.getByLabel(said(language, "signIn.login")).fill(login);
  await page.getByLabel(said(language, "signIn.password")).fill(password);
  await page.getByRole("button", { name: said(language, "signIn.send") }).click();
  await page.getByRole("heading", { level: 1, name: said(language, "start.title") }).waitFor();
}

/** Waits until a page shows its content: a heading, and nothing that still loads. */
export async function settled(page: Page): Promise<void> {
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  const loading = page.locator(".waiting, .stale");
  await vi.waitUntil(async () => (await loading.count()) === 0, { timeout: patienceMs });
}

type AxeResult = Readonly<{
  violations: readonly Readonly<{
    id: string;
    impact: string;
    nodes: readonly Readonly<{ html: string }>[];
  }>[];
}>;

/** Serious and critical findings of axe, one line each; empty when there are none. */
export async function axeFindings(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const { violations } = (await page.evaluate("axe.run(document)")) as AxeResult;
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes[0]?.html ?? ""}`);
}
