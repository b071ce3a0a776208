// The command line on a database server, from the first account to the executed cut: what each command answers, what
// it refuses, and with which exit code.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tidemark, tidemarkJson, type Environment, type Ran } from "../support/command-line.ts";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";

type Account = Readonly<{ id: string; login: string; password: string }>;
type List<Row> = Readonly<{ data: readonly Row[]; next: string | null }>;
type Row = Readonly<{ id: string; state: string; ver: number; route: string }>;

const strategyFile = "strategies/consumer-cn/strategy.yaml";
const demo = ["examples/demo/lines.csv", "--mapping", "examples/demo/mapping.yaml"] as const;

let database: FreshDatabase;
let folder: string;
let local: Environment;
const as = new Map<string, Environment>();

const by = (login: string, ...words: readonly string[]): Promise<Ran> =>
  tidemark(as.get(login)!, words);
const jsonBy = <Result>(login: string, ...words: readonly string[]): Promise<Result> =>
  tidemarkJson<Result>(as.get(login)!, ...words);

beforeAll(async () => {
  database = await freshDatabase();
  folder = mkdtempSync(join(tmpdir(), "tidemark-cli-"));
  local = { DATABASE_URL: database.url, TIDEMARK_DATA: folder, TIDEMARK_LOG: "silent" };
});

afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("accounts on a server", () => {
  test("the first account is made by whoever holds the database, every later one takes a sign-in", async () => {
    const roles = ["--role", "administrator", "operator", "analyst"];
    const root = await tidemarkJson<Account>(local, "account", "create", "root", ...roles);
    as.set("root", { ...local, TIDEMARK_LOGIN: "root", TIDEMARK_PASSWORD: root.password });
    const refused = await tidemark(local, ["account", "list"]);
    expect(refused.code).toBe(77);
    expect(refused.err).toContain("TIDEMARK_API_KEY");
    const wrong = await tidemark({ ...as.get("root")!, TIDEMARK_PASSWORD: "wrong" }, ["halts"]);
    expect(wrong).toMatchObject({ code: 77, out: "" });
  });

  test("an API key acts as its account until it is revoked", async () => {
    for (const [login, role] of [
      ["app", "approver"],
      ["rev1", "reviewer"],
      ["rev2", "reviewer"],
      ["law", "legal"],
      ["aud", "auditor"],
    ] as const) {
      await jsonBy("root", "account", "create", login, "--role", role, "--no-password");
      const key = await jsonBy<{ text: string }>("root", "key", "create", login, "--label", "test");
      as.set(login, { ...local, TIDEMARK_API_KEY: key.text });
    }
    const gone = await jsonBy<{ text: string; prefix: string }>(
      ...(["root", "key", "create", "app", "--label", "short"] as const),
    );
    await jsonBy("root", "key", "revoke", gone.prefix);
    const env = { ...local, TIDEMARK_API_KEY: gone.text };
    expect((await tidemark(env, ["halts"])).code).toBe(77);
    expect(await by("aud", "halts")).toMatchObject({ code: 0, out: "Nothing is halted\n" });
  });

  test("who may not manage accounts is told which role it takes", async () => {
    const refused = await by("rev1", "account", "create", "x2", "--role", "auditor");
    expect(refused.code).toBe(77);
    expect(refused.err).toContain("expected administrator");
  });
});

