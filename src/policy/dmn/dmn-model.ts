// A DMN 1.5 model as plain data (§6-§10): item definitions, inputs, decisions, business knowledge models, services and
// the logic in them. Texts of FEEL stay texts with the place they were read from; whoever compiles says what is wrong.

/** A text of FEEL and the line of the file on which it stands. */
export type FeelSource = Readonly<{ text: string; line: number }>;

/** A type: built in or of another definition, with the values it may take, or with members of its own. */
export type ItemDefinition = Readonly<{
  name: string;
  typeRef: string | null;
  allowed: FeelSource | null;
  components: readonly ItemDefinition[];
  isCollection: boolean;
  line: number;
}>;

export type DmnVariable = Readonly<{ name: string; typeRef: string | null }>;
/** Elements may have a label beside their name, for people only. */
type Labelled = Readonly<{ id: string; name: string; label?: string; line: number }>;

export type DmnInput = Labelled & Readonly<{ typeRef: string | null }>;

/** Ids of what a decision or knowledge model requires. */
export type Requirements = Readonly<{
  inputs: readonly string[];
  decisions: readonly string[];
  knowledge: readonly string[];
}>;

export type DmnDecision = Labelled &
  Readonly<{
    typeRef: string | null;
    requires: Requirements;
    logic: DmnExpression | null;
  }>;

export type DmnKnowledge = Labelled &
  Readonly<{
    requires: Requirements;
    logic: Extract<DmnExpression, { kind: "function" }> | null;
  }>;

/** A group of decisions that can be called as a function of their inputs. */
export type DmnService = Readonly<{
  id: string;
  name: string;
  outputs: readonly string[];
  encapsulated: readonly string[];
  inputDecisions: readonly string[];
  inputs: readonly string[];
  line: number;
}>;

export type DmnModel = Readonly<{
  name: string;
  namespace: string;
  items: readonly ItemDefinition[];
  inputs: readonly DmnInput[];
  decisions: readonly DmnDecision[];
  knowledge: readonly DmnKnowledge[];
  services: readonly DmnService[];
}>;

export type DmnExpression =
  | Readonly<{ kind: "literal"; source: FeelSource }>
  | Readonly<{ kind: "table"; table: DmnTable }>
  | Readonly<{ kind: "context"; entries: readonly DmnEntry[]; result: DmnExpression | null }>
  | Readonly<{ kind: "list"; items: readonly DmnExpression[] }>
  | Readonly<{
      kind: "relation";
      columns: readonly string[];
      rows: readonly (readonly DmnExpression[])[];
    }>
  | Readonly<{
      kind: "function";
      parameters: readonly DmnVariable[];
      body: DmnExpression;
      line: number;
    }>
  | Readonly<{
      kind: "invocation";
      target: DmnExpression;
      bindings: readonly Readonly<{ name: string; value: DmnExpression }>[];
    }>
  | Readonly<{
      kind: "for" | "some" | "every";
      variable: string;
      over: DmnExpression;
      body: DmnExpression;
    }>
  | Readonly<{ kind: "filter"; over: DmnExpression; match: DmnExpression }>
  | Readonly<{
      kind: "conditional";
      test: DmnExpression;
      then: DmnExpression;
      otherwise: DmnExpression;
    }>;

export type DmnEntry = Readonly<{ name: string; typeRef: string | null; value: DmnExpression }>;

export type HitPolicy =
  | "UNIQUE"
  | "ANY"
  | "PRIORITY"
  | "FIRST"
  | "RULE ORDER"
  | "OUTPUT ORDER"
  | "COLLECT";

export const hitPolicies: readonly HitPolicy[] = [
  ...(["UNIQUE", "ANY", "PRIORITY", "FIRST"] as const),
  ...(["RULE ORDER", "OUTPUT ORDER", "COLLECT"] as const),
];

export type Aggregation = "SUM" | "MIN" | "MAX" | "COUNT";

export type DmnTable = Readonly<{
  hitPolicy: HitPolicy;
  aggregation: Aggregation | null;
  inputs: readonly Readonly<{ label: string; source: FeelSource; allowed: FeelSource | null }>[];
  outputs: readonly DmnOutput[];
  rules: readonly DmnRule[];
  line: number;
}>;

export type DmnOutput = Readonly<{
  name: string;
  allowed: FeelSource | null;
  fallback: FeelSource | null;
}>;

export type DmnRule = Readonly<{
  id: string;
  inputs: readonly FeelSource[];
  outputs: readonly FeelSource[];
  note: string;
  line: number;
}>;
