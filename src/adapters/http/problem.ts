// Problem documents by RFC 9457: one shape for every answer that is not a success, with a stable type, a
// title in the reader's language and pointers at the fields to mend. Never a stack, never a secret.

import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Refusal } from "../../domain/refusal.ts";
import type { Text } from "../../domain/text.ts";
import { problemCatalogue, type ProblemCode } from "./problem-catalogue.ts";
import { bilingual } from "./bilingual.ts";

export const problemMediaType = "application/problem+json";

/** One field to mend. `pointer` is a JSON pointer into the part of the request that `in` names. */
const problemErrorWire = z.object({
  in: z.enum(["body", "query", "path", "header"]),
  pointer: z.string(),
  detail: z.string(),
  found: z.string().optional(),
  expected: z.string().optional(),
});

export type ProblemError = z.output<typeof problemErrorWire>;

export const problemWire = z
  .object({
    type: z
      .string()
      .describe(
        bilingual(
          "Address of the page that documents this kind of problem",
          "说明该类问题的页面地址",
        ),
      ),
    code: z
      .string()
      .describe(
        bilingual(
          "Last part of the type: stable, for programs",
          "type 的最后一段，稳定，供程序使用",
        ),
      ),
    title: z.string().describe(bilingual("In the language of the request", "使用请求的语言")),
    status: z.int(),
    detail: z
      .string()
      .describe(bilingual("What was found and what was expected", "当前值与期望值")),
    instance: z.string().describe(bilingual("Path of the request", "请求路径")),
    request_id: z
      .string()
      .describe(bilingual("Names this request in the log", "该请求在日志中的编号")),
    errors: z.array(problemErrorWire).optional(),
    dead_letter: z
      .string()
      .optional()
      .describe(bilingual("Under which a refused signal is kept", "被拒信号所存死信的编号")),
  })
  .meta({ id: "Problem" });

export type Problem = z.output<typeof problemWire>;

/** What goes into a problem beside its code. */
export type ProblemParts = Readonly<{
  detail?: Text;
  errors?: readonly ProblemError[];
  status?: number;
  deadLetter?: string;
}>;

/** The document for one request. */
export function problemOf(
  request: Pick<FastifyRequest, "id" | "url" | "language">,
  code: ProblemCode,
  parts: ProblemParts = {},
): Problem {
  const entry = problemCatalogue[code];
  const { language } = request;
  return {
    type: `/problems/${code}`,
    code,
    title: entry.title[language],
    status: parts.status ?? entry.status,
    detail: (parts.detail ?? entry.help)[language],
    instance: request.url.split("?", 1)[0] ?? "/",
    request_id: request.id,
    ...(parts.errors === undefined ? {} : { errors: [...parts.errors] }),
    ...(parts.deadLetter === undefined ? {} : { dead_letter: parts.deadLetter }),
  };
}

/** Sends a problem. */
export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  code: ProblemCode,
  parts: ProblemParts = {},
): FastifyReply {
  const problem = problemOf(request, code, parts);
  return reply
    .code(problem.status)
    .header("content-language", request.language)
    .type(problemMediaType)
    .send(problem);
}

/** Seconds after which what could not be heard now may be said again. */
export const retryAfterSeconds = 2;

/** Sends the problem that a refusal is; a pointer of the refusal points into the body. */
export function sendRefusal(
  request: FastifyRequest,
  reply: FastifyReply,
  refusal: Refusal,
  parts: Pick<ProblemParts, "deadLetter"> = {},
): FastifyReply {
  request.server.metrics.refusal(refusal.refused);
  if (refusal.refused === "busy") reply.header("retry-after", String(retryAfterSeconds));
  const detail = refusal.detail[request.language];
  const errors: readonly ProblemError[] | undefined =
    refusal.pointer === undefined ? undefined : [{ in: "body", pointer: refusal.pointer, detail }];
  return sendProblem(request, reply, refusal.refused, {
    ...parts,
    detail: refusal.detail,
    ...(errors === undefined ? {} : { errors }),
  });
}
