// Everything the console reads, one function an address. The first word of a query's key is the kind of thing, so that
// an event of the server can say what is out of date.
import { answer, client } from "./client.ts";
import type { components, operations } from "./schema.ts";

type Schemas = components["schemas"];
export type Me = Schemas["Me"];
export type Decision = Schemas["Decision"];
export type ReviewCase = Schemas["ReviewCase"];
export type ReviewFigures = Schemas["ReviewFigures"];
export type BulkReview = Schemas["BulkReview"];
export type Notice = Schemas["Notice"];
export type NoticeDelivery = Schemas["NoticeDelivery"];
export type Offer = Schemas["Offer"];
export type Alert = Schemas["Alert"];
export type AlertCount = Schemas["AlertCount"];
export type Reminder = Schemas["Reminder"];
export type NoticeTextsSummary = Schemas["NoticeTextsSummary"];
export type NoticeTexts = Schemas["NoticeTexts"];
export type PackSummary = Schemas["PackSummary"];
export type Pack = Schemas["Pack"];
export type Connector = Schemas["Connector"];
export type ConnectorAsk = Schemas["ConnectorAsk"];
export type ConnectorCost = Schemas["ConnectorCost"];
export type DeadLetter = Schemas["DeadLetterRow"];
export type Sweep = Schemas["Sweep"];
export type StrategySummary = Schemas["StrategySummary"];
export type StrategyDraft = Schemas["StrategyDraft"];
export type StrategyCheck = Schemas["StrategyCheck"];
export type Trial = Schemas["StrategyTrial"];
export type Event = Schemas["Event"];
export type Outcome = Schemas["Outcome"];
export type Line = Schemas["Line"];
export type Money = Schemas["Money"];
export type Fact = Schemas["Fact"];
export type Signal = Schemas["Signal"];
export type DeclaredFact = Schemas["DeclaredFact"];
export type FactTrail = Schemas["FactTrail"];
export type Slice = Schemas["Slice"];
export type Overview = Schemas["Overview"];
export type WorkItem = Schemas["WorkItem"];
export type Installation = Schemas["Installation"];
export type Customer = Schemas["Customer"];
export type CustomerProfile = Schemas["CustomerProfile"];
export type CustomerRow = Schemas["CustomerRow"];
export type ReportSummary = Schemas["Report"];
export type SweepDetail = Schemas["SweepDetail"];
export type SweepPreview = Schemas["SweepPreview"];
export type WaveUndo = Schemas["WaveUndo"];
export type UndoneLine = Schemas["UndoneLine"];
export type Blackout = Schemas["Blackout"];
export type EmergencyProfile = Schemas["EmergencyProfile"];
export type Comparison = Schemas["SweepComparison"];
export type ComparedLine = Schemas["ComparedLine"];
export type Experiment = Schemas["Experiment"];
export type ExperimentArm = Schemas["ExperimentArm"];

export type AskedCell =
  operations["checkCells"]["requestBody"]["content"]["application/json"]["cells"][number];
export type TriedOn = operations["tryStrategy"]["requestBody"]["content"]["application/json"];

type FindBody = operations["findCustomers"]["requestBody"]["content"]["application/json"];

/** Which personal data to look for. */
export type FindCustomers = Pick<FindBody, "field" | "text">;

/** Filters of a list, straight from the address bar: the server checks them. */
export type Filters = Readonly<Record<string, string>>;

// Filters come from the address as text; the server refuses what it does not know, and the page shows that.
const asQuery = (filters: Filters): never => filters as never;

