// Every address of the console, in one place: pages link through here and nowhere else, so that a link and its page
// cannot part.

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
  experiments: () => "/experiments",
  experiment: (id: string) => `/experiments/${id}`,
  strategies: () => "/strategies",
  strategy: (id: string, version: number | string, filters?: Filters) =>
    withFilters(`/strategies/${id}/${version}`, filters),
  editStrategy: (id: string, version: number | string) => `/strategies/${id}/${version}/edit`,
  reports: (filters?: Filters) => withFilters("/reports", filters),
  report: (id: string) => `/reports/${id}`,
  noticeTexts: () => "/notice-texts",
  noticeText: (version: number | string) => `/notice-texts/${version}`,
  packs: () => "/packs",
  pack: (id: string, version: number | string) => `/packs/${id}/${version}`,
  deadLetters: () => "/dead-letters",
  connectors: () => "/connectors",
  halts: () => "/halts",
} as const;

const pages: Readonly<Record<string, (filters: Filters) => string>> = {
  overview: to.overview,
  lines: to.lines,
  customers: to.customers,
  decisions: to.decisions,
  reviews: to.reviews,
  "review-cases": to.reviews,
  notices: to.notices,
  alerts: to.alerts,
  offers: to.offers,
  sweeps: to.sweeps,
  strategies: to.strategies,
  experiments: to.experiments,
  reports: to.reports,
  halts: to.halts,
  installation: to.halts,
};

const singles: Readonly<Record<string, (id: string) => string>> = {
  lines: to.line,
  customers: to.customer,
  decisions: to.decision,
  notices: to.notice,
  offers: to.offer,
  sweeps: to.sweep,
  experiments: to.experiment,
  reports: to.report,
};

/** The address of a page that the server names, such as the link of a piece of work; null when there is none. */
export function pathOf(page: string, params: Readonly<Record<string, string>>): string | null {
  const { id, ...filters } = params;
  const single = singles[page] ?? singles[`${page}s`];
  if (id !== undefined && single !== undefined) return single(id);
  return pages[page]?.(params) ?? pages[`${page}s`]?.(filters) ?? null;
}
