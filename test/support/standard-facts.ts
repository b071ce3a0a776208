// The declared facts that ship with Tidemark, read once for all tests.

import { readFactsFile } from "../../src/adapters/files/facts-file.ts";
import { repositoryRoot } from "./documents.ts";

export const standardFactsPath = `${repositoryRoot}/facts/standard.yaml`;

export const standardFacts = readFactsFile(standardFactsPath);
