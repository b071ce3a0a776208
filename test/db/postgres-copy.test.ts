// COPY against a real server: every text comes back unchanged, memory stays bounded, and a stream that ends early or
// fails on either side leaves the connection and the table in order.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { freshDatabase } from "../support/database.ts";

const fresh = await freshDatabase();
const { db } = fresh;
afterAll(fresh.close);

beforeAll(async () => {
  await db.transaction((tx) =>
    tx.runScript(
      'create table copied (id integer primary key, minor bigint not null, note text collate "C")',
    ),
  );
});

beforeEach(() => db.execute("delete from copied"));

describe("COPY", () => {
  test("brings every text back unchanged", async () => {
    const notes = [
      "plain",
      "",
      null,
      "\\N",
      "tab\there",
      "line\nend\r",
      "\\.",
      "潮位 🌊",
      '"quoted", {braced}',
      "\u0001\u007f",
    ];
    const rows = notes.map((note, id) => [id, id * 1_000, note]);
    expect(await db.copyFrom("copy copied (id, minor, note) from stdin", rows)).toBe(notes.length);
    expect(await db.query("select note from copied order by id")).toEqual(
      notes.map((note) => ({ note })),
    );
    const copied = await Array.fromAsync(
      db.copyTo("copy (select id, minor, note from copied order by id) to stdout"),
    );
    expect(copied).toEqual(rows.map(([id, minor, note]) => [String(id), String(minor), note]));
  });

  test("takes ready-made text in one go, and leaves the connection in order when a row exists already", async () => {
    const copy = "copy copied (id, minor, note) from stdin";
    const rows = Array.from({ length: 500 }, (_, id) => `${id}\t${id}\ttab \\t here 潮位\n`).join(
      "",
    );
    expect(await db.transaction((tx) => tx.copyTextFrom(copy, rows))).toBe(500);
    for (let round = 0; round < 3; round++) {
      const again = db.transaction((tx) => tx.copyTextFrom(copy, rows));
      await expect(again).rejects.toMatchObject({ code: "23505" });
    }
    const [row] = await db.query("select count(*)::int as count, min(note) as note from copied");
    expect(row).toEqual({ count: 500, note: "tab \t here 潮位" });
  });

  test("streams many rows both ways with bounded memory", async () => {
    let asked = 0;
    async function* many(): AsyncGenerator<readonly unknown[]> {
      for (let id = 0; id < 200_000; id++) {
        asked++;
        yield [id, id, "x".repeat(50)];
      }
    }
    expect(await db.copyFrom("copy copied (id, minor, note) from stdin", many())).toBe(200_000);
    expect(asked).toBe(200_000);
    let bytes = 0;
    for await (const chunk of db.copyChunksTo("copy copied to stdout")) bytes += chunk.length;
    expect(bytes).toBeGreaterThan(200_000 * 50);
  });

  test("stops cleanly when the reader stops early, and the transaction goes on", async () => {
    await db.execute("insert into copied (id, minor) values (1, 1)");
    const result = await db.transaction(async (tx) => {
      for await (const row of tx.copyTo("copy (select generate_series(1, 100000)) to stdout"))
        if (row[0] === "3") break;
      return tx.query("select count(*) as n from copied");
    });
    expect(result).toEqual([{ n: 1 }]);
    for await (const row of db.copyTo("copy (select generate_series(1, 100000000)) to stdout"))
      if (row[0] === "3") break;
    expect(await db.query("select 1 as one")).toEqual([{ one: 1 }]);
  });

  test("refuses other statements on the transaction while it is being read", async () => {
    const mixed = db.transaction(async (tx) => {
      for await (const row of tx.copyTo("copy (select generate_series(1, 10)) to stdout"))
        await tx.query("select $1::text", [row[0]]);
    });
    await expect(mixed).rejects.toThrow(
      "Cannot run statement: a COPY is still being read on this connection",
    );
  });

  test("passes on the feed's own error and stores nothing", async () => {
    class Mistake extends Error {}
    async function* broken(): AsyncGenerator<readonly unknown[]> {
      yield [1, 1, null];
      throw new Mistake("line 2");
    }
    await expect(
      db.copyFrom("copy copied (id, minor, note) from stdin", broken()),
    ).rejects.toBeInstanceOf(Mistake);
    expect(await db.query("select count(*) as n from copied")).toEqual([{ n: 0 }]);
  });

  test("reports what the server refuses, in and out", async () => {
    const bad = db.copyFrom("copy copied (id, minor, note) from stdin", [["x", 1, null]]);
    await expect(bad).rejects.toMatchObject({ name: "Fault", code: "22P02" });
    await expect(Array.fromAsync(db.copyTo("copy missing to stdout"))).rejects.toMatchObject({
      code: "42P01",
    });
    await expect(db.copyFrom("copy missing from stdin", [[1]])).rejects.toMatchObject({
      code: "42P01",
    });
    const late = db.copyTo("copy (select 1 / (5 - n) from generate_series(1, 10) n) to stdout");
    await expect(Array.fromAsync(late)).rejects.toMatchObject({ code: "22012" });
    expect(await db.query("select 1 as one")).toEqual([{ one: 1 }]);
  });
});
