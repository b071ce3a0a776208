// The thread that reads workbooks and Parquet: its heap is bounded from outside, so a file that wants more memory ends
// this thread and nothing else.

import { once } from "node:events";
import { parentPort, workerData } from "node:worker_threads";
import { FileFault } from "./file-fault.ts";
import { inBoundedPortions } from "./row-sizes.ts";
import type { TableOptions, ThreadOrder, ThreadWord, TypedTable } from "./typed-table.ts";

const port = parentPort!;

function say(word: ThreadWord): void {
  port.postMessage(word);
}

async function check(table: TypedTable): Promise<void> {
  let rows = 0;
  const read = table.read((fraction) => say({ word: "done", fraction }));
  for await (const portion of inBoundedPortions(path, read)) {
    rows += portion.length;
  }
  say({ word: "checked", header: table.header, sheet: table.sheet, rows });
}

async function handOn(table: TypedTable): Promise<void> {
  for await (const rows of inBoundedPortions(
    path,
    table.read(() => undefined),
  )) {
    const answered = once(port, "message");
    say({ word: "portion", rows });
    await answered;
  }
  say({ word: "end" });
}

const { path, kind, options, work } = workerData as ThreadOrder;

/** Only the one that is needed is loaded: starting takes longer than reading a small file. */
async function readerOf(): Promise<
  Readonly<{ open: (path: string, options: TableOptions) => Promise<TypedTable> }>
> {
  if (kind === "parquet") return { open: (await import("./parquet-rows.ts")).openParquet };
  return { open: (await import("./workbook-rows.ts")).openWorkbook };
}

try {
  const { open } = await readerOf();
  const table = await open(path, options);
  await (work === "check" ? check(table) : handOn(table));
} catch (error) {
  if (error instanceof FileFault) say({ word: "refused", complaint: error.complaint });
  else say({ word: "failed", message: error instanceof Error ? error.message : String(error) });
}
// A port that is listened to would keep the thread alive.
port.close();
