// What all routes share: the typed application, the problems that any of them may answer, and the plain
// words by which the reference lists them.

import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Text } from "../../../domain/text.ts";
import { problemMediaType, problemWire } from "../problem.ts";
import { idInput } from "../text-input.ts";
import { bilingual } from "../bilingual.ts";

/** The application with schemas as types. */
export type Api = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** `{id}` in the path. */
export const idParams = z.object({ id: idInput });

const problemAnswer = (description: string) => ({
  description,
  content: { [problemMediaType]: { schema: problemWire } },
});

/** Answers that every route may give beside its success. */
export const problemAnswers = {
  "4xx": problemAnswer(bilingual("A rule or the request says no", "规则拒绝或请求有误")),
  "5xx": problemAnswer(bilingual("The world failed", "外部环境故障")),
};

/** Summary of a route in both languages, as the OpenAPI document shows it. */
export function summary(text: Text): string {
  return bilingual(text.en, text.zh);
}
