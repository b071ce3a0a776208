// How much news matters: signals tell it, it chooses among triggers that hold at once and sets the deadline of an alert.

/** In rising order. */
export const severities = ["low", "medium", "high"] as const;

export type Severity = (typeof severities)[number];
