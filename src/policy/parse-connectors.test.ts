// A document of sources is refused whole, with the place, what was found and what was expected, before anything is asked.

import { describe, expect, test } from "vitest";
import { connectorsSchema, parseConnectors } from "./parse-connectors.ts";

const source = {
  id: "bureau",
  label: { zh: "征信", en: "Bureau" },
  signal: "bureau-report",
  purposes: ["account-review"],
  personal: true,
  timeOutMs: 1_000,
  retries: { times: 1, firstDelayMs: 10, mostDelayMs: 20 },
  breaker: { window: 4, failures: 2, openForMs: 100 },
  cache: { freshHours: 1, staleHours: 2 },
  cost: { currency: "CNY", perCallMinor: 1, dailyCeilingMinor: 10 },
  plausible: { score: { from: 1, to: 2 } },
  http: {
    url: "https://bureau.example.com/v1/{customer}?line={line}",
    mostBytes: 1_000,
    headers: [],
    fields: { score: { pointer: "/score" } },
  },
} as const;

const read = (change: object, hosts: readonly string[] = ["bureau.example.com", "127.0.0.1:1"]) =>
  parseConnectors({ hosts, sources: [{ ...source, ...change }] });

const http = (change: object) => ({ http: { ...source.http, ...change } });

describe("a document", () => {
  test("of sources is read, asked or left by file", () => {
    const { http: _, ...byFile } = source;
    const parsed = parseConnectors({
      hosts: ["bureau.example.com"],
      sources: [source, { ...byFile, id: "registry", plausible: {} }],
    });
    expect("specs" in parsed && [...parsed.specs.keys()]).toEqual(["bureau", "registry"]);
    expect(parseConnectors({ hosts: [], sources: [] })).toEqual({ specs: new Map() });
    expect(connectorsSchema).toMatchObject({ required: ["hosts", "sources"] });
  });

  test("is refused for bounds of files, which nobody would hold against them", () => {
    const { http: _, ...byFile } = source;
    expect(parseConnectors({ hosts: [], sources: [byFile] })).toMatchObject({
      problems: [
        {
          path: "/sources/0/plausible",
          message: {
            en: expect.stringContaining("found score"),
            zh: expect.stringContaining("score"),
          },
        },
      ],
    });
  });

  test.each<readonly [string, object, string, string]>([
    ["an unknown field", { colour: 1 }, "/sources/0/colour", "colour"],
    ["no purposes", { purposes: [] }, "/sources/0/purposes", "1 to 3"],
    ["an unknown purpose", { purposes: ["fun"] }, "/sources/0/purposes/0", "account-review"],
    ["consent that is no yes or no", { personal: "yes" }, "/sources/0/personal", "true or false"],
    [
      "a currency",
      { cost: { ...source.cost, currency: "XXX" } },
      "/sources/0/cost/currency",
      "CNY",
    ],
    [
      "usable before fresh",
      { cache: { freshHours: 3, staleHours: 2 } },
      "/sources/0/cache/staleHours",
      "3 or more",
    ],
    [
      "a breaker that never opens",
      { breaker: { ...source.breaker, failures: 5 } },
      "/sources/0/breaker/window",
      "5 or more",
    ],
    [
      "waits that shrink",
      { retries: { times: 1, firstDelayMs: 9, mostDelayMs: 8 } },
      "/sources/0/retries/mostDelayMs",
      "9 or more",
    ],
    [
      "bounds the wrong way",
      { plausible: { score: { from: 2, to: 1 } } },
      "/sources/0/plausible/score/to",
      "2 or more",
    ],
    [
      "bounds of no number",
      { plausible: { overdueElsewhere: { from: 0, to: 1 } } },
      "/sources/0/plausible/overdueElsewhere",
      "score",
    ],
    [
      "a signal that moves the line",
      { signal: "drawdown", plausible: {} },
      "/sources/0/signal",
      "only kept",
    ],
    [
      "a field of nothing",
      http({ fields: { colour: { pointer: "/x" } } }),
      "/sources/0/http/fields/colour",
      "publicRecords",
    ],
    [
      "a pointer",
      http({ fields: { score: { pointer: "score" } } }),
      "/sources/0/http/fields/score/pointer",
      "/report/score",
    ],
    [
      "a host that nobody listed",
      http({ url: "https://evil.example.com/{customer}" }),
      "/sources/0/http/url",
      "bureau.example.com",
    ],
    [
      "a host with a name in front",
      http({ url: "https://bureau.example.com@evil.example.com/" }),
      "/sources/0/http/url",
      "evil.example.com",
    ],
    [
      "a placeholder in the host",
      http({ url: "https://{customer}.example.com/" }),
      "/sources/0/http/url",
      "/hosts",
    ],
    [
      "a plain connection",
      http({ url: "http://bureau.example.com/" }),
      "/sources/0/http/url",
      "https",
    ],
    [
      "another placeholder",
      http({ url: "https://bureau.example.com/{name}" }),
      "/sources/0/http/url",
      "{customer}",
    ],
    [
      "a header without a value",
      http({ headers: [{ name: "x" }] }),
      "/sources/0/http/headers/0",
      "exactly one",
    ],
    [
      "a header with two",
      http({ headers: [{ name: "x", value: "a", file: "b" }] }),
      "/sources/0/http/headers/0",
      "found 2",
    ],
  ])("is refused for %s", (_, change, path, named) => {
    const parsed = read(change);
    const problems = "problems" in parsed ? parsed.problems : [];
    const found = problems.find((one) => one.path === path);
    expect(found?.message.en).toContain(named);
    expect(found?.message.zh).toMatch(/\p{Script=Han}/u);
  });

  test("may use a plain connection to this machine only", () => {
    expect("specs" in read(http({ url: "http://127.0.0.1:1/{line}" }))).toBe(true);
    expect(
      "specs" in read(http({ url: "http://127.0.0.1.evil.com/" }), ["127.0.0.1.evil.com"]),
    ).toBe(false);
  });

  test("is refused for a required field without a place, and for a name that comes twice", () => {
    const change = { id: "status", signal: "employment-change", plausible: {} };
    const missing = read({ ...change, ...http({ fields: {} }) });
    expect("problems" in missing && missing.problems[0]!.message.en).toContain("no place for");
    const twice = parseConnectors({ hosts: ["bureau.example.com"], sources: [source, source] });
    expect("problems" in twice && twice.problems.map(({ code }) => code)).toEqual(["duplicate-id"]);
  });
});
