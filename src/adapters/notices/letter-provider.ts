// Letters are printed elsewhere: each is one PDF in a folder, which a printer's transfer picks up. The name is the
// message's id, so that a retry writes the same file and no person stands in a file name.

import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { faultIn } from "../fault.ts";
import { sha256, type Provider } from "./channels.ts";
import type { Contact } from "./contact.ts";
import { letterPdf } from "./letter.ts";

/** @param folder made with the first letter */
export function letterFolder(folder: string, { lender }: Pick<Contact, "lender">): Provider {
  return async ({ notice, delivery, language, to, name }) => {
    const recipient = [...(name === null ? [] : [name]), ...to.split("\n")];
    const bytes = await letterPdf({ notice, language, lender: lender[language], recipient });
    const file = `${delivery.id}.pdf`;
    const path = join(folder, file);
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await writeFile(`${path}.part`, bytes, { mode: 0o600 });
      await rename(`${path}.part`, path);
    } catch (cause) {
      const state = (cause as NodeJS.ErrnoException).code ?? "unknown";
      const text = {
        en: `Cannot write letter to ${folder}: ${state}`,
        zh: `无法将信函写入 ${folder}：${state}`,
      };
      throw faultIn(text, { cause, retryable: true });
    }
    return { result: "sent", reference: file, contentHash: sha256(bytes) };
  };
}
