// The lender's names and addresses as its people write them: a YAML file, checked whole when Tidemark starts, so that no
// notice goes out under a name with a gap in it.

import { z } from "zod";
import { readYamlDocument } from "../files/yaml-document.ts";
import { Fault } from "../fault.ts";
import type { Contact } from "./contact.ts";

const said = z.string().trim().min(1);
const text = z.strictObject({ zh: said, en: said });
const party = z.strictObject({ name: text, address: text });

const contact = z.strictObject({
  lender: text,
  address: text,
  phone: said,
  hours: text,
  where: text,
  complaint: text,
  agencies: z.record(z.string(), party).default({}),
  bureaus: z.record(z.string(), party.extend({ phone: said })).default({}),
});

/** Reads a contact file. Throws a Fault that names every problem with its line. */
export function readContact(path: string): Contact {
  const file = readContactFile(path);
  const parsed = contact.safeParse(file.value);
  const problems = [
    ...file.problems,
    ...(parsed.error?.issues ?? []).map((issue) => {
      const pointer = issue.path.map((part) => `/${String(part)}`).join("");
      return `${path}:${file.lineOf(pointer)} ${pointer}: ${issue.message}`;
    }),
  ];
  if (parsed.success && problems.length === 0) return parsed.data;
  throw new Fault(`Cannot read contact file:\n${problems.join("\n")}`, { retryable: false });
}

function readContactFile(path: string): ReturnType<typeof readYamlDocument> {
  try {
    return readYamlDocument(path);
  } catch (cause) {
    const state = (cause as NodeJS.ErrnoException).code ?? "unreadable";
    throw new Fault(`Cannot read contact file ${path}: ${state}`, { retryable: false, cause });
  }
}