describe("import", () => {
  test("a dry run stores nothing, the import stores all, and again it changes nothing", async () => {
    const counts = { rows: 300, accepted: 300, rejected: 0 };
    const dry = await jsonBy("root", "import", "lines", ...demo, "--dry-run");
    expect(dry).toMatchObject({ ...counts, added: 300, dryRun: true });
    expect(await jsonBy<List<Row>>("root", "line", "list")).toEqual({ data: [], next: null });
    expect(await jsonBy("root", "import", "lines", ...demo)).toMatchObject({
      added: 300,
      ...counts,
    });
    const again = await jsonBy("root", "import", "lines", ...demo);
    expect(again).toMatchObject({ ...counts, changes: 0, unchanged: 300 });
  });

  test("a bad row goes to the rejects with its line, column and reason, the good ones load", async () => {
    const [header, first, second] = readFileSync(demo[0], "utf8").split("\n");
    const file = join(folder, "bad.csv");
    const broken = second!.replace("62000.00", "6.2e4").replace("DEMO-0002", "DEMO-9002");
    writeFileSync(file, [header, first, broken, ""].join("\n"));
    const rejects = join(folder, "rejects");
    const summary = await jsonBy<{ rejectsFile: string }>(
      ...(["root", "import", "lines", file, "--mapping", demo[2], "--rejects", rejects] as const),
    );
    expect(summary).toMatchObject({ accepted: 1, rejected: 1 });
    expect(readFileSync(summary.rejectsFile, "utf8")).toMatch(/3,LIMIT,6\.2e4,/);
  });

  test("a missing file and a broken mapping are told by name", async () => {
    const missing = await by("root", "import", "lines", "no.csv", ...demo.slice(1));
    expect(missing.code).not.toBe(0);
    expect(missing.err).toContain("no.csv");
    const mapping = join(folder, "mapping.yaml");
    writeFileSync(mapping, readFileSync(demo[2], "utf8").replace("tidemark:", "tidemarc:"));
    const broken = await by("root", "import", "lines", demo[0], "--mapping", mapping);
    expect(broken.code).toBe(64);
    expect(broken.err).toContain("mapping.yaml");
  });

  test("who may not import stores nothing", async () => {
    const refused = await by("rev1", "import", "lines", ...demo);
    expect(refused.code).toBe(77);
  });
});

describe("strategies", () => {
  test("a broken file is refused with file, line and field", async () => {
    const file = join(folder, "broken.yaml");
    const text = readFileSync(strategyFile, "utf8");
    writeFileSync(file, text.replace(/^routing:/m, "rooting:"));
    const refused = await by("root", "strategy", "check", file);
    expect(refused.code).toBe(64);
    expect(refused.err).toMatch(/broken\.yaml:\d+:\d+: .*rooting/);
    expect((await by("root", "strategy", "add", file)).code).toBe(64);
    expect(await jsonBy("root", "strategy", "list")).toEqual({ data: [] });
  });

  test("only somebody else than the author brings a version into force", async () => {
    expect(await jsonBy("root", "strategy", "add", strategyFile, "--dry-run")).toMatchObject({
      was: "checked",
    });
    await jsonBy("root", "strategy", "add", strategyFile);
    expect(await jsonBy("root", "strategy", "add", strategyFile)).toMatchObject({ was: "exists" });
    expect((await by("root", "strategy", "approve", "consumer-cn", "1")).code).toBe(77);
    const stale = await by("app", "strategy", "approve", "consumer-cn", "1", "--hash", "00");
    expect(stale.code).toBe(75);
    const done = await jsonBy("app", "strategy", "approve", "consumer-cn", "1");
    expect(done).toMatchObject({ state: "active" });
    expect((await by("app", "strategy", "approve", "consumer-cn", "1")).code).toBe(78);
    expect((await by("app", "strategy", "approve", "nothing", "1")).code).toBe(66);
  });

  test("an exported version reads back as itself, and a change of it is told in words", async () => {
    const file = join(folder, "exported.yaml");
    const exported = (await jsonBy("root", "strategy", "export", "consumer-cn", "--out", file)) as {
      hash: string;
    };
    const again = await jsonBy("root", "strategy", "add", file);
    expect(again).toMatchObject({ was: "exists", hash: exported.hash });
    const changed = readFileSync(file, "utf8")
      .replace("version: 1", "version: 2")
      .replace('- "0.30"', '- "0.40"');
    writeFileSync(file, changed);
    const added = await jsonBy("root", "strategy", "add", file, "--draft");
    expect(added).toMatchObject({ was: "added", state: "draft", version: 2 });
    const told = await by("root", "strategy", "diff", "consumer-cn@1", file);
    expect(told.out).toContain("row P10, Cut rate: 30 % → 40 %");
    const both = await jsonBy("root", "strategy", "diff", "consumer-cn@1", "consumer-cn@2");
    expect(both).toMatchObject({ data: [{ before: "0.30", after: "0.40" }, { path: "version" }] });
    expect((await by("root", "strategy", "diff", "consumer-cn@1", "consumer-cn@9")).code).toBe(66);
    expect((await by("root", "strategy", "export", "nothing@1", "--out", file)).code).toBe(66);
  });

  test("every step of a version has its verb, and is kept with its reason", async () => {
    const step = async (who: string, ...args: string[]): Promise<string> => {
      const { state }: { state: string } = await jsonBy(who, "strategy", ...args);
      return state;
    };
    const because = ["--reason", "Too harsh"];
    expect(await step("root", "submit", "consumer-cn", "2")).toBe("submitted");
    const later = ["approve", "consumer-cn", "2", "--effective-on", "2999-01-01"];
    expect((await by("app", "strategy", ...later.slice(0, -1), "soon")).code).toBe(64);
    expect(await step("app", ...later)).toBe("approved");
    expect((await by("app", "strategy", "retire", "consumer-cn", "2")).code).toBe(64);
    expect(await step("app", "retire", "consumer-cn", "2", ...because)).toBe("retired");
    const restored = await jsonBy("root", "strategy", "restore", "consumer-cn", "2", ...because);
    expect(restored).toMatchObject({ version: 3, state: "submitted", restores: 2 });
    const { data: steps } = (await jsonBy("root", "strategy", "history", "consumer-cn")) as {
      data: readonly Readonly<Record<string, unknown>>[];
    };
    expect(steps.map(({ version, state }) => `${String(version)} ${String(state)}`)).toEqual([
      ...["1 submitted", "1 approved", "1 active"],
      ...["2 draft", "2 submitted", "2 approved", "2 retired", "3 submitted"],
    ]);
    expect(steps.at(-2)).toMatchObject({ reason: "Too harsh" });
    await step("app", "retire", "consumer-cn", "3", ...because);
  });
});

