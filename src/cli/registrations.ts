// Every command of `tidemark`, in the order in which help lists them.

import { registerAccounts } from "./accounts.ts";
import { registerBackup } from "./backup.ts";
import { registerClock } from "./clock.ts";
import { registerCore } from "./core.ts";
import { registerDatabase } from "./database.ts";
import { registerDecisions } from "./decisions.ts";
import { registerHalts } from "./halts.ts";
import { registerImport } from "./import.ts";
import { registerKeys } from "./keys.ts";
import { registerLines } from "./lines.ts";
import { registerNotices } from "./notices.ts";
import { registerPipelineVerbs } from "./pipeline-verbs.ts";
import type { Registration } from "./program.ts";
import { registerReconcile } from "./reconcile.ts";
import { registerReplays } from "./replays.ts";
import { approveAll, registerReviews } from "./reviews.ts";
import { registerStart } from "./start.ts";
import { registerStrategies } from "./strategies.ts";
import { registerSweeps } from "./sweeps.ts";
import { registerWork } from "./work.ts";

export const registrations: readonly Registration[] = [
  registerStart,
  registerImport,
  registerStrategies,
  registerSweeps,
  registerReviews,
  registerDecisions,
  registerLines,
  registerNotices,
  registerReplays,
  registerReconcile,
  registerClock,
  registerHalts,
  registerWork,
  registerCore,
  registerAccounts,
  registerKeys,
  registerDatabase,
  registerBackup,
  (program) => registerPipelineVerbs(program, [approveAll]),
];
