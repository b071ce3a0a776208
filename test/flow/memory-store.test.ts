// The memory store keeps the contract of every store.

import { describe } from "vitest";
import { memoryStore } from "../../src/adapters/memory/store.ts";
import { storeContract } from "../support/store-contract.ts";

describe("the memory store", () => {
  storeContract(async () => memoryStore());
});
