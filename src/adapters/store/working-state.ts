// The rows that one transaction works on, together with what they were when they were loaded: what is written
// in the end is the difference, by identity, because rows are never changed in place. Both adapters write
// exactly this difference, which is why they cannot disagree about it.

import type { Alert } from "../../domain/alert.ts";
import type { CreditLine } from "../../domain/credit-line.ts";
import type { Decision } from "../../domain/decision.ts";
import type { Id } from "../../domain/id.ts";
import type { Notice } from "../../domain/notice.ts";
import { paneKey, type PaneRow } from "../../domain/pane.ts";
import type { Offer } from "../../domain/offer.ts";
import type { Reminder } from "../../domain/reminder.ts";
import type { ReviewCase } from "../../domain/review-case.ts";
import type { Timer } from "../../domain/timer.ts";
import type { FactsRow, State } from "../../flow/state.ts";
import type { Customer } from "../../domain/customer.ts";

/** The kinds of rows that a state holds by id, and their type. */
export type StateRows = {
  customers: Customer;
  lines: CreditLine;
  decisions: Decision;
  reviews: ReviewCase;
  notices: Notice;
  offers: Offer;
  alerts: Alert;
  reminders: Reminder;
  timers: Timer;
  facts: FactsRow;
};

export type RowKind = keyof StateRows;

const kinds: readonly RowKind[] = [
  "customers",
  "lines",
  "decisions",
  "reviews",
  "notices",
  "offers",
  "alerts",
  "reminders",
  "timers",
  "facts",
];

/** A state and what was loaded into it. */
export type WorkingState = Readonly<{
  state: State;
  loaded: Readonly<{ [Kind in RowKind]: ReadonlyMap<Id, StateRows[Kind]> }>;
  loadedSignals: ReadonlyMap<string, string>;
  loadedPanes: ReadonlySet<PaneRow>;
  /** adds a loaded row; a row that is already there stays as the transaction left it */
  adopt: <Kind extends RowKind>(kind: Kind, id: Id, row: StateRows[Kind]) => void;
  adoptSignal: (key: string, content: string) => void;
  adoptPane: (row: PaneRow) => void;
  /** facts rows put by the transaction, in order: one line may get several in one batch */
  putFacts: () => readonly FactsRow[];
}>;

/** An empty state of a transaction that has loaded nothing yet. */
export function emptyWorkingState(): WorkingState {
  const loaded = Object.fromEntries(kinds.map((kind) => [kind, new Map()])) as {
    [Kind in RowKind]: Map<Id, StateRows[Kind]>;
  };
  const facts = recordingMap(loaded.facts);
  const loadedSignals = new Map<string, string>();
  const loadedPanes = new Set<PaneRow>();
  const state: State = {
    customers: new Map(),
    lines: new Map(),
    decisions: new Map(),
    reviews: new Map(),
    notices: new Map(),
    offers: new Map(),
    alerts: new Map(),
    reminders: new Map(),
    timers: new Map(),
    facts: facts.map,
    decreased: new Map(),
    signals: new Map(),
    panes: new Map(),
    outbox: [],
    identities: [],
    attachments: [],
    links: [],
  };
  return {
    state,
    loaded,
    loadedSignals,
    loadedPanes,
    adopt: (kind, id, row) => {
      const known = loaded[kind] as Map<Id, typeof row>;
      if (known.has(id) || state[kind].has(id)) return;
      known.set(id, row);
      (state[kind] as Map<Id, typeof row>).set(id, row);
    },
    adoptSignal: (key, content) => {
      loadedSignals.set(key, content);
      state.signals.set(key, content);
    },
    adoptPane: (row) => {
      loadedPanes.add(row);
      state.panes.set(paneKey(row), row);
    },
    putFacts: facts.put,
  };
}

/**
 * A map that remembers every row put into it beside the loaded ones. Facts are only ever added: when two
 * signals of one batch speak of two dates, the map keeps one row for the line and both must be stored.
 */
function recordingMap(
  loaded: ReadonlyMap<Id, FactsRow>,
): Readonly<{ map: Map<Id, FactsRow>; put: () => readonly FactsRow[] }> {
  const rows = new Set<FactsRow>();
  const map = new Map<Id, FactsRow>();
  const set = map.set.bind(map);
  map.set = (id, row) => {
    if (loaded.get(id) !== row) rows.add(row);
    return set(id, row);
  };
  return { map, put: () => [...rows] };
}
