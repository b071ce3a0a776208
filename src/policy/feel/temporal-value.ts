// The temporal values of FEEL (DMN 1.5 §10.3.2.3) as plain numbers: no machine's clock, zone or calendar object is in
// them, so that they compare and serialise the same everywhere.

export type FeelDate = Readonly<{ kind: "date"; year: number; month: number; day: number }>;
/** `nanos` since midnight; `offset` in seconds from UTC, null for local time. */
export type FeelTime = Readonly<{ kind: "time"; nanos: number; offset: number | null }>;
export type FeelDateTime = Readonly<{ kind: "date-time"; date: FeelDate; time: FeelTime }>;
export type FeelMonths = Readonly<{ kind: "years-months"; months: number }>;
export type FeelDuration = Readonly<{ kind: "days-time"; nanos: bigint }>;
export type FeelTemporal = FeelDate | FeelTime | FeelDateTime | FeelMonths | FeelDuration;