export const reads = {
  me: () => answer(client.GET("/v1/me")),
  installation: () => answer(client.GET("/v1/installation")),
  staff: () => answer(client.GET("/v1/staff")),
  work: () => answer(client.GET("/v1/work")),
  overview: (filters: Filters) =>
    answer(client.GET("/v1/overview", { params: { query: asQuery(filters) } })),
  lines: (filters: Filters) =>
    answer(client.GET("/v1/lines", { params: { query: asQuery(filters) } })),
  line: (id: string) => answer(client.GET("/v1/lines/{id}", { params: { path: { id } } })),
  timeline: (id: string, filters: Filters) =>
    answer(
      client.GET("/v1/lines/{id}/timeline", { params: { path: { id }, query: asQuery(filters) } }),
    ),
  facts: (id: string, when: Filters = {}) =>
    answer(client.GET("/v1/lines/{id}/facts", { params: { path: { id }, query: asQuery(when) } })),
  behaviour: (id: string) =>
    answer(client.GET("/v1/lines/{id}/behaviour", { params: { path: { id } } })),
  factTrail: (id: string, name: string, when: Filters) =>
    answer(
      client.GET("/v1/lines/{id}/facts/{name}", {
        params: { path: { id, name }, query: asQuery(when) },
      }),
    ),
  signals: (id: string, filters: Filters) =>
    answer(
      client.GET("/v1/lines/{id}/signals", { params: { path: { id }, query: asQuery(filters) } }),
    ),
  customers: (filters: Filters) =>
    answer(client.GET("/v1/customers", { params: { query: asQuery(filters) } })),
  customerProfile: (id: string) =>
    answer(client.GET("/v1/customers/{id}/profile", { params: { path: { id } } })),
  /** personal data go in the body: an address is kept in histories and logs */
  findCustomers: (asked: FindCustomers, after: string | null) =>
    answer(
      client.POST("/v1/customers/find", {
        body: { ...asked, limit: 50, ...(after === null ? {} : { after }) },
      }),
    ),
  customer: (id: string) => answer(client.GET("/v1/customers/{id}", { params: { path: { id } } })),
  customerTimeline: (id: string, filters: Filters) =>
    answer(
      client.GET("/v1/customers/{id}/timeline", {
        params: { path: { id }, query: asQuery(filters) },
      }),
    ),
  decisions: (filters: Filters) =>
    answer(client.GET("/v1/decisions", { params: { query: asQuery(filters) } })),
  decision: (id: string) => answer(client.GET("/v1/decisions/{id}", { params: { path: { id } } })),
  explanation: (id: string) =>
    answer(client.GET("/v1/decisions/{id}/explanation", { params: { path: { id } } })),
  replay: (id: string) =>
    answer(client.GET("/v1/decisions/{id}/replay", { params: { path: { id } } })),
  reviews: (filters: Filters) =>
    answer(client.GET("/v1/review-cases", { params: { query: asQuery(filters) } })),
  reviewNotes: (id: string) =>
    answer(client.GET("/v1/review-cases/{id}/notes", { params: { path: { id } } })),
  reviewFiles: (id: string) =>
    answer(client.GET("/v1/review-cases/{id}/attachments", { params: { path: { id } } })),
  reviewStatistics: (filters: Filters) =>
    answer(client.GET("/v1/review-statistics", { params: { query: asQuery(filters) } })),
  review: (id: string) => answer(client.GET("/v1/review-cases/{id}", { params: { path: { id } } })),
  notices: (filters: Filters) =>
    answer(client.GET("/v1/notices", { params: { query: asQuery(filters) } })),
  alerts: (filters: Filters) =>
    answer(client.GET("/v1/alerts", { params: { query: asQuery(filters) } })),
  alertStatistics: () => answer(client.GET("/v1/alert-statistics")),
  reminders: (filters: Filters) =>
    answer(client.GET("/v1/reminders", { params: { query: asQuery(filters) } })),
  offers: (filters: Filters) =>
    answer(client.GET("/v1/offers", { params: { query: asQuery(filters) } })),
  offer: (id: string) => answer(client.GET("/v1/offers/{id}", { params: { path: { id } } })),
  noticeTexts: () => answer(client.GET("/v1/notice-texts")),
  noticeTextsOf: (version: number) =>
    answer(
      client.GET("/v1/notice-texts/{version}", { params: { path: { version: version as never } } }),
    ),
  noticePreview: (version: number, decisionId: string) =>
    answer(
      client.GET("/v1/notice-texts/{version}/preview", {
        params: { path: { version: String(version) }, query: { decisionId } },
      }),
    ),
  deadLetters: (filters: Filters) =>
    answer(client.GET("/v1/dead-letters", { params: { query: asQuery(filters) } })),
  connectors: () => answer(client.GET("/v1/connectors")),
  connectorAsks: (source: string, filters: Filters) =>
    answer(
      client.GET("/v1/connectors/{source}/asks", {
        params: { path: { source }, query: asQuery(filters) },
      }),
    ),
  connectorCosts: () => answer(client.GET("/v1/connector-costs")),
  notice: (id: string) => answer(client.GET("/v1/notices/{id}", { params: { path: { id } } })),
  packs: () => answer(client.GET("/v1/packs")),
  pack: (id: string, version: number) =>
    answer(
      client.GET("/v1/packs/{id}/{version}", {
        params: { path: { id, version: version as never } },
      }),
    ),
  packDiff: (id: string, version: number, since: number) =>
    answer(
      client.GET("/v1/packs/{id}/{version}/diff", {
        params: {
          path: { id, version: version as never },
          query: { since: String(since) as never },
        },
      }),
    ),
  sweeps: (filters: Filters) =>
    answer(client.GET("/v1/sweeps", { params: { query: asQuery(filters) } })),
  sweep: (id: string) => answer(client.GET("/v1/sweeps/{id}", { params: { path: { id } } })),
  waveUndos: (sweep: string) =>
    answer(client.GET("/v1/wave-undos", { params: { query: asQuery({ sweep, limit: "50" }) } })),
  undoneLines: (id: string, filters: Filters) =>
    answer(
      client.GET("/v1/wave-undos/{id}/lines", {
        params: { path: { id }, query: asQuery(filters) },
      }),
    ),
  comparison: (id: string, strategy: string, version: number) =>
    answer(
      client.GET("/v1/sweeps/{id}/comparison", {
        params: { path: { id }, query: asQuery({ strategy, version: String(version) }) },
      }),
    ),
  comparedLines: (id: string, filters: Filters) =>
    answer(
      client.GET("/v1/sweeps/{id}/comparison/lines", {
        params: { path: { id }, query: asQuery(filters) },
      }),
    ),
  experiments: (filters: Filters) =>
    answer(client.GET("/v1/experiments", { params: { query: asQuery(filters) } })),
  experiment: (id: string) =>
    answer(client.GET("/v1/experiments/{id}", { params: { path: { id } } })),
  strategies: (filters: Filters = {}) =>
    answer(client.GET("/v1/strategies", { params: { query: asQuery(filters) } })),
  declaredFacts: () => answer(client.GET("/v1/declared-facts")),
  strategyDiff: (id: string, version: number, since: number) =>
    answer(
      client.GET("/v1/strategies/{id}/{version}/diff", {
        params: {
          path: { id, version: version as never },
          query: { since: String(since) as never },
        },
      }),
    ),
  strategyCheck: (id: string, version: number) =>
    answer(
      client.GET("/v1/strategies/{id}/{version}/check", {
        params: { path: { id, version: version as never } },
      }),
    ),
  strategyEffect: (id: string, version: number) =>
    answer(
      client.GET("/v1/strategies/{id}/{version}/effect", {
        params: { path: { id, version: version as never } },
      }),
    ),
  checkCells: (id: string, version: number, cells: readonly AskedCell[]) =>
    answer(
      client.POST("/v1/strategies/{id}/{version}/cells", {
        params: { path: { id, version: version as never } },
        body: { cells: [...cells] },
      }),
    ),
  tryStrategy: (id: string, version: number, on: TriedOn) =>
    answer(
      client.POST("/v1/strategies/{id}/{version}/try", {
        params: { path: { id, version: version as never } },
        body: on,
      }),
    ),
  /** a file as the cells that stand in it; `content` in Base64 */
  sentTable: (content: string) =>
    answer(client.POST("/v1/strategies/table", { body: { content } })),
  strategyHistory: (id: string) =>
    answer(client.GET("/v1/strategies/{id}/history", { params: { path: { id } } })),
  strategy: (id: string, version: string) =>
    answer(
      client.GET("/v1/strategies/{id}/{version}", {
        params: { path: { id, version: version as never } },
      }),
    ),
  reports: (filters: Filters) =>
    answer(client.GET("/v1/reports", { params: { query: asQuery(filters) } })),
  report: (id: string) =>
    answer(client.GET("/v1/reports/{id}", { params: { path: { id }, query: { format: "json" } } })),
  halts: () => answer(client.GET("/v1/halts")),
  blackouts: (filters: Filters) =>
    answer(client.GET("/v1/blackouts", { params: { query: asQuery(filters) } })),
  wave: (id: string) => answer(client.GET("/v1/sweeps/{id}/wave", { params: { path: { id } } })),
  emergencies: (filters: Filters) =>
    answer(client.GET("/v1/emergency-profiles", { params: { query: asQuery(filters) } })),
} as const;
