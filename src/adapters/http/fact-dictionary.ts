// What facts mean, in words: the dictionaries of the strategies in force, as one. Pages and totals take their labels
// from here, so that a region is called what the analyst called it.

import type { FactDeclaration } from "../../domain/facts.ts";
import { delinquencyBuckets, profileFacts } from "../../domain/line-profile.ts";
import type { Text } from "../../domain/text.ts";
import type { StoredStrategy, Strategies } from "../../flow/ports.ts";
import { isRecord } from "../../policy/shape.ts";
import { unknownKey, type OverviewDimension } from "../../portfolio/view-ports.ts";

/** Declarations by the name of the fact. */
export type FactDictionary = ReadonlyMap<string, FactDeclaration>;

type Document = Readonly<{ facts?: unknown }>;

const parsed = new Map<string, readonly FactDeclaration[]>();
const mostParsed = 64;

/** The facts that strategies in force declare; where two declare the same, the one whose id comes first. */
export async function factDictionary(
  strategies: Pick<Strategies, "list">,
): Promise<FactDictionary> {
  const dictionary = new Map<string, FactDeclaration>();
  for (const stored of await strategies.list()) {
    if (stored.state !== "active") continue;
    for (const fact of declaredFacts(stored)) {
      if (!dictionary.has(fact.name)) dictionary.set(fact.name, fact);
    }
  }
  return dictionary;
}

/**
 * The facts that a strategy declares; of a draft that somebody is writing, those that have a name. A document never
 * changes under its hash, so it is parsed once.
 */
export function declaredFacts({
  hash,
  document,
}: Pick<StoredStrategy, "hash" | "document">): readonly FactDeclaration[] {
  const known = parsed.get(hash);
  if (known !== undefined) return known;
  const declared = (JSON.parse(document) as Document).facts;
  const facts = (Array.isArray(declared) ? declared : []).filter(isDeclaration);
  if (parsed.size >= mostParsed) parsed.clear();
  parsed.set(hash, facts);
  return facts;
}

function isDeclaration(value: unknown): value is FactDeclaration {
  return isRecord(value) && typeof value["name"] === "string";
}

const factOf: Readonly<Partial<Record<OverviewDimension, string>>> = {
  status: "lineStatus",
  region: profileFacts.region,
  industry: profileFacts.industry,
  purpose: profileFacts.loanPurpose,
  tier: profileFacts.tier,
  product: "product",
};

const unknown: Text = { zh: "未知", en: "Unknown" };

/** What a value of a dimension is called; a value that no strategy in force declares is its own name. */
export function labelOf(
  dictionary: FactDictionary,
  dimension: OverviewDimension,
  key: string,
): Text {
  if (dimension === "delinquency") return delinquencyLabel(key);
  const name = factOf[dimension];
  const declared = name === undefined ? undefined : dictionary.get(name);
  const label = declared?.values?.find(({ value }) => value === key)?.label;
  if (label !== undefined) return label;
  return key === unknownKey ? unknown : { zh: key, en: key };
}

function delinquencyLabel(key: string): Text {
  if (key === unknownKey) return unknown;
  const index = (delinquencyBuckets as readonly string[]).indexOf(key);
  if (index === 0) return { zh: "M0 未逾期", en: "M0 not past due" };
  if (index === delinquencyBuckets.length - 1) {
    return { zh: `${key} 逾期 180 天以上`, en: `${key} more than 180 days` };
  }
  const [from, to] = [(index - 1) * 30 + 1, index * 30];
  return { zh: `${key} 逾期 ${from}–${to} 天`, en: `${key} ${from} to ${to} days` };
}
