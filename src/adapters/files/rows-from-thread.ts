// Workbooks and Parquet files read in a thread of their own, portion by portion as they are asked for. A file that takes
// more memory than the thread has is refused like any other bad file.

import { Worker } from "node:worker_threads";
import type { FileRow, LinesFile } from "../../portfolio/ports.ts";
import { Fault } from "../fault.ts";
import { FileFault } from "./file-fault.ts";
import { regularFile } from "./file-kind.ts";
import { threadHeapMebibytes } from "./file-limits.ts";
import type { FileForm, LinesFormat } from "./lines-format.ts";
import { refuseChange } from "./text-source.ts";
import type { TableOptions, ThreadOrder, ThreadWord } from "./typed-table.ts";
import type { OnBytes } from "./unpacked-bytes.ts";

type Asked = Readonly<{
  format: LinesFormat;
  columns?: readonly string[];
  sheet?: string | undefined;
}>;

/** Opens a workbook or Parquet file and reads it through once. Throws a FileFault when it cannot be used. */
export async function openInThread(
  path: string,
  kind: ThreadOrder["kind"],
  asked: Asked,
  onBytes: OnBytes,
): Promise<LinesFile & Readonly<{ form: FileForm }>> {
  const before = regularFile(path);
  const { decimal, grouping, dates } = asked.format;
  const options: TableOptions = {
    notation: { decimal, grouping, dates },
    columns: asked.columns ?? null,
    sheet: asked.sheet ?? null,
  };
  const order = { path, kind, options };
  for await (const word of wordsOf({ ...order, work: "check" })) {
    if (word.word === "done") onBytes(Math.round(word.fraction * before.size));
    if (word.word !== "checked") continue;
    const { header, sheet, rows } = word;
    return {
      ...{ name: path, header, rows },
      read: () => {
        refuseChange(path, before);
        return portions({ ...order, work: "read" });
      },
      form: { kind, packed: "none", encoding: null, sheet },
    };
  }
  throw new Fault(`Cannot read ${path}: its thread ended without a word`, { retryable: false });
}

async function* portions(order: ThreadOrder): AsyncGenerator<readonly FileRow[]> {
  for await (const word of wordsOf(order)) if (word.word === "portion") yield word.rows;
}

/** What a thread says until its end; asks for the next portion when the last one was taken. Stops with its reader. */
async function* wordsOf(order: ThreadOrder): AsyncGenerator<ThreadWord> {
  const thread = startThread(order);
  const heard: (ThreadWord | Error | null)[] = [];
  let wake = (): void => undefined;
  const hear = (one: ThreadWord | Error | null): void => {
    heard.push(one);
    wake();
  };
  thread
    .on("message", hear)
    .on("error", hear)
    .on("exit", () => hear(null));
  try {
    for (;;) {
      while (heard.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      const word = heard.shift();
      if (word === null || word === undefined) return;
      if (word instanceof Error) throw threadFault(order.path, word);
      if (word.word === "refused") throw new FileFault(word.complaint);
      if (word.word === "failed") throw threadFault(order.path, new Error(word.message));
      yield word;
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
      if (word.word === "portion") thread.postMessage("next");
    }
  } finally {
    await thread.terminate();
  }
}

// From source it is a .ts file, from dist a .js file, like this one.
const program = `./rows-thread.${import.meta.url.endsWith(".ts") ? "ts" : "js"}`;

function startThread(workerData: ThreadOrder): Worker {
  return new Worker(new URL(program, import.meta.url), {
    workerData,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: threadHeapMebibytes },
  });
}

function threadFault(path: string, error: Error): Fault {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== "ERR_WORKER_OUT_OF_MEMORY") {
    return new Fault(`Cannot read ${path}: ${error.message}`, { cause: error, retryable: false });
  }
  return new FileFault({
    ...{ file: path, line: 0, cause: error },
    found: {
      en: `contents that take more than ${threadHeapMebibytes} MiB of memory`,
      zh: `占用内存超过 ${threadHeapMebibytes} MiB 的内容`,
    },
    expected: {
      en: "a smaller file, or the same table as CSV",
      zh: "较小的文件，或同一表格的 CSV",
    },
  });
}