describe("sweep", () => {
  test("a preview stores nothing and counts what the sweep then does", async () => {
    await jsonBy("root", "core", "load");
    const sweep = ["sweep", "--strategy", "consumer-cn"];
    const preview = await jsonBy<{ counts: object; id: string }>("root", ...sweep, "--dry-run");
    expect(await jsonBy("root", "sweeps", "list")).toEqual({ data: [], next: null });
    const done = await jsonBy<{ counts: object; id: string }>("root", ...sweep);
    expect(done).toMatchObject({ id: preview.id, state: "done", counts: preview.counts });
    const shown = await jsonBy("aud", "sweeps", "show", done.id);
    expect(shown).toMatchObject({ counts: done.counts });
    expect((await by("root", "sweeps", "cancel", done.id)).code).toBe(78);
  });

  test("a future date, an unknown strategy, a wrong amount and a wrong role are refused", async () => {
    const sweep = (login: string, ...words: readonly string[]): Promise<Ran> =>
      by(login, "sweep", ...words);
    expect((await sweep("root", "--strategy", "consumer-cn", "--as-of", "2999-01-01")).code).toBe(
      64,
    );
    expect((await sweep("root", "--strategy", "consumer-cn", "--as-of", "2026-02-30")).code).toBe(
      64,
    );
    expect((await sweep("root", "--strategy", "nothing")).code).toBe(66);
    expect((await sweep("rev1", "--strategy", "consumer-cn")).code).toBe(77);
    const cap = await sweep("root", "--strategy", "consumer-cn", "--daily-cap", "1.234");
    expect(cap.code).toBe(64);
    expect(cap.err).toContain("--daily-cap");
    const other = await sweep("root", "--strategy", "consumer-cn", "--daily-cap", "5 USD");
    expect(other.code).toBe(64);
  });
});

