// The master key file: made once with the right modes, refused when others may read it, kept when two
// processes start at the same time, rotated without losing what older keys wrapped.

import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  keyRingText,
  loadKeyRing,
  newKeyRing,
  parseKeyRing,
  readKeyFile,
  withFreshKey,
  writeKeyFile,
} from "./key-ring.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tidemark-keys-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const base64 = (fill: number): string => Buffer.alloc(32, fill).toString("base64");

describe("the key file in the data folder", () => {
  test("is made on the first start and read on the second", () => {
    const first = loadKeyRing({ dataFolder: folder, create: true });
    const second = loadKeyRing({ dataFolder: folder, create: false });
    expect(second).toEqual(first);
    expect(first.keys.get(first.current)).toHaveLength(32);
    const path = join(folder, "keys", "master.json");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, "keys")).mode & 0o777).toBe(0o700);
  });

  test("is not invented where encrypted data exists", () => {
    expect(() => loadKeyRing({ dataFolder: folder, create: false })).toThrow(
      /Cannot find master key .*put the key file back or set TIDEMARK_MASTER_KEY/,
    );
  });

  test("is refused when others may read it", () => {
    loadKeyRing({ dataFolder: folder, create: true });
    chmodSync(join(folder, "keys", "master.json"), 0o644);
    expect(() => loadKeyRing({ dataFolder: folder, create: false })).toThrow(
      /mode 0644 lets others read it, expected 0600/,
    );
  });

  test("keeps the first when two processes make one", () => {
    const path = join(folder, "keys", "master.json");
    const first = newKeyRing();
    writeKeyFile(path, first);
    writeKeyFile(path, newKeyRing());
    expect(readKeyFile(path)).toEqual(first);
  });

  test("does not quote its contents when it is broken", () => {
    const path = join(folder, "ring.json");
    writeFileSync(path, '{"keys": {"k1": "c2VjcmV0"', { mode: 0o600 });
    expect(() => readKeyFile(path)).toThrow(/found broken JSON/);
    expect(() => readKeyFile(path)).not.toThrow(/c2VjcmV0/);
    expect(() => readKeyFile(join(folder, "none.json"))).toThrow(/Cannot read master key/);
  });
});

describe("a ring given by the environment", () => {
  test("may be 32 bytes of base64, which always give the same ring", () => {
    const ring = loadKeyRing({ masterKey: `${base64(7)}\n`, dataFolder: folder, create: false });
    expect(ring.keys.get(ring.current)).toEqual(new Uint8Array(32).fill(7));
    expect(parseKeyRing(base64(7), "test")).toEqual(ring);
    expect(parseKeyRing(base64(8), "test").current).not.toBe(ring.current);
  });

  test("may be a file elsewhere", () => {
    const path = join(folder, "elsewhere.key");
    writeFileSync(path, base64(9), { mode: 0o600 });
    const ring = loadKeyRing({ keyFile: path, dataFolder: folder, create: false });
    expect(ring).toEqual(parseKeyRing(base64(9), "test"));
  });

  test.each([
    ["c2hvcnQ=", /key is not 32 bytes in base64/],
    ["{}", /found another format/],
    ['{"format":"tidemark: keys/1"}', /found no keys/],
    [`{"format":"tidemark: keys/1","keys":{"K 1":"${base64(1)}"}}`, /key id K 1/],
    [`{"format":"tidemark: keys/1","current":"k2","keys":{"k1":"${base64(1)}"}}`, /current key/],
    [`{"format":"tidemark: keys/1","current":"k1","keys":{"k1":"${base64(1)}"}}`, /index key/],
  ])("is refused when it is %s", (text, message) => {
    expect(() => parseKeyRing(text, "TIDEMARK_MASTER_KEY")).toThrow(message);
  });
});

test("a fresh key becomes current and the older ones stay", () => {
  const ring = newKeyRing();
  const rotated = withFreshKey(withFreshKey(ring));
  expect(rotated.current).toBe("k3");
  expect([...rotated.keys.keys()]).toEqual(["k1", "k2", "k3"]);
  expect(rotated.index).toEqual(ring.index);
  const path = join(folder, "rotated.json");
  writeFileSync(path, keyRingText(rotated), { mode: 0o600 });
  expect(readKeyFile(path)).toEqual(rotated);
  expect(readFileSync(path, "utf8")).toContain('"current": "k3"');
});
