// Every address of the console, in one place: pages link through here and nowhere else, so that a link and its page
// cannot part.
import type { WorkItem } from "../api/reads.ts";

type Filters = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** A path with the filters that are set. */
export function withFilters(path: string, filters: Filters = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filters)) {
    if (value !== null && value !== undefined && value !== "") query.set(name, String(value));
  }
  const text = query.toString();
  return text === "" ? path : `${path}?${text}`;
}

export const to = {
  start: () => "/",
  signIn: () => "/sign-in",
  overview: (filters?: Filters) => withFilters("/overview", filters),
  lines: (filters?: Filters) => withFilters("/lines", filters),
  line: (id: string) => `/lines/${id}`,
  customers: (filters?: Filters) => withFilters("/customers", filters),
  customer: (id: string) => `/customers/${id}`,
  decisions: (filters?: Filters) => withFilters("/decisions", filters),
  decision: (id: string) => `/decisions/${id}`,
  live: () => "/live",
  reviews: (filters?: Filters) => withFilters("/reviews", filters),
  reviewFigures: (filters?: Filters) => withFilters("/review-figures", filters),
  notices: (filters?: Filters) => withFilters("/notices", filters),
  notice: (id: string) => `/notices/${id}`,
  alerts: (filters?: Filters) => withFilters("/alerts", filters),
  offers: (filters?: Filters) => withFilters("/offers", filters),
  offer: (id: string) => `/offers/${id}`,
  sweeps: (filters?: Filters) => withFilters("/sweeps", filters),
  newSweep: () => "/sweeps/new",
  sweep: (id: string) => `/sweeps/${id}`,
  compared: (id: string, filters?: Filters) => withFilters(`/sweeps/${id}/compared`, filters),
  experiments: (filters?: Filters) => withFilters("/experiments", filters),
  experiment: (id: string) => `/experiments/${id}`,
  strategies: (filters?: Filters) => withFilters("/strategies", filters),
  strategy: (id: string, version: number | string, filters?: Filters) =>
    withFilters(`/strategies/${id}/${version}`, filters),
  editStrategy: (id: string, version: number | string) => `/strategies/${id}/${version}/edit`,
  reports: (filters?: Filters) => withFilters("/reports", filters),
  report: (id: string) => `/reports/${id}`,
  noticeTexts: () => "/notice-texts",
  noticeText: (version: number | string) => `/notice-texts/${version}`,
  packs: () => "/packs",
  pack: (id: string, version: number | string, filters?: Filters) =>
    withFilters(`/packs/${id}/${version}`, filters),
  deadLetters: (filters?: Filters) => withFilters("/dead-letters", filters),
  connectors: (filters?: Filters) => withFilters("/connectors", filters),
  halts: () => "/halts",
} as const;

type WorkLink = WorkItem["link"];

const pages: Readonly<Record<WorkLink["page"], (filters: Filters) => string>> = {
  "review-cases": to.reviews,
  alerts: to.alerts,
  decisions: to.decisions,
  notices: to.notices,
  strategies: to.strategies,
  experiments: to.experiments,
  "notice-texts": to.noticeTexts,
  sweeps: ({ id, ...filters }) => (id === undefined ? to.sweeps(filters) : to.sweep(String(id))),
  halts: to.halts,
  "dead-letters": to.deadLetters,
  installation: to.halts,
  reports: to.reports,
};

/** The address of the list that a piece of work stands on, narrowed to it. */
export function pathOf({ page, params }: WorkLink): string {
  return pages[page](params);
}
