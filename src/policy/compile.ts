// A compiled strategy: the typed program beside the identity of the document it came from. The hash is over
// the RFC 8785 form, so that layout, key order and comments of the file do not change what is approved.

import type { StrategyRef } from "../domain/assessment.ts";
import { canonicalJson } from "../domain/canonical-json.ts";
import type { Program } from "./ir.ts";
import { lowerStrategy } from "./lower.ts";
import type { Strategy } from "./strategy.ts";

/** SHA-256 of bytes as lower-case hex. */
export type Sha256 = (bytes: Uint8Array) => string;

export type CompiledStrategy = Readonly<{
  ref: StrategyRef;
  document: Strategy;
  program: Program;
}>;

/** The RFC 8785 form of a strategy: what is hashed, stored and compared. */
export function canonicalStrategy(strategy: Strategy): string {
  return canonicalJson(strategy);
}

/**
 * Compiles a strategy that {@link parseStrategy} accepted. Throws when the document has problems: handing
 * one over unparsed is a bug of the caller.
 */
export function compileStrategy(strategy: Strategy, hash: Sha256): CompiledStrategy {
  const { program, problems } = lowerStrategy(strategy);
  if (program === null || problems.length > 0) {
    throw new Error(
      `Cannot compile strategy "${strategy.id}": ${problems[0]?.message.en ?? "no program"}`,
    );
  }
  const { id, version } = strategy;
  const ref = { id, version, hash: hash(new TextEncoder().encode(canonicalStrategy(strategy))) };
  return { ref, document: strategy, program };
}
