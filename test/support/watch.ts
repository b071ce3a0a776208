// The watch rules that ship with Tidemark, for tests of reminders and of alerts about behaviour.

import { readWatchFile } from "../../src/adapters/files/watch-file.ts";
import { repositoryRoot } from "./documents.ts";
import { standardFacts } from "./standard-facts.ts";

export const standardWatch = readWatchFile(`${repositoryRoot}/watch/standard.yaml`, standardFacts);
