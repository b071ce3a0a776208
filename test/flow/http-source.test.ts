// A source over real HTTP on this machine, and everything that one can do wrong: nothing of it is thrown, and what it said
// goes no further than the fields that were agreed.

import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fetchByHttp, valueAt } from "../../src/adapters/connectors/http-source.ts";
import type { ConnectorSpec, HttpSource } from "../../src/domain/connector-spec.ts";
import { bureau } from "../support/connectors.ts";

let server: Server;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let asked: IncomingMessage[];

beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    asked.push(request);
    answer(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
});

function address(path = "/reports/{customer}?line={line}"): string {
  const { port } = server.address() as Readonly<{ port: number }>;
  return `http://127.0.0.1:${port}${path}`;
}

const subject = { customer: "C/1 ü", line: "L-1" };

function ask(
  change: Partial<HttpSource> = {},
  environment: Readonly<Record<string, string>> = {},
  own: Partial<ConnectorSpec> = {},
) {
  const source = { ...bureau.http!, ...change, url: change.url ?? address() };
  return fetchByHttp({ ...bureau, timeOutMs: 60_000, ...own }, source, subject, environment);
}

test("a reference that would lead to another path is not sent", async () => {
  says({ report });
  const at = (customer: string, path: string) =>
    fetchByHttp(bureau, { ...bureau.http!, url: address(path) }, { ...subject, customer }, {});
  for (const dots of [".", ".."]) {
    await expect(at(dots, "/reports/{customer}")).rejects.toThrow("Cannot make address");
    await expect(at(dots, "/reports/{customer}/score")).rejects.toThrow("Cannot make address");
  }
  expect(asked).toEqual([]);
  await at("..", "/reports?about={customer}");
  await at("...", "/reports/{customer}");
  expect(asked.map(({ url }) => url)).toEqual(["/reports?about=..", "/reports/..."]);
});

const says = (body: unknown, status = 200): void => {
  answer = (_, response) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  };
};

const report = {
  score: 640,
  inquiries: { days30: "3" },
  debts: "12345.60",
  overdue: false,
  holder: "王小明",
};

describe("an answer", () => {
  test("is read by its pointers, exactly, and nothing else of it is kept", async () => {
    says({ report });
    expect(await ask()).toEqual({
      data: {
        ...{ score: 640, inquiries30Days: 3, overdueElsewhere: false },
        otherDebts: { amount: 1_234_560, currency: "CNY" },
      },
    });
    expect(asked[0]!.url).toBe("/reports/C%2F1%20%C3%BC?line=L-1");
  });

  test("to headers from the document, the environment and a key file", async () => {
    says({ report });
    const folder = mkdtempSync(join(tmpdir(), "tidemark-key-"));
    try {
      writeFileSync(join(folder, "key"), "file-key\n");
      const headers = [
        { name: "x-plain", value: "one" },
        { name: "authorization", environment: "BUREAU_KEY" },
        { name: "x-key", file: join(folder, "key") },
      ];
      await ask({ headers }, { BUREAU_KEY: "Bearer two" });
      expect(asked[0]!.headers).toMatchObject({
        ...{ "x-plain": "one", authorization: "Bearer two", "x-key": "file-key" },
      });
      await expect(ask({ headers: [headers[1]!] })).rejects.toThrow(/authorization.*BUREAU_KEY/);
      await expect(
        ask({ headers: [{ name: "x-key", file: join(folder, "none") }] }),
      ).rejects.toThrow(/x-key: cannot read/);
      expect(asked).toHaveLength(1);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("a source that goes wrong is told by kind:", () => {
  test.each<readonly [string, string | object, number, string, string]>([
    ["a fault", {}, 500, "down", "500"],
    ["too many requests", {}, 429, "down", "429"],
    ["nobody of that name", {}, 404, "declined", "404"],
    ["another success", {}, 204, "declined", "204"],
    ["a way elsewhere", {}, 302, "declined", "302"],
    ["no JSON", '{"report"', 200, "malformed", "no JSON"],
    ["JSON of another form", "[]", 200, "malformed", "none of the fields"],
    ["no field at all", { report: {} }, 200, "malformed", "none of the fields"],
    ["text for a number", { report: { score: "high" } }, 200, "malformed", "/report/score"],
    ["an object for a number", { report: { score: { value: 7 } } }, 200, "malformed", "score"],
    ["a broken number", { report: { score: 640.5 } }, 200, "malformed", "points"],
    ["a digit too many", { report: { debts: "1.234" } }, 200, "malformed", "otherDebts"],
    ["text for yes and no", { report: { overdue: "no" } }, 200, "malformed", "boolean"],
  ])("%s", async (_, body, status, kind, named) => {
    says(body, status);
    const fetched = await ask();
    expect(fetched).toMatchObject({ failed: kind });
    expect("detail" in fetched && fetched.detail.en).toContain(named);
  });

  test("more than it may say, which is not read to its end", async () => {
    let written = 0;
    answer = (_, response) => {
      const more = (): void => {
        if (response.destroyed) return;
        written += 65_536;
        response.write("x".repeat(65_536), more);
      };
      more();
    };
    expect(await ask({ mostBytes: 100_000 })).toMatchObject({
      failed: "malformed",
      detail: { en: "Longer than 100000 bytes" },
    });
    expect(written).toBeGreaterThan(0);
  });

  test("silence", async () => {
    answer = () => undefined;
    expect(await ask({}, {}, { timeOutMs: 20 })).toMatchObject({ failed: "slow" });
  });

  test("silence in the middle of an answer", async () => {
    answer = (_, response) => void response.write('{"report":');
    expect(await ask({}, {}, { timeOutMs: 20 })).toMatchObject({ failed: "slow" });
  });

  test("a broken connection", async () => {
    answer = (request) => request.socket.destroy();
    expect(await ask()).toMatchObject({ failed: "down" });
  });

  test("nobody there", async () => {
    const url = address();
    server.closeAllConnections();
    server.close();
    await once(server, "close");
    expect(await ask({ url })).toMatchObject({
      failed: "down",
      detail: { en: "No connection (ECONNREFUSED)" },
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });
});

test("a pointer finds only what a document itself holds", () => {
  const document = { "a/b": [{ "c~d": 7 }], plain: "text" };
  expect(valueAt(document, "/a~1b/0/c~0d")).toBe(7);
  for (const pointer of ["/a", "/a~1b/1", "/constructor", "/plain/length", "/plain/0"]) {
    expect(valueAt(document, pointer)).toBeUndefined();
  }
});
