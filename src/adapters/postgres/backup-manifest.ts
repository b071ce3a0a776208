// What a backup says about itself: who wrote it, at which migrations, under which master keys, and the size and
// checksum of every file. It is the one file a restore trusts, so its own text is sealed and read byte by byte.

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Text } from "../../domain/text.ts";
import { FileFault } from "../files/file-fault.ts";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.int().nonnegative();
const identifier = z.string().regex(/^[a-z_][a-z0-9_]*$/);

const table = z.strictObject({
  name: identifier,
  columns: z.array(identifier).min(1),
  rows: count,
  /** of the COPY text before compression */
  bytes: count,
  fileBytes: count,
  sha256,
});

const manifestShape = z.strictObject({
  format: z.literal("tidemark: backup/1"),
  createdAt: z.iso.datetime(),
  program: z.string().min(1),
  server: z.string().min(1),
  migrations: z.array(
    z.strictObject({ version: z.int().positive(), name: z.string(), checksum: sha256 }),
  ),
  masterKeys: z.strictObject({ keys: z.record(z.string(), z.string()), index: z.string() }),
  tables: z.array(table),
});

/**
 * A backup. Tables stand in the order in which they can be stored; `sha256` is of the compressed file, `rows` and `bytes`
 * of the text inside. `masterKeys` tells keys apart without telling them (see key-marks.ts).
 */
export type BackupManifest = Readonly<z.infer<typeof manifestShape>>;

/** One table of a backup. */
export type BackupTable = BackupManifest["tables"][number];

/** One migration that the database of the backup had applied. */
export type BackupMigration = BackupManifest["migrations"][number];

/** The file name of the manifest inside a backup. */
export const manifestFile = "manifest.json";

/** The file name of a table inside a backup: gzip of PostgreSQL's text COPY format. */
export function tableFile(name: string): string {
  return `${name}.copy.gz`;
}

/** The text of the manifest with its seal, the SHA-256 of everything else in it. */
export function manifestText(manifest: BackupManifest): string {
  // Through the shape, so that the order of keys is always the same.
  const ordered = manifestShape.parse(manifest);
  const seal = createHash("sha256").update(textOf(ordered)).digest("hex");
  return textOf({ ...ordered, seal });
}

/** Reads the manifest of a folder. Throws a FileFault when it is missing, of another form, or not exactly as written. */
export async function readManifest(folder: string): Promise<BackupManifest> {
  const path = join(folder, manifestFile);
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw fileFault(path, { en: "no readable file", zh: "无法读取的文件" }, aManifest, cause);
  }
  return parseManifest(text, path);
}

/** The manifest in a text; `path` names it in faults. Any change of any byte is refused. */
export function parseManifest(text: string, path: string): BackupManifest {
  const { seal, ...rest } = jsonObject(text, path);
  const read = manifestShape.safeParse(rest);
  if (!read.success) {
    const [issue] = read.error.issues;
    const where = issue?.path.join(".") || "format";
    throw fileFault(
      path,
      { en: `${where}: ${issue?.message ?? "another form"}`, zh: `字段 ${where} 无效` },
      aManifest,
    );
  }
  if (text !== manifestText(read.data) || typeof seal !== "string") {
    throw fileFault(
      path,
      { en: "contents changed after they were written", zh: "内容在写入后被更改" },
      aManifest,
    );
  }
  return read.data;
}

const aManifest: Text = {
  en: "the unchanged manifest of a Tidemark backup (tidemark export backup)",
  zh: "未经更改的潮位备份清单（由 tidemark export backup 生成）",
};

function jsonObject(text: string, path: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch (cause) {
    throw fileFault(path, { en: "broken JSON", zh: "损坏的 JSON" }, aManifest, cause);
  }
  throw fileFault(path, { en: "no JSON object", zh: "非 JSON 对象" }, aManifest);
}

/** A complaint about a whole file of a backup. */
export function fileFault(file: string, found: Text, expected: Text, cause?: unknown): FileFault {
  return new FileFault({
    file,
    line: 0,
    found,
    expected,
    ...(cause === undefined ? {} : { cause }),
  });
}

function textOf(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
