// What a reader is not told of facts, decided in one place for every wire: facts, signals, timelines, lines and their
// tables, decisions, explanations and replays. A fact that is withheld is named as withheld, so that it is never
// mistaken for one that is missing. How a decision came out (outcome, reasons, rules, rows, points) is told to all staff;
// the values of personal and protected facts that it rests on are not.

import type { Actor } from "../../domain/actor.ts";
import { firstDifference } from "../../domain/canonical-json.ts";
import type { FactDeclaration } from "../../domain/facts.ts";
import { profileFacts, type LineProfile } from "../../domain/line-profile.ts";
import { signalSpec } from "../../domain/signal-catalogue.ts";
import type { Text } from "../../domain/text.ts";
import type { Strategies } from "../../flow/ports.ts";
import { declaredFacts } from "./fact-dictionary.ts";
import { mayReadPersonalData } from "./personal-data.ts";

/** Names of facts whose values a reader is not told. */
export type Withheld = ReadonlySet<string>;

const nothingWithheld: Withheld = new Set();

/** What stands where a value is withheld and people read it. */
export const withheldText: Text = { zh: "不予显示", en: "Withheld" };

/**
 * The facts that an actor is not told: those that any strategy in force declares personal or protected, and of facts
 * that none in force declares, those that any other strategy does.
 */
export async function withheldFacts(
  actor: Pick<Actor, "roles">,
  strategies: Pick<Strategies, "list">,
): Promise<Withheld> {
  if (mayReadPersonalData(actor)) return nothingWithheld;
  const all = await strategies.list();
  const inForce = all.filter(({ state }) => state === "active").flatMap(declaredFacts);
  const known = new Set(inForce.map(({ name }) => name));
  const others = all.flatMap(declaredFacts).filter(({ name }) => !known.has(name));
  return new Set([...inForce, ...others].filter(isPersonal).map(({ name }) => name));
}

function isPersonal({ sensitivity }: Pick<FactDeclaration, "sensitivity">): boolean {
  return sensitivity === "protected" || sensitivity === "personal";
}

/** Values by the name of the fact as they are told: those that are withheld are only named. */
export function toldFacts<Value>(
  facts: Readonly<Record<string, Value>>,
  withheld: Withheld,
): { facts: Record<string, Value>; withheld: string[] } {
  const names = Object.keys(facts).filter((name) => withheld.has(name));
  const shown = Object.entries(facts).filter(([name]) => !withheld.has(name));
  return { facts: Object.fromEntries(shown), withheld: names };
}

/**
 * A copy of JSON as it is told: in every object with `facts` by name those withheld are taken out and named in its
 * `withheld`, and every value with the name of such a fact is told as withheld, without the cell that it was held
 * against. Nothing else changes.
 */
export function toldJson<Json>(json: Json, withheld: Withheld): Json {
  return (withheld.size === 0 ? json : toldMember(json, withheld)) as Json;
}

function toldMember(value: unknown, withheld: Withheld): unknown {
  if (Array.isArray(value)) return value.map((one) => toldMember(one, withheld));
  if (typeof value !== "object" || value === null) return value;
  const told = Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, toldMember(one, withheld)]),
  );
  const { name, facts, type, data } = value as Readonly<Record<string, unknown>>;
  if ("value" in value && typeof name === "string" && withheld.has(name)) {
    return {
      ...told,
      ...("cell" in value ? { cell: "–" } : {}),
      value: withheldText,
      withheld: true,
    };
  }
  const payload = isObject(data) ? toldPayload(String(type), data, withheld) : {};
  if (!isObject(facts)) return { ...told, ...payload };
  const split = toldFacts(facts, withheld);
  if (split.withheld.length === 0) return { ...told, ...payload };
  return {
    ...told,
    ...payload,
    ...split,
    withheld: [...(payload.withheld ?? []), ...split.withheld],
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The payload of a signal of the catalogue: fields that tell a withheld fact are taken out and named. */
function toldPayload(
  type: string,
  data: Readonly<Record<string, unknown>>,
  withheld: Withheld,
): Readonly<{ data?: object; withheld?: readonly string[] }> {
  const fields = signalSpec(type)?.fields ?? {};
  const hidden = Object.keys(data).filter((name) => withheld.has(fields[name]?.fact ?? name));
  if (hidden.length === 0) return {};
  const shown = Object.entries(data).filter(([name]) => !hidden.includes(name));
  return { data: Object.fromEntries(shown), withheld: hidden };
}

type ReplayTexts = Readonly<{ at: number | null; stored: string; replayed: string }>;

/**
 * A replay as it is told. `equal` stays what comparing the full records gave; in the two texts the values that are
 * withheld are put out and every other byte stays, and `at` is the first difference that the reader can see.
 */
export function toldReplay<Replay extends ReplayTexts>(replay: Replay, withheld: Withheld): Replay {
  if (withheld.size === 0) return replay;
  const [stored, replayed] = [told(replay.stored), told(replay.replayed)];
  const at = stored === replayed ? null : firstDifference(stored, replayed);
  return { ...replay, at, stored, replayed };

  function told(text: string): string {
    return text.replaceAll(member, (whole, name: string, colon: string) =>
      withheld.has(name) ? `"${name}"${colon}"withheld"` : whole,
    );
  }
}

/** A member of an object in JSON text whose value is a fact's: text, number, truth value or null. */
const member = /"([^"\\]+)"(\s*:\s*)(?:"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null)/g;

/** Fields of a line's profile that a reader is not told. */
export function withheldFields(withheld: Withheld): ReadonlySet<keyof LineProfile> {
  const fields = (Object.keys(profileFacts) as (keyof typeof profileFacts)[]).filter((field) =>
    withheld.has(profileFacts[field]),
  );
  // The bucket is the days past due, only coarser.
  return new Set(
    fields.flatMap((field) => (field === "daysPastDue" ? [field, "delinquency"] : field)),
  );
}
