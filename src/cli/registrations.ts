// Every command of `tidemark`, in the order in which help lists them.

import { registerAccounts } from "./accounts.ts";
import { registerAlerts } from "./alerts.ts";
import { registerReminders } from "./reminders.ts";
import { registerBackup } from "./backup.ts";
import { registerBlackouts } from "./blackouts.ts";
import { registerClock } from "./clock.ts";
import { registerBureau } from "./bureau.ts";
import { registerConnectors } from "./connectors.ts";
import { registerCore } from "./core.ts";
import { registerCustomers } from "./customers.ts";
import { registerDatabase } from "./database.ts";
import { registerDeadLetters } from "./dead-letters.ts";
import { registerDemo } from "./demo.ts";
import { registerDemoLive } from "./demo-live.ts";
import { registerDecisions } from "./decisions.ts";
import { registerDmn } from "./dmn.ts";
import { registerEmergencies } from "./emergencies.ts";
import { registerExperiments } from "./experiments.ts";
import { registerFacts } from "./facts.ts";
import { registerExport } from "./export.ts";
import { registerHalts } from "./halts.ts";
import { registerImport } from "./import.ts";
import { registerImportMacro } from "./import-macro.ts";
import { registerKeys } from "./keys.ts";
import { registerLines } from "./lines.ts";
import { registerNoticeTexts } from "./notice-texts.ts";
import { registerNotices } from "./notices.ts";
import { registerOffers } from "./offers.ts";
import { registerPacks } from "./packs.ts";
import { registerPipelineVerbs } from "./pipeline-verbs.ts";
import type { Registration } from "./program.ts";
import { registerReconcile } from "./reconcile.ts";
import { registerReplays } from "./replays.ts";
import { registerReports } from "./reports.ts";
import { reviewBulks } from "./review-bulk.ts";
import { registerReviews } from "./reviews.ts";
import { registerSignals } from "./signals.ts";
import { registerStart } from "./start.ts";
import { registerStrategies } from "./strategies.ts";
import { registerSweepCompare } from "./sweep-compare.ts";
import { registerSweeps } from "./sweeps.ts";
import { registerWaveHolds } from "./wave-holds.ts";
import { registerWaves } from "./waves.ts";
import { registerWork } from "./work.ts";

export const registrations: readonly Registration[] = [
  registerStart,
  registerDemo,
  registerDemoLive,
  registerImport,
  registerImportMacro,
  registerStrategies,
  registerSweeps,
  registerWaves,
  registerWaveHolds,
  registerEmergencies,
  registerSweepCompare,
  registerExperiments,
  registerReviews,
  registerDecisions,
  registerLines,
  registerCustomers,
  registerNotices,
  registerNoticeTexts,
  registerOffers,
  registerAlerts,
  registerReminders,
  registerSignals,
  registerDeadLetters,
  registerConnectors,
  registerFacts,
  registerPacks,
  registerDmn,
  registerReplays,
  registerReports,
  registerReconcile,
  registerClock,
  registerHalts,
  registerBlackouts,
  registerWork,
  registerCore,
  registerBureau,
  registerAccounts,
  registerKeys,
  registerDatabase,
  registerExport,
  registerBackup,
  (program) => registerPipelineVerbs(program, reviewBulks),
];
