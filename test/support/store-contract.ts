// The contract of `Store` and `PortfolioStore`, run by every adapter with the same rows: whatever the flow may rely
// on is a test here, and nothing else is.

import { keptSignalsContract } from "./store-contract/kept-signals.ts";
import { loadingContract } from "./store-contract/loading.ts";
import { connectorsContract } from "./store-contract/connectors.ts";
import { controlsContract } from "./store-contract/controls.ts";
import { experimentsContract } from "./store-contract/experiments.ts";
import { holdsContract } from "./store-contract/holds.ts";
import { noticeTextsContract } from "./store-contract/notice-texts.ts";
import { panesContract } from "./store-contract/panes.ts";
import { readsContract } from "./store-contract/reads.ts";
import { referencesContract } from "./store-contract/references.ts";
import { reviewDeskContract } from "./store-contract/review-desk.ts";
import type { OpenStore } from "./store-contract/rows.ts";
import { sweepsContract } from "./store-contract/sweeps.ts";
import { transactionContract } from "./store-contract/transaction.ts";
import { waitingContract } from "./store-contract/waiting.ts";
import { wavesContract } from "./store-contract/waves.ts";

/** Declares all tests of the contract; `open` gives each test a store without rows. */
export function storeContract(open: OpenStore): void {
  loadingContract(open);
  transactionContract(open);
  waitingContract(open);
  controlsContract(open);
  noticeTextsContract(open);
  referencesContract(open);
  readsContract(open);
  reviewDeskContract(open);
  panesContract(open);
  sweepsContract(open);
  wavesContract(open);
  keptSignalsContract(open);
  connectorsContract(open);
  experimentsContract(open);
  holdsContract(open);
}
