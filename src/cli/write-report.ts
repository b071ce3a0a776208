// A report goes into a file that somebody named; what keeps it from being written is said with the file's path.

import { writeFileSync } from "node:fs";
import { faultIn } from "../adapters/fault.ts";

/** Writes a report. Throws a Fault that names the file. */
export function writeTo(path: string, bytes: Uint8Array): void {
  try {
    writeFileSync(path, bytes);
  } catch (cause) {
    const state = cause instanceof Error ? cause.message : String(cause);
    const text = {
      en: `Cannot write report to ${path}: ${state}`,
      zh: `无法将报告写入 ${path}：${state}`,
    };
    throw faultIn(text, { cause, retryable: false });
  }
}
