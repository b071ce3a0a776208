// `tidemark export backup` and `tidemark import backup`: a whole installation into a folder and back. It is the backup, the
// move to a server and the way over a new major version of PostgreSQL; the master key always travels apart from it.

import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Config } from "../adapters/settings.ts";
import { loadKeyRing, type KeyRing } from "../adapters/identity/key-ring.ts";
import { keyMarks, missingKeys } from "../adapters/identity/key-marks.ts";
import { readManifest, type BackupManifest } from "../adapters/postgres/backup-manifest.ts";
import { exportBackup } from "../adapters/postgres/export-backup.ts";
import { folderRefusal, StoppedByPerson } from "../adapters/postgres/export-folder.ts";
import {
  checkBackupFiles,
  rehearseRestore,
  restoreTables,
  type Restored,
} from "../adapters/postgres/restore-tables.ts";
import { exitCodes } from "../adapters/refusal-table.ts";
import type { Role } from "../domain/actor.ts";
import { isRefusal, refuse, type Refusal } from "../domain/refusal.ts";
import { wholeLenderRefusal } from "../flow/whole-lender.ts";
import { interrupted, note, print, printJson, printRefusal, type Frame } from "./frame.ts";
import { startProgress } from "./progress.ts";
import { version } from "../adapters/version.ts";
import type { Program } from "./program.ts";
import { withSession, type Session } from "./session.ts";

export function registerBackup(program: Program): void {
  const outward = program.noun("export", { en: "Take data out", zh: "导出数据" });
  const out = program.add(
    outward,
    "backup",
    { en: "Write a backup of the whole installation", zh: "导出整个系统的备份" },
    ["export backup ./backup-2026-03-02", "export backup /mnt/backups/tuesday --json"],
  );
  out.argument("<folder>", program.text({ en: "a new or an empty folder", zh: "新目录或空目录" }));
  program.changesData(out);
  program.action(out, (frame, [folder]) =>
    asBackupKeeper(frame, (session) => exportInto(frame, session, placed(frame, folder))),
  );
  const parent = program.noun("import", { en: "Bring data in", zh: "导入数据" });
  const back = program.add(
    parent,
    "backup",
    { en: "Restore a backup into a new installation", zh: "将备份恢复到全新的系统" },
    [
      "import backup ./backup-2026-03-02 --dry-run",
      "--data ./restored import backup ./backup-2026-03-02",
    ],
  );
  back.argument(
    "<folder>",
    program.text({
      en: "folder made by tidemark export backup",
      zh: "由 tidemark export backup 生成的目录",
    }),
  );
  program.changesData(back);
  program.action(back, (frame, [folder]) => importFrom(frame, placed(frame, folder)));
}

function placed(frame: Frame, folder: unknown): string {
  return resolve(frame.terminal.workingFolder, String(folder));
}

function asBackupKeeper(
  frame: Frame,
  work: (session: Session) => Promise<number>,
): Promise<number> {
  return withSession(frame, async (session) => {
    // A backup holds everything, so it takes somebody who may reach everything.
    const refusal = wholeLenderRefusal(session.actor, backupRoles, {
      en: "Backup",
      zh: "备份",
    });
    if (refusal !== null) return printRefusal(frame, refusal);
    try {
      return await work(session);
    } catch (error) {
      if (!(error instanceof StoppedByPerson)) throw error;
      note(frame, {
        en: "Stopped: nothing was changed or kept",
        zh: "已停止：未作任何更改，未保留任何文件",
      });
      return interrupted;
    }
  });
}

/** Roles that take the whole installation out. */
export const backupRoles: readonly Role[] = ["administrator"];

async function exportInto(
  frame: Frame,
  { tidemark, stopped }: Session,
  folder: string,
): Promise<number> {
  const { config, database } = tidemark;
  if (frame.dryRun) return rehearseExport(frame, folder);
  const started = performance.now();
  const bar = startProgress(frame, { en: "Exporting", zh: "导出中" }, { en: "rows", zh: "行" });
  const done = await exportBackup(database, folder, {
    program: version,
    createdAt: new Date().toISOString(),
    masterKeys: keyMarks(keyRingOf(config)),
    onProgress: bar.update,
    stopped,
  }).finally(bar.stop);
  if (isRefusal(done)) return printRefusal(frame, done);
  const seconds = (performance.now() - started) / 1000;
  const { rows, fileBytes } = totalsOf(done);
  const masterKey = masterKeyPlace(config);
  printJson(frame, { folder, ...summaryOf(done), seconds: rounded(seconds), masterKey });
  print(frame, {
    en: `Backup ${folder}: ${done.tables.length} tables, ${rows} rows, ${megabytes(fileBytes)} MB, ${rounded(seconds)} s`,
    zh: `备份 ${folder}：${done.tables.length} 张表，${rows} 行，${megabytes(fileBytes)} MB，用时 ${rounded(seconds)} 秒`,
  });
  note(frame, {
    en: `The master key is not in it: keep a copy of ${masterKey} in another place, without it nobody can read the customers' personal data`,
    zh: `备份不含主密钥：请将 ${masterKey} 另存他处，缺少主密钥将无法读取客户个人信息`,
  });
  if (config.coreUrl === null) {
    const simulator = join(config.dataFolder, "core-simulator");
    note(frame, {
      en: `The simulated core system is not in it either: its accounts stay in ${simulator}`,
      zh: `备份也不含模拟核心系统：其账户数据位于 ${simulator}`,
    });
  }
  return exitCodes.success;
}

function rehearseExport(frame: Frame, folder: string): number {
  const refusal = folderRefusal(folder);
  if (refusal !== null) return printRefusal(frame, refusal);
  printJson(frame, { folder, dryRun: true });
  print(frame, {
    en: `Dry run: a backup could be written into ${folder}`,
    zh: `试运行：可导出到 ${folder}`,
  });
  return exitCodes.success;
}

