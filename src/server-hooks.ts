// What the API is given of the application for strategies, experiments, the review desk and halts: the same for the server and for whoever
// builds the API without one.

import type { ServerDependencies } from "./adapters/http/dependencies.ts";
import { joinedRead } from "./adapters/joined-read.ts";
import { transparencyRenderer } from "./adapters/reports/view-transparency.ts";
import { blackoutRoles, liftBlackout, setBlackout } from "./flow/blackout-windows.ts";
import { behaviourOf, factsToTell, factTrail } from "./flow/known-facts.ts";
import { previewReminder } from "./flow/reminder-standing.ts";
import type { World } from "./flow/ports.ts";
import { readOnlyRefusal } from "./flow/read-only.ts";
import type { PortfolioStore } from "./portfolio/ports.ts";
import { bulkReview } from "./flow/review-bulk.ts";
import { attachFile, openFile, reviewNotes, statisticsOf } from "./flow/review-record.ts";
import { haltAreas, haltRoles, liftHalt, setHalt } from "./flow/stop-switch.ts";
import { checkVersion, checkVersionCells } from "./flow/strategy-check.ts";
import { diffVersions } from "./flow/strategy-diff.ts";
import { editDraft } from "./flow/strategy-draft.ts";
import {
  addStrategy,
  approveStrategy,
  restoreStrategy,
  retireStrategy,
  strategyApproverRoles,
  strategyAuthorRoles,
  submitStrategy,
} from "./flow/strategy-life.ts";
import {
  decideEmergency,
  emergencyApproverRoles,
  emergencyAuthorRoles,
  proposeEmergency,
  startEmergency,
} from "./portfolio/emergency.ts";
import {
  approveExperiment,
  createExperiment,
  endExperiment,
  experimentApproverRoles,
  experimentAuthorRoles,
  experimentRunnerRoles,
  startExperiment,
} from "./portfolio/experiment-life.ts";
import { viewExperiment } from "./portfolio/experiment-view.ts";
import { customerProfile } from "./portfolio/customer-profile.ts";
import { strategyEffect } from "./portfolio/strategy-effect.ts";
import { tryStrategy } from "./portfolio/strategy-trial.ts";
import { transparencyReport, transparencyRoles } from "./portfolio/transparency.ts";

type Hooks<Name extends keyof ServerDependencies> = ServerDependencies[Name];

/** Versions of strategies: their life, the editor's questions and the laws. */
export function strategyHooks(world: World, portfolio: PortfolioStore): Hooks<"strategies"> {
  return {
    authorRoles: strategyAuthorRoles,
    approverRoles: strategyApproverRoles,
    add: (document, actor, options) => addStrategy(world, document, actor, options),
    approve: (id, version, actor, expectedHash, options) =>
      approveStrategy(world, id, version, actor, expectedHash, options),
    diff: (...versions) => diffVersions(world, ...versions),
    edit: (...edit) => editDraft(world, ...edit),
    check: (...asked) => checkVersion(world, ...asked),
    checkCells: (...asked) => checkVersionCells(world, ...asked),
    try: (...asked) => tryStrategy(world, portfolio, ...asked),
    effect: (...asked) => strategyEffect(world, portfolio, ...asked),
    submit: (...step) => submitStrategy(world, ...step),
    retire: (...step) => retireStrategy(world, ...step),
    restore: (...step) => restoreStrategy(world, ...step),
  };
}

/** The life of experiments. */
export function experimentHooks(world: World, portfolio: PortfolioStore): Hooks<"experiments"> {
  return {
    authorRoles: experimentAuthorRoles,
    approverRoles: experimentApproverRoles,
    runnerRoles: experimentRunnerRoles,
    create: (...asked) => createExperiment(world, portfolio, ...asked),
    approve: (...step) => approveExperiment(world, portfolio, ...step),
    start: (...step) => startExperiment(world, portfolio, ...step),
    end: (...step) => endExperiment(world, portfolio, ...step),
    view: (experiment) => viewExperiment(portfolio, experiment),
  };
}

/** Many review cases at once, what lies beside one, and figures. */
export function reviewDeskHooks(world: World): Hooks<"reviewDesk"> {
  return {
    bulk: (...asked) => bulkReview(world, ...asked),
    notes: (review) => reviewNotes(world.store.reads, review),
    attach: (...asked) => attachFile(world, ...asked),
    open: (asked) => openFile(world, asked),
    statistics: (...asked) => statisticsOf(world, ...asked),
  };
}

/** The kill switch. */
export function haltHooks(world: World): Hooks<"halts"> {
  // Every change asks.
  const readOnly = joinedRead(async () =>
    readOnlyRefusal(await world.store.halts.list(await world.clock.now())),
  );
  return {
    roles: haltRoles,
    areas: haltAreas,
    set: (request) => setHalt(world, request),
    lift: (area, actor) => liftHalt(world, area, actor),
    readOnly: () => readOnly(""),
  };
}

/** Blackout windows. */
export function blackoutHooks(world: World): Hooks<"blackouts"> {
  return {
    roles: blackoutRoles,
    set: (...asked) => setBlackout(world, ...asked),
    lift: (...asked) => liftBlackout(world, ...asked),
  };
}

/** Tightenings that were agreed to beforehand. */
export function emergencyHooks(world: World, portfolio: PortfolioStore): Hooks<"emergencies"> {
  return {
    authorRoles: emergencyAuthorRoles,
    approverRoles: emergencyApproverRoles,
    propose: (...asked) => proposeEmergency(world, portfolio, ...asked),
    decide: (...asked) => decideEmergency(world, portfolio, ...asked),
    start: (...asked) => startEmergency(world, portfolio, ...asked),
  };
}

/** What a lender tells the public. */
export function transparencyHooks(world: World, portfolio: PortfolioStore): Hooks<"transparency"> {
  return {
    roles: transparencyRoles,
    make: (request) => transparencyReport(world, portfolio, request),
    render: transparencyRenderer(),
  };
}

/** What the API asks about one line or customer that is watched. */
export function watchHooks(
  world: World,
): Pick<ServerDependencies, "knownFacts" | "lineWatch" | "customerProfile"> {
  return {
    knownFacts: (...asked) => factsToTell(world, ...asked),
    lineWatch: {
      trail: (...asked) => factTrail(world, ...asked),
      behaviour: (...asked) => behaviourOf(world, ...asked),
      reminder: (reminder) => previewReminder(world, reminder),
    },
    customerProfile: (...asked) => customerProfile(world, ...asked),
  };
}
