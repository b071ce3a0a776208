// A retry of a change is the same change. The client makes the key and keeps it before sending; here it is
// read, bound to what was asked by a hash, and for requests without a customer looked up in the reply book.

import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { canonicalJson } from "../../domain/canonical-json.ts";
import { refuse, type Refusal } from "../../domain/refusal.ts";
import type { IdempotencyKey } from "../../flow/ports.ts";
import { principalIn } from "./access.ts";
import type { ProblemCode } from "./problem-catalogue.ts";
import { sendProblem, sendRefusal, type ProblemParts } from "./problem.ts";
import type { ReplyBook } from "./reply-book.ts";
import { bilingual } from "./bilingual.ts";

/** Headers of every route that changes something. */
export const changeHeaders = {
  "idempotency-key": z
    .string()
    .regex(/^[\x21-\x7e]{8,128}$/)
    .describe(
      bilingual(
        "Made once by the client and repeated on every retry: 8 to 128 visible characters",
        "由客户端生成一次，重试时重复使用；8 至 128 个可见字符",
      ),
    ),
};

/** The request's key, bound to everything that makes the request what it is. */
export function keyOf(
  request: FastifyRequest,
  sha256: (text: string) => string,
  asked: Readonly<Record<string, unknown>>,
): IdempotencyKey {
  const key = request.headers["idempotency-key"];
  if (typeof key !== "string") throw new Error("Route changes something without Idempotency-Key");
  const bodyHash = sha256(
    canonicalJson({ method: request.method, route: request.routeOptions.url ?? "", ...asked }),
  );
  return { client: principalIn(request).client, key, bodyHash };
}

/** A success to answer with and to keep, or a problem that is no refusal of the domain. */
export type Answer = Readonly<{ status: number; reply: unknown }>;

export type NoAnswer = Refusal | Readonly<{ problem: ProblemCode; parts: ProblemParts }>;

/**
 * Does the work at most once per key and answers; the same key again gives the first answer again. Refusals
 * and failures are not kept: they changed nothing.
 */
export async function answerOnce(
  book: ReplyBook,
  key: IdempotencyKey,
  request: FastifyRequest,
  reply: FastifyReply,
  work: () => Promise<Answer | NoAnswer>,
): Promise<FastifyReply> {
  const booked = await book.claim(key);
  if (booked.bodyHash !== key.bodyHash) return sendRefusal(request, reply, keyReused(key));
  if (booked.answer !== null) return reply.code(booked.answer.status).send(booked.answer.reply);
  const done = await work();
  if ("status" in done) {
    await book.settle(key, done.status, done.reply);
    return reply.code(done.status).send(done.reply);
  }
  await book.release(key);
  return "refused" in done
    ? sendRefusal(request, reply, done)
    : sendProblem(request, reply, done.problem, done.parts);
}

function keyReused({ key }: IdempotencyKey): Refusal {
  return refuse("key-reused", {
    en: `Idempotency key ${key}: found another request than the first time`,
    zh: `幂等键 ${key}：请求与首次不同`,
  });
}