/** Files and keys are looked at before the target is opened: a bad backup makes no installation. */
async function importFrom(frame: Frame, folder: string): Promise<number> {
  const manifest = await readManifest(folder);
  const refusal = keyRefusal(frame.config, manifest);
  if (refusal !== null) return printRefusal(frame, refusal);
  await checkFiles(frame, folder, manifest);
  return asBackupKeeper(frame, (session) => restoreInto(frame, session, folder, manifest));
}

async function checkFiles(frame: Frame, folder: string, manifest: BackupManifest): Promise<void> {
  const bar = startProgress(frame, { en: "Checking", zh: "校验中" }, { en: "MB", zh: "MB" });
  const onProgress = (done: number, total: number, table: string): void =>
    bar.update(megabytes(done), megabytes(total), table);
  await checkBackupFiles(folder, manifest, {
    onProgress,
    stopped: () => false,
    unpack: frame.dryRun,
  }).finally(bar.stop);
}

async function restoreInto(
  frame: Frame,
  { tidemark, stopped }: Session,
  folder: string,
  manifest: BackupManifest,
): Promise<number> {
  const { database } = tidemark;
  const started = performance.now();
  const bar = startProgress(frame, { en: "Restoring", zh: "恢复中" }, { en: "rows", zh: "行" });
  const done = await (
    frame.dryRun
      ? rehearseRestore(database, folder, manifest)
      : restoreTables(database, folder, manifest, { onProgress: bar.update, stopped })
  ).finally(bar.stop);
  if (isRefusal(done)) return printRefusal(frame, done);
  reportRestore(frame, folder, manifest, done, (performance.now() - started) / 1000);
  return exitCodes.success;
}

function reportRestore(
  frame: Frame,
  folder: string,
  manifest: BackupManifest,
  { rows, replaced }: Restored,
  seconds: number,
): void {
  const { tables, createdAt } = manifest;
  const { dryRun } = frame;
  printJson(frame, { folder, dryRun, ...summaryOf(manifest), replaced, seconds: rounded(seconds) });
  const lost = Object.entries(replaced).map(([name, count]) => `${name} ${count}`);
  if (lost.length > 0) {
    note(frame, {
      en: `Rows of the target ${dryRun ? "that would be" : "that were"} replaced: ${lost.join(", ")}`,
      zh: `目标数据库中${dryRun ? "将被" : "已被"}替换的行：${lost.join("、")}`,
    });
  }
  const counts = {
    en: `${tables.length} tables, ${rows} rows, as of ${createdAt}`,
    zh: `${tables.length} 张表，${rows} 行，备份时间 ${createdAt}`,
  };
  if (dryRun) {
    print(frame, {
      en: `Dry run: ${folder} is whole and fits: ${counts.en}`,
      zh: `试运行：${folder} 完整且可恢复：${counts.zh}`,
    });
    return;
  }
  print(frame, {
    en: `Restored ${folder}: ${counts.en}, ${rounded(seconds)} s`,
    zh: `已恢复 ${folder}：${counts.zh}，用时 ${rounded(seconds)} 秒`,
  });
  note(frame, {
    en: "Keep the installation it came from stopped: both would send the same waiting notices and messages",
    zh: "请勿再启动原系统：否则两套系统会重复发送待发的通知与消息",
  });
}

/** Personal data is of use only under the key it was encrypted with, so that key has to be in place first. */
function keyRefusal(config: Config, { tables, masterKeys }: BackupManifest): Refusal | null {
  const encrypted = tables.some(({ name, rows }) => name === "customer_key" && rows > 0);
  if (!encrypted) return null;
  const place = masterKeyPlace(config);
  if (config.masterKey === undefined && !existsSync(place)) {
    return refuse("wrong-state", {
      en: `Master key: nothing at ${place}, the backup's personal data is encrypted: put the key file of the installation it came from there first`,
      zh: `主密钥：${place} 不存在，备份中的个人信息已加密：请先将原系统的主密钥文件放到该处`,
    });
  }
  const missing = missingKeys(masterKeys, keyRingOf(config));
  if (missing.length === 0) return null;
  return refuse("wrong-state", {
    en: `Master key: ${place} is not that of the backup (${missing.join(", ")} missing or different), expected the key of the installation it came from`,
    zh: `主密钥：${place} 与备份不符（${missing.join("、")} 缺失或不同），须使用原系统的主密钥`,
  });
}

/** Where the key in force comes from, in the order of loadKeyRing. */
function masterKeyPlace({ masterKey, masterKeyFile, dataFolder }: Config): string {
  if (masterKey !== undefined) return "TIDEMARK_MASTER_KEY";
  return masterKeyFile ?? join(dataFolder, "keys", "master.json");
}

function keyRingOf({ masterKey, masterKeyFile: keyFile, dataFolder }: Config): KeyRing {
  return loadKeyRing({ masterKey, keyFile, dataFolder, create: false });
}

function summaryOf(manifest: BackupManifest): Readonly<Record<string, unknown>> {
  const { createdAt, program, migrations, tables } = manifest;
  return {
    ...{ createdAt, program, migration: migrations.at(-1)?.name ?? null, ...totalsOf(manifest) },
    tables: tables.map(({ name, rows, fileBytes }) => ({ name, rows, fileBytes })),
  };
}

function totalsOf({ tables }: BackupManifest): Readonly<{ rows: number; fileBytes: number }> {
  return {
    rows: tables.reduce((sum, { rows }) => sum + rows, 0),
    fileBytes: tables.reduce((sum, { fileBytes }) => sum + fileBytes, 0),
  };
}

function megabytes(bytes: number): number {
  return rounded(bytes / 1_000_000);
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