describe("review", () => {
  test("a case is shown with everything that explains it, in both languages", async () => {
    const { data } = await jsonBy<List<Row>>("rev1", "review", "list", "--limit", "1");
    const { id } = data[0]!;
    const shown = await by("rev1", "review", "show", id);
    for (const part of [
      "Facts",
      "Score",
      "Decision table",
      "Limit arithmetic",
      "Guards",
      "Route",
      "Way back",
    ]) {
      expect(shown.out).toContain(part);
    }
    const zh = await by("rev1", "review", "show", id, "--lang", "zh");
    for (const part of ["事实", "评分", "决策表", "额度计算", "护栏", "审批路径", "改善途径"]) {
      expect(zh.out).toContain(part);
    }
    const json = await jsonBy("rev1", "review", "show", id);
    expect(json).toMatchObject({
      id,
      state: "open",
      explanation: { arithmetic: expect.any(Array) },
    });
  });

  test("a dry run tells the events and changes nothing, a stale or unfit approval is refused", async () => {
    const { data } = await jsonBy<List<Row>>("rev1", "review", "list", "--limit", "1");
    const { id, ver } = data[0]!;
    const dry = await jsonBy<{ events: unknown[] }>("rev1", "review", "approve", id, "--dry-run");
    expect(dry.events.length).toBeGreaterThan(0);
    const after = await jsonBy<Row>("rev1", "review", "show", id);
    expect(after).toMatchObject({ state: "open", ver });
    expect((await by("rev1", "review", "approve", id, "--expect-version", "99")).code).toBe(75);
    expect((await by("root", "review", "approve", id)).code).toBe(77);
    expect((await by("rev1", "review", "approve", "no-id")).code).toBe(64);
    expect((await by("rev1", "review", "approve")).code).toBe(64);
  });

  test("an override needs a reason and an end, and ends in somebody else's hands", async () => {
    const { data } = await jsonBy<List<Row>>("rev1", "review", "list");
    const { id } = data.find(({ route }) => route === "review")!;
    const override = ["review", "override", id, "--action", "none"];
    expect((await by("rev1", ...override, "--reason", "paid in full")).code).toBe(64);
    const wrong = await by("rev1", ...override, "--reason", "paid", "--expires", "2026-13-01");
    expect(wrong).toMatchObject({ code: 64 });
    const clock = await jsonBy<{ businessDate: string }>("rev1", "clock", "show");
    const expires = `${Number(clock.businessDate.slice(0, 4)) + 1}-01-01`;
    await jsonBy("rev1", ...override, "--reason", "paid in full", "--expires", expires);
    expect((await by("rev1", "review", "approve", id)).code).toBe(77);
    await jsonBy("rev2", "review", "approve", id);
    expect(await jsonBy("rev2", "review", "show", id)).toMatchObject({ state: "resolved" });
  });

  test("a case in other hands is refused to everybody else until its lead moves it", async () => {
    const { data } = await jsonBy<List<Row>>("rev1", "review", "list", "--desk", "queues");
    const { id } = data[0]!;
    await jsonBy("rev1", "review", "take", id);
    const mine = await jsonBy<List<Row>>("rev1", "review", "list", "--desk", "mine");
    expect(mine.data.map((row) => row.id)).toEqual([id]);
    const other = await by("rev2", "review", "approve", id);
    expect(other.code).toBe(75);
    expect(other.err).toContain("in the hands of");
    expect((await by("rev2", "review", "assign", id, "--to", "rev2")).code).toBe(77);
    expect((await by("app", "review", "assign", id, "--to", "nobody")).code).toBe(64);
    await jsonBy("app", "review", "assign", id, "--to", "rev2");
    await jsonBy("rev2", "review", "release", id);
    expect((await by("rev2", "review", "release", id)).code).toBe(78);
  });

  test("a snooze does not pass the service level unless it says so", async () => {
    const { data } = await jsonBy<List<Row>>("rev1", "review", "list", "--desk", "queues");
    const { id } = data[0]!;
    const snooze = ["review", "snooze", id, "--until", "2900-01-01", "--reason", "papers"];
    const refused = await by("rev1", ...snooze);
    expect(refused.code).toBe(64);
    expect(refused.err).toContain("past the service level");
    await jsonBy("rev1", ...snooze, "--past-due");
    const left = await jsonBy<List<Row>>("rev1", "review", "list", "--desk", "queues");
    expect(left.data.map((row) => row.id)).not.toContain(id);
    await jsonBy("rev1", "review", "take", id);
    await jsonBy("rev1", "review", "release", id);
  });

  test("an opinion is asked for and given, and notes and files stand beside the case", async () => {
    const { data } = await jsonBy<List<Row>>("rev1", "review", "list", "--desk", "queues");
    const { id } = data[0]!;
    const question = ["--of", "law", "--question", "Does the contract allow it?"];
    await jsonBy("rev1", "review", "ask-opinion", id, ...question);
    const asked = await jsonBy<List<Row>>("law", "review", "list", "--desk", "asked");
    expect(asked.data.map((row) => row.id)).toEqual([id]);
    const opinion = ["--opinion", "disagree", "--reason", "clause 7"];
    await jsonBy("law", "review", "give-opinion", id, ...opinion);
    expect((await by("rev1", "review", "show", id)).out).toContain("disagrees: clause 7");
    await jsonBy("rev1", "review", "note", id, "--text", "called the customer");
    expect((await by("aud", "review", "notes", id)).out).toContain("called the customer");
    const file = join(folder, "收入证明.pdf");
    writeFileSync(file, "%PDF-1.7 proof of income");
    const added = await jsonBy<{ attachmentId: string }>("rev1", "review", "attach", id, file);
    expect((await by("rev2", "review", "attachments", id)).out).toContain("收入证明.pdf");
    expect((await by("aud", "review", "attachments", id)).code).toBe(77);
    const out = join(folder, "opened.pdf");
    const open = ["review", "open-attachment", id, added.attachmentId, "--out", out];
    await jsonBy("rev2", ...open);
    expect(readFileSync(out, "utf8")).toBe("%PDF-1.7 proof of income");
    const [stored] = await database.db.query<{ sealed: Buffer }>(
      "select name || contents as sealed from review_attachment",
      [],
    );
    expect(stored!.sealed.toString("latin1")).not.toContain("PDF-1.7");
    writeFileSync(file, Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0]));
    expect((await by("rev1", "review", "attach", id, file)).code).toBe(64);
  });

  test("an account below the authority of a case is told what it takes", async () => {
    const { data } = await jsonBy<List<Row>>("rev1", "review", "list", "--desk", "queues");
    const { id } = data[0]!;
    await jsonBy("root", "account", "desk", "rev1", "--authority", "0.01");
    const refused = await by("rev1", "review", "approve", id);
    expect(refused.code).toBe(77);
    expect(refused.err).toMatch(/needs authority over [\d,.]+ CNY: found a limit of 0\.01 CNY/);
    const none = await jsonBy<List<Row>>("rev1", "review", "list", "--desk", "queues");
    expect(none.data).toEqual([]);
    await jsonBy("root", "account", "desk", "rev1");
  });

  test("many are approved only after a yes", async () => {
    for (const login of ["rev1", "rev2"])
      await jsonBy("root", "account", "desk", login, "--skill", "closures");
    const all = ["review", "approve", "--all", "--queue", "reviewer", "--note", "checked"];
    const unasked = await tidemark(as.get("rev1")!, all);
    expect(unasked.code).toBe(64);
    expect((await tidemark(as.get("rev1")!, all.slice(0, -2), ["yes"])).code).toBe(64);
    const preview = await jsonBy<{ done: number; impact: readonly object[] }>(
      ...(["rev1", ...all, "--dry-run"] as const),
    );
    expect(preview.impact).toMatchObject([{ currency: "CNY" }]);
    const waiting = ["review", "list", "--queue", "reviewer"];
    const { data } = await jsonBy<List<Row>>("rev1", ...waiting, "--limit", "1000");
    const asked = await tidemark(as.get("rev1")!, all, ["yes"]);
    expect(asked.err).toContain(`Approve ${data.length} review cases?`);
    expect(asked.out).toContain(`Done: ${data.length}`);
    await jsonBy("rev2", ...all, "--yes");
    const legal = ["review", "approve", "--all", "--queue", "legal", "--yes"];
    await jsonBy("law", ...legal, "--note", "checked");
    const left = await jsonBy<List<Row>>("rev1", ...waiting);
    expect(left.data).toEqual([]);
    expect(preview.done).toBe(data.length);
    const figures = await jsonBy<{ total: { verdicts: number; overrode: number } }>(
      ...(["app", "review", "stats"] as const),
    );
    expect(figures.total.verdicts).toBeGreaterThan(data.length);
    expect(figures.total.overrode).toBe(1);
    expect((await by("rev1", "review", "stats")).code).toBe(77);
    expect((await by("app", "review", "stats", "--lang", "zh")).out).toContain("一致率");
  });
});

