// Signals over HTTP: the three forms of CloudEvents, the signed address, what senders are told of bad events, and the
// life of a dead letter.

import { createHmac } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { exampleEvent } from "../../src/adapters/signals/signal-schema.ts";
import { bucketOfId } from "../../src/domain/id.ts";
import { signalTypes, type SignalType } from "../../src/domain/signal-catalogue.ts";
import { memoryParts, testApi, type TestApi } from "../support/api.ts";

const secret = `whsec_${Buffer.from("a secret of at least 24 bytes").toString("base64")}`;
const structured = "application/cloudevents+json";
const batch = "application/cloudevents-batch+json";

let api: TestApi;

beforeEach(async () => {
  api = await testApi(memoryParts(), { signalSecret: secret });
});

type Change = Readonly<Record<string, unknown>>;

function event(type: SignalType, change: Change = {}): Change {
  const example = exampleEvent(type);
  const names: Readonly<Record<string, string>> = {
    "L-000001": "L-C-first",
    "C-000001": "C-first",
  };
  const subject = names[String(example["subject"])] ?? "CN";
  return { ...example, subject, time: "2026-03-02T01:30:00Z", ...change };
}

type Sent = Readonly<{
  url?: string;
  key?: string | null;
  media?: string;
  headers?: Readonly<Record<string, string>>;
}>;

async function post(body: unknown, { url = "/v1/signals", key, media, headers }: Sent = {}) {
  const bearer = key === null ? {} : { authorization: `Bearer ${key ?? api.keys.service}` };
  const response = await api.app.inject({
    method: "POST",
    url,
    headers: { "content-type": media ?? structured, ...bearer, ...headers },
    payload: typeof body === "string" ? body : JSON.stringify(body),
  });
  return { status: response.statusCode, body: response.json<Change>() };
}

async function act(path: string, body: Change | undefined, key = "key-of-the-act") {
  return api.app.inject({
    method: "POST",
    url: `/v1/dead-letters/${path}`,
    headers: { authorization: `Bearer ${api.keys.operator}`, "idempotency-key": key },
    ...(body === undefined ? {} : { payload: body }),
  });
}

async function get(url: string, key: string = api.keys.operator) {
  const headers = { authorization: `Bearer ${key}` };
  const response = await api.app.inject({ method: "GET", url, headers });
  return { status: response.statusCode, body: response.json<Change>() };
}

const drawn = async (): Promise<number> =>
  (await api.world.store.reads.line(api.first.lineId))!.drawnMinor;

describe("one event", () => {
  test("as JSON is recorded once", async () => {
    const once = await post(event("drawdown"));
    expect(once).toMatchObject({
      status: 200,
      body: { recorded: 1, results: [{ outcome: "recorded", lineIds: [api.first.lineId] }] },
    });
    expect(await post(event("drawdown"))).toMatchObject({ body: { duplicates: 1 } });
    expect(await drawn()).toBe(320_000);
  });

  test("in headers with its data as the body is the same event", async () => {
    const { data, datacontenttype, ...attributes } = event("drawdown");
    const headers = Object.fromEntries(
      Object.entries(attributes).map(([name, value]) => [
        `ce-${name}`,
        encodeURIComponent(String(value)),
      ]),
    );
    const media = `${String(datacontenttype)}; charset=utf-8`;
    expect(await post(data, { media, headers })).toMatchObject({ body: { recorded: 1 } });
    expect(await post(event("drawdown"))).toMatchObject({ body: { duplicates: 1 } });
    const broken = { ...headers, "ce-id": "%E0%A4%A" };
    expect(await post(data, { media, headers: broken })).toMatchObject({ status: 400 });
    expect(await post(data, { media })).toMatchObject({ status: 400 });
  });

  test.each([
    ["unknown line", { subject: "L-unknown" }, 404, "not-found", "/subject"],
    [
      "negative amount",
      { data: { amount: { amount: -5, currency: "CNY" } } },
      422,
      "invalid",
      "/data/amount",
    ],
    ["unknown type", { type: "tidemark.signal.gossip" }, 422, "invalid", "/type"],
    ["future", { time: "2026-03-05T00:00:00Z" }, 422, "future-date", "/time"],
  ])(
    "with %s is a problem that names the letter it became",
    async (_, change, status, code, pointer) => {
      const { body, ...answer } = await post(event("drawdown", change));
      expect(answer.status).toBe(status);
      expect(body).toMatchObject({ code, errors: [{ pointer }], dead_letter: expect.any(String) });
      expect(await get(`/v1/dead-letters/${String(body["dead_letter"])}`)).toMatchObject({
        status: 200,
        body: { code, pointer, state: "open", type: expect.any(String) },
      });
    },
  );

  test("under a used id with other contents is a conflict", async () => {
    await post(event("drawdown"));
    const other = event("drawdown", { data: { amount: { amount: 1, currency: "CNY" } } });
    expect(await post(other)).toMatchObject({ status: 409, body: { code: "already-exists" } });
  });

  test("of a dry run changes nothing and names no letter", async () => {
    const url = "/v1/signals?dryRun=true";
    expect(await post(event("drawdown"), { url })).toMatchObject({ body: { dryRun: true } });
    const { body } = await post(event("drawdown", { subject: "?" }), { url });
    expect(body).not.toHaveProperty("dead_letter");
    expect(await drawn()).toBe(200_000);
  });

  test("needs a key with the right, and JSON that can be read and stored", async () => {
    expect(await post(event("fee"), { key: api.keys.auditor })).toMatchObject({ status: 403 });
    expect(await post(event("fee"), { key: null })).toMatchObject({ status: 401 });
    expect(await post("{")).toMatchObject({ status: 400, body: { code: "malformed" } });
    expect(await post(event("fee", { id: "\0" }))).toMatchObject({ status: 400 });
    expect(await post(event("fee"), { media: "application/xml" })).toMatchObject({ status: 415 });
    const huge = JSON.stringify(event("fee", { data: { note: "x".repeat(5 * 1024 * 1024) } }));
    expect(await post(huge)).toMatchObject({ status: 413 });
    expect((await get("/v1/dead-letters")).body["data"]).toEqual([]);
  });
});

