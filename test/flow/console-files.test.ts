// The console's files beside the API: pages for people, problems for programs, and a policy that runs nothing foreign.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance, LightMyRequestResponse } from "fastify";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { memoryParts, testApi } from "../support/api.ts";

const folder = mkdtempSync(join(tmpdir(), "tidemark-console-"));
const page =
  '<meta property="csp-nonce" nonce="__NONCE__" /><script src="/assets/a-1.js"></script>';
let app: FastifyInstance;

beforeAll(async () => {
  mkdirSync(join(folder, "assets"));
  writeFileSync(join(folder, "index.html"), page);
  writeFileSync(join(folder, "assets", "a-1.js"), "export {};\n");
  writeFileSync(join(folder, ".hash"), "secret enough");
  ({ app } = await testApi(memoryParts(), { consoleFolder: folder }));
});

afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

const get = (url: string, accept = "text/html,*/*"): Promise<LightMyRequestResponse> =>
  app.inject({ method: "GET", url, headers: { accept } });

function policyOf({ headers }: LightMyRequestResponse): string {
  return String(headers["content-security-policy"]);
}

describe("the page", () => {
  test.each(["/", "/lines", "/reviews?at=1", "/strategies/a/1"])("stands at %s", async (url) => {
    const response = await get(url);
    expect(response.statusCode).toBe(200);
    expect(response.headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(response.headers["cache-control"]).toBe("no-store");
  });

  test("carries a nonce that its policy names, another one each time", async () => {
    const [first, second] = [await get("/"), await get("/")];
    const nonce = /nonce="([^"]+)"/.exec(first.body)?.[1] ?? "";
    expect(nonce.length).toBeGreaterThan(20);
    expect(policyOf(first)).toContain(`style-src 'self' 'nonce-${nonce}'`);
    expect(policyOf(second)).not.toContain(nonce);
  });

  test("may run its own scripts only", async () => {
    const policy = policyOf(await get("/"));
    expect(policy).toContain("default-src 'none'; script-src 'self';");
    expect(policy).not.toMatch(/unsafe-(?:inline|eval)/);
    expect(policy).toContain("frame-ancestors 'none'");
  });
});

describe("everything else", () => {
  test("files with a hash in their name may be kept for a year", async () => {
    const response = await get("/assets/a-1.js", "*/*");
    expect([response.statusCode, response.body]).toEqual([200, "export {};\n"]);
    expect(response.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
  });

  test.each([
    ["/v1/nothing", "text/html"],
    ["/nothing", "application/json"],
    ["/assets/other.js", "text/html"],
    ["/assets/../.hash", "text/html;q=0"],
    ["/assets/%2e%2e/.hash", "*/*"],
    ["/assets/..%2f", "text/html"],
    ["/assets/..%2f.hash", "application/json"],
    ["/assets/%2e%2e%5c.hash", "application/json"],
    ["/assets/", "application/json"],
    ["/assets/.hidden", "application/json"],
  ])("%s for %s gives nothing of the console", async (url, accept) => {
    const response = await get(url, accept);
    expect(response.body).not.toContain("secret enough");
    expect(response.statusCode).toBeLessThan(500);
    if (url.startsWith("/v1") || accept === "application/json") {
      expect([response.statusCode, response.json()]).toEqual([
        404,
        expect.objectContaining({ code: "no-such-route" }),
      ]);
    }
  });

  test("without a build the API stands alone", async () => {
    const alone = await testApi(memoryParts(), { consoleFolder: join(folder, "nowhere") });
    const response = await alone.app.inject({
      method: "GET",
      url: "/",
      headers: { accept: "text/html" },
    });
    expect(response.statusCode).toBe(404);
    await alone.app.close();
  });
});