describe("stop switch", () => {
  test("a halted area refuses until it is resumed, and says by whom and why", async () => {
    const halt = ["halt", "sweep", "--reason", "core maintenance", "--for", "2h"];
    await jsonBy("root", ...halt, "--dry-run");
    expect(await jsonBy("root", "halts")).toEqual({ data: [] });
    await jsonBy("root", ...halt);
    const refused = await by("root", "sweep", "--strategy", "consumer-cn");
    expect(refused.code).toBe(69);
    expect(refused.err).toContain("core maintenance");
    expect((await by("rev1", "resume", "sweep")).code).toBe(77);
    await jsonBy("root", "resume", "sweep");
    expect((await by("root", "resume", "sweep")).code).toBe(66);
    expect((await by("root", "halt", "moon", "--reason", "x")).code).toBe(64);
  });
});

describe("time, execution and proof", () => {
  test("thirty days later cuts are executed, the books agree, and every decision replays to its bytes", async () => {
    expect((await by("rev1", "clock", "advance", "30d")).code).toBe(77);
    expect((await by("root", "clock", "set", "2005-01-01")).code).toBe(78);
    await jsonBy("root", "clock", "advance", "30d");
    const executed = await jsonBy<List<Row>>("aud", "decision", "list", "--state", "executed");
    expect(executed.data.length).toBeGreaterThan(0);
    expect(await jsonBy("aud", "reconcile")).toMatchObject({ compared: 300, differences: [] });
    const { id } = executed.data[0]!;
    expect(await jsonBy("aud", "replay", id)).toMatchObject({ equal: true, at: null });
    const { data } = await jsonBy<List<Row>>("aud", "sweeps", "list");
    const replayed = await jsonBy<{ replayed: number; equal: number }>(
      ...(["aud", "replay", "--sweep", data[0]!.id] as const),
    );
    expect(replayed).toMatchObject({ different: 0, erased: 0, equal: replayed.replayed });
    expect((await by("aud", "replay")).code).toBe(64);
  });

  test("a stored record that was changed is found and named", async () => {
    const { data } = await jsonBy<List<Row>>("aud", "decision", "list", "--limit", "1");
    const { id } = data[0]!;
    const change =
      "update decision set record = replace(record, '\"pdBp\":', '\"pdBp\": ') where id = $1";
    expect(await database.db.execute(change, [id])).toBe(1);
    const found = await by("aud", "replay", id);
    expect(found.code).toBe(65);
    expect(found.err).toContain(`Decision ${id}: differs at character`);
    await database.db.execute(
      "update decision set record = replace(record, '\"pdBp\": ', '\"pdBp\":') where id = $1",
      [id],
    );
    expect((await by("aud", "replay", id)).code).toBe(0);
  });

  test("a line is found by reference and tells all that happened to it", async () => {
    const notices = await jsonBy<List<{ lineId: string; id: string }>>(
      "aud",
      "notice",
      "list",
      "--limit",
      "1",
    );
    const { lineId, id } = notices.data[0]!;
    const notice = await by("aud", "notice", "show", id);
    expect(notice.out).toContain("--- zh ---");
    expect(notice.out).toContain("--- en ---");
    const line = await jsonBy<{ reference: string }>("aud", "line", "show", lineId);
    const byReference = await jsonBy("aud", "line", "show", line.reference);
    expect(byReference).toEqual(line);
    const events = await jsonBy<List<{ kind: string }>>("aud", "line", "timeline", line.reference);
    expect(events.data.map(({ kind }) => kind)).toContain("NoticeIssued");
    expect((await by("aud", "line", "show", "NO-SUCH-LINE")).code).toBe(66);
  });

  test("the doctor finds nothing amiss", async () => {
    expect(await tidemarkJson(local, "doctor")).toMatchObject({ ok: true });
  });
});