test("every type of the catalogue goes in as it is published", async () => {
  const known = signalTypes.filter((type) => type !== "facts");
  const { body } = await post(
    known.map((type) => event(type)),
    { media: batch },
  );
  expect(body).toMatchObject({ recorded: known.length, rejected: 0 });
});

describe("a batch", () => {
  test("lets good events through and tells each bad one in its place", async () => {
    const events = [event("drawdown"), event("drawdown", { subject: "L-?" }), event("cure"), 7];
    const { status, body } = await post(events, { media: batch });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...{ recorded: 2, duplicates: 0, rejected: 2 },
      results: [
        { outcome: "recorded" },
        { outcome: "rejected", code: "not-found", deadLetter: expect.any(String) },
        { outcome: "recorded" },
        { outcome: "rejected", code: "invalid", deadLetter: expect.any(String) },
      ],
    });
  });

  test("is a list of at most a thousand events", async () => {
    expect(await post(event("fee"), { media: batch })).toMatchObject({ status: 400 });
    const many = Array.from({ length: 1_001 }, () => 1);
    expect(await post(many, { media: batch })).toMatchObject({ status: 400 });
    expect(await post([], { media: batch })).toMatchObject({ status: 200, body: { recorded: 0 } });
  });
});

describe("the signed address", () => {
  const url = "/v1/signals/webhook";

  function signed(body: string, key = secret, change: Readonly<Record<string, string>> = {}) {
    const [id, timestamp] = ["msg_1", String(api.realTime.at / 1_000)];
    const signature = createHmac("sha256", Buffer.from(key.slice(6), "base64"))
      .update(`${id}.${timestamp}.${body}`)
      .digest("base64");
    return {
      "webhook-id": id,
      "webhook-timestamp": timestamp,
      "webhook-signature": `v1,${signature}`,
      ...change,
    };
  }

  test("takes what its secret signed, one event or a list, without a key", async () => {
    const one = JSON.stringify(event("drawdown"));
    const media = "application/json";
    const sent = await post(one, { url, key: null, media, headers: signed(one) });
    expect(sent).toMatchObject({ status: 200, body: { recorded: 1 } });
    const list = JSON.stringify([event("cure"), {}]);
    expect(await post(list, { url, key: null, media, headers: signed(list) })).toMatchObject({
      body: { recorded: 1, rejected: 1 },
    });
  });

  test("refuses everything else and keeps nothing of it", async () => {
    const body = JSON.stringify(event("drawdown"));
    const other = `whsec_${"A".repeat(32)}`;
    const wrong = [
      {},
      signed(body, other),
      signed(body, secret, { "webhook-id": "x" }),
      signed(`${body} `),
    ];
    for (const headers of wrong) {
      expect(await post(body, { url, key: null, headers })).toMatchObject({ status: 401 });
    }
    expect(await drawn()).toBe(200_000);
    const broken = "{";
    const sent = await post(broken, { url, key: null, headers: signed(broken) });
    expect(sent).toMatchObject({ status: 400 });
  });

  test("is not there without a secret", async () => {
    api = await testApi(memoryParts());
    expect(await post("{}", { url, key: null })).toMatchObject({ status: 404 });
  });
});

