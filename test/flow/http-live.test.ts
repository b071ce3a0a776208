// Live views over a real connection: what happens reaches who looks, within his scope, until he signs out, his account
// is disabled or the server stops.

import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { memoryParts, plant, testApi, type TestApi } from "../support/api.ts";
import { call } from "../support/api-client.ts";

let api: TestApi;
let url: string;
const open: AbortController[] = [];

beforeEach(async () => {
  api = await testApi(memoryParts());
  await api.app.listen({ host: "127.0.0.1", port: 0 });
  url = `http://127.0.0.1:${(api.app.server.address() as AddressInfo).port}/v1/events`;
});

afterEach(async () => {
  for (const one of open.splice(0)) one.abort();
  await api.app.close();
});

type Listening = Readonly<{
  status: number;
  type: string | null;
  /** text until it holds the pattern or the stream ends */
  until: (pattern: RegExp) => Promise<string>;
}>;

async function listen(headers: Readonly<Record<string, string>>): Promise<Listening> {
  const stop = new AbortController();
  open.push(stop);
  const response = await fetch(url, { headers, signal: stop.signal });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  return {
    status: response.status,
    type: response.headers.get("content-type"),
    until: async (pattern) => {
      while (!pattern.test(text)) {
        const { value, done } = await reader.read();
        if (done) break;
        text += value;
      }
      return text;
    },
  };
}

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

test("a decision that is made is told with ids and no contents", async () => {
  const heard = await listen(bearer(api.keys.auditor));
  expect([heard.status, heard.type]).toEqual([200, "text/event-stream; charset=utf-8"]);
  const told = heard.until(/event: (decision|review)\n.*\n\n/);
  let news = false;
  void told.then(() => (news = true));
  // What happened before the first look is no news, so decisions are made until one is.
  for (let count = 0; !news && count < 100; count += 1) {
    await plant(api.world, `C-live-${count}`, "cards");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const text = await told;
  expect(text).toMatch(/id: \S+\nevent: (decision|review)\ndata: \{"id":/);
  expect(text).not.toContain("limitMinor");
  expect(text).not.toContain("C-live");
});

test("a client that comes back with an unknown place is told to read anew", async () => {
  const heard = await listen({ ...bearer(api.keys.auditor), "last-event-id": "long-ago.7" });
  expect(await heard.until(/missed/)).toContain('event: work\ndata: {"missed":true}');
});

/** Signs in as a browser does; the cookie. */
async function signIn(login: string): Promise<string> {
  const password = "correct horse battery";
  await api.dependencies.accounts.create({
    ...{ login, name: { zh: "莉娜", en: "Lena" }, roles: ["reviewer"] },
    ...{ scope: { kind: "all" }, language: "en", password },
  });
  const body = { login, password };
  const signedIn = await call(api.app, { method: "POST", url: "/v1/sign-in", body });
  return String(signedIn.headers["set-cookie"]).split(";", 1)[0]!;
}

test("signing out ends what the session listens to", async () => {
  const cookie = await signIn("lena");
  const heard = await listen({ cookie });
  await heard.until(/listening/);
  const headers = { cookie, "sec-fetch-site": "same-origin" };
  expect((await call(api.app, { method: "POST", url: "/v1/sign-out", headers })).statusCode).toBe(
    204,
  );
  expect(await heard.until(/never/)).toContain("listening");
});

test("a browser holds two streams at most, so that its other requests find a connection", async () => {
  const cookie = await signIn("lena");
  const statuses = [];
  for (let count = 0; count < 3; count += 1) statuses.push((await listen({ cookie })).status);
  expect(statuses).toEqual([200, 200, 429]);
});

test("an account holds only so many streams", async () => {
  for (let count = 0; count < 6; count += 1) {
    expect((await listen(bearer(api.keys.analyst))).status).toBe(200);
  }
  expect((await listen(bearer(api.keys.analyst))).status).toBe(429);
  expect((await listen(bearer(api.keys.auditor))).status).toBe(200);
});

test("a stream that its client left makes room for another", async () => {
  for (let count = 0; count < 6; count += 1) await listen(bearer(api.keys.legal));
  for (const one of open.splice(0)) one.abort();
  let status = 429;
  for (let tries = 0; status === 429 && tries < 100; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    status = (await listen(bearer(api.keys.legal))).status;
  }
  expect(status).toBe(200);
});

test("the server stops although somebody listens", async () => {
  const heard = await listen(bearer(api.keys.auditor));
  await heard.until(/listening/);
  await api.app.close();
  expect(await heard.until(/never/)).toContain("listening");
});

test("borrowers do not listen", async () => {
  expect((await listen(bearer(api.keys.borrower))).status).toBe(403);
});