test("a live installation has no test clock", async () => {
  const live = await freshDatabase();
  try {
    const environment = { ...local, DATABASE_URL: live.url, TIDEMARK_MODE: "live" };
    const refused = await tidemark(environment, ["clock", "advance", "1d"]);
    expect(refused.code).toBe(78);
    expect(refused.err).toContain("live");
    const clock = await tidemarkJson(environment, "clock", "show");
    expect(clock).toMatchObject({ mode: "live", testClock: null });
  } finally {
    await live.close();
  }
});

describe("usage", () => {
  test("help, mistakes and settings are told in the reader's language", async () => {
    expect((await tidemark({}, ["--help"])).out).toContain("Usage: tidemark");
    expect((await tidemark({ LANG: "zh_CN.UTF-8" }, ["--help"])).out).toContain("用法： tidemark");
    const unknown = await tidemark({}, ["revew"]);
    expect(unknown).toMatchObject({ code: 64, out: "" });
    expect(unknown.err).toContain("review");
    const option = await tidemark({}, ["import", "lines", "lines.csv", "--lang", "zh"]);
    expect(option.code).toBe(64);
    expect(option.err).toContain("缺少必需选项");
    const strategy = await tidemark({}, ["sweep", "--lang", "zh"]);
    expect(strategy.code).toBe(64);
    expect(strategy.err).toContain("--strategy：未给出，应为已生效策略的编号");
    const port = await tidemark({ TIDEMARK_PORT: "high" }, ["serve"]);
    expect(port.code).toBe(64);
    expect(port.err).toContain("TIDEMARK_PORT");
  });
});
