// Which words notices are written with: the texts approved last, else those that ship. A version never changes, so its
// words are made once; which version is in force is asked again and again.

import type { NoticeTexts, Wording, Wordings } from "../../flow/notice-ports.ts";
import { Fault } from "../fault.ts";
import { catalogueOf, readCatalogue, readTexts } from "./catalogue.ts";
import type { Contact } from "./contact.ts";
import { shortProblems } from "./short-form.ts";
import { createWording } from "./wording.ts";

/** A sweep asks at every transaction, and an answer this old could have been any earlier moment's. */
const answerLivesMs = 20;

/**
 * Wordings over stored texts.
 * @param folder of the texts that ship; throws a Fault where they are not sound
 */
export function createWordings(
  texts: Pick<NoticeTexts, "find" | "inForce">,
  contact: Contact,
  folder: string,
): Wordings {
  const model = readCatalogue(folder);
  const made = new Map<number, Wording>([[0, createWording(model, contact)]]);
  const of: Wordings["of"] = (document, version) => {
    const catalogue = catalogueOf(document, model);
    if ("problems" in catalogue) return catalogue;
    const problems = shortProblems(catalogue.catalogue, contact);
    if (problems.length > 0) return { problems };
    return { wording: createWording(catalogue.catalogue, contact, version) };
  };
  let asked: Readonly<{ at: number; version: Promise<number> }> | null = null;
  const versionInForce = (): Promise<number> => {
    const at = performance.now();
    if (asked === null || at - asked.at > answerLivesMs) {
      asked = { at, version: texts.inForce() };
      asked.version.catch(() => (asked = null));
    }
    return asked.version;
  };
  return {
    of,
    shipped: readTexts(folder),
    inForce: async () => {
      const version = await versionInForce();
      const known = made.get(version);
      if (known !== undefined) return known;
      const stored = await texts.find(version);
      const fresh = stored === null ? null : of(JSON.parse(stored.texts), version);
      if (fresh === null || "problems" in fresh) throw unusable(version);
      made.set(version, fresh.wording);
      return fresh.wording;
    },
  };
}

function unusable(version: number): Fault {
  const message = `Cannot write notices: texts version ${version} is in force and no longer sound`;
  return new Fault(message, { retryable: false });
}
