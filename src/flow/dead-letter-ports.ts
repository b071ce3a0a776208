// What the application asks of the world about signals that were refused.

import type { DeadLetter } from "../domain/dead-letter.ts";
import type { Id } from "../domain/id.ts";
import type { Page, PageRequest } from "./page.ts";

/** Signals that were refused. Contents are kept so that nobody reads them who only reads the tables. */
export type DeadLetters = Readonly<{
  /** keeps the letters that are not there yet, by id; those that are stay as they are */
  keep: (letters: readonly DeadLetter[]) => Promise<void>;
  find: (id: Id) => Promise<DeadLetter | null>;
  /** by the instant of their arrival */
  list: (
    page: PageRequest,
    filter: Readonly<{ state?: string; source?: string; type?: string }>,
  ) => Promise<Page<DeadLetter>>;
  /** puts the letter in the place of version `ver`; false where another version stands there now */
  replace: (letter: DeadLetter, ver: number) => Promise<boolean>;
}>;