describe("dead letters", () => {
  async function letter(): Promise<string> {
    const { body } = await post(event("drawdown", { subject: "L-C-frist" }));
    return String(body["dead_letter"]);
  }

  test("are listed without contents, repaired, sent again, and told by whom", async () => {
    const id = await letter();
    const listed = await get("/v1/dead-letters?state=open&type=drawdown&order=newest");
    expect(listed.body["data"]).toMatchObject([{ id, code: "not-found" }]);
    expect(JSON.stringify(listed.body)).not.toContain("content");
    const table = await api.app.inject({
      url: "/v1/dead-letters?state=open&format=csv",
      headers: { authorization: `Bearer ${api.keys.operator}`, "accept-language": "en" },
    });
    expect(table.headers["content-type"]).toContain("text/csv");
    expect(table.body).toContain("Dead letter id,State");
    expect(table.body).toContain(`${id},open,`);
    const work = await get("/v1/work");
    expect(work.body["items"]).toMatchObject([
      {
        ...{ kind: "letters-open", count: 1 },
        link: { page: "dead-letters", params: { state: "open" } },
      },
    ]);
    const repair = { event: event("drawdown"), reason: "Reference misspelt" };
    expect((await act(`${id}/repair`, repair, "key-of-repair")).statusCode).toBe(200);
    const resent = await act(`${id}/resend`, undefined, "key-of-resend");
    expect(resent.json()).toMatchObject({
      state: "sent",
      acts: [{ did: "repaired", because: "Reference misspelt" }, { did: "resent" }],
    });
    expect((await act(`${id}/resend`, undefined, "key-of-resend")).json()).toEqual(resent.json());
    expect((await act(`${id}/resend`, undefined, "another-key")).statusCode).toBe(409);
    expect(await drawn()).toBe(320_000);
  });

  test("are discarded with a reason", async () => {
    const id = await letter();
    expect((await act(`${id}/discard`, {}, "key-of-none-1")).statusCode).toBe(422);
    const done = await act(`${id}/discard`, { reason: "Sent by a test" });
    expect(done.json()).toMatchObject({ state: "discarded" });
    expect((await get(`/v1/dead-letters/${id}`)).body).toMatchObject({ content: null });
  });

  test("are for those who look after feeds", async () => {
    for (const role of ["auditor", "reviewer", "service"] as const) {
      expect(await get("/v1/dead-letters", api.keys[role])).toMatchObject({ status: 403 });
    }
    const narrow = await api.keyFor(
      ["operator"],
      { kind: "portfolios", portfolios: ["cards"] },
      "narrow",
    );
    expect(await get("/v1/dead-letters", narrow)).toMatchObject({ status: 403 });
  });
});

test("signals about the environment can be read, newest first", async () => {
  await post(event("macro-value"));
  const { body } = await get("/v1/environment-signals?type=macro-value", api.keys.analyst);
  expect(body["data"]).toMatchObject([{ type: "macro-value", by: expect.any(String) }]);
});

test("news of places can be read with how far it has spread", async () => {
  await post(
    event("regional-event", { data: { region: "GD", severity: "high" }, subject: "region/GD" }),
  );
  const { body } = await get("/v1/environment-news?limit=1", api.keys.analyst);
  expect(body["data"]).toMatchObject([
    { place: "region/GD", state: "waiting", changed: [], nextBucket: 0, lines: 0, endedAt: null },
  ]);
});

test("what is published about signals is open to everybody", async () => {
  for (const url of ["/asyncapi.json", "/schemas/signals.json"]) {
    const response = await api.app.inject({ method: "GET", url });
    expect(response.statusCode).toBe(200);
    expect(Object.keys(response.json<Change>()).length).toBeGreaterThan(3);
  }
});

test("when too many events wait a request is answered with 503 and when to come again", async () => {
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  const bucket = bucketOfId(api.first.lineId);
  const holder = api.world.store.transaction(bucket, true, () => held);
  const full = [event("drawdown"), ...Array.from({ length: 999 }, () => null)];
  // Two batches are under way and ten thousand events wait; whichever comes last is one too many.
  const sent = Array.from({ length: 13 }, () =>
    api.app.inject({
      method: "POST",
      url: "/v1/signals",
      headers: { "content-type": batch, authorization: `Bearer ${api.keys.service}` },
      payload: JSON.stringify(full),
    }),
  );
  const first = await Promise.race(sent);
  expect([first.statusCode, first.headers["retry-after"]]).toEqual([503, "2"]);
  expect(first.json()).toMatchObject({ code: "busy" });
  letGo();
  await holder;
  const bodies = (await Promise.all(sent)).map((one) => one.json<Change>());
  expect(bodies.filter(({ recorded }) => recorded === 1)).toHaveLength(1);
  expect(bodies.filter(({ rejected }) => rejected === 999)).toHaveLength(12);
  expect(await post(event("drawdown", { id: "later" }))).toMatchObject({ body: { recorded: 1 } });
});
