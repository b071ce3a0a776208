// Requests are parsed, not trusted: every part goes through its zod schema, findings keep what was found,
// and answers are written through theirs, so that a field nobody declared never leaves.

import type { FastifySchemaCompiler, FastifySerializerCompiler } from "fastify";
import { z } from "zod";
import { InvalidInput, type RequestPart } from "./input-errors.ts";

const parts: Readonly<Record<string, RequestPart>> = {
  body: "body",
  querystring: "query",
  params: "path",
  headers: "header",
};

/** Parses one part of a request; an absent body counts as `{}`. Gives InvalidInput on findings. */
export const parseInput: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart }) => {
  const part = parts[httpPart ?? ""] ?? "body";
  return (data: unknown) => {
    const input = part === "body" ? (data ?? {}) : data;
    const parsed = schema.safeParse(input, { reportInput: true });
    return parsed.success
      ? { value: parsed.data }
      : { error: new InvalidInput(part, parsed.error.issues) };
  };
};

/** Writes an answer through its schema. Throws when the answer breaks it: a bug, never the client's. */
export const writeAnswer: FastifySerializerCompiler<z.ZodType> = ({ schema, method, url }) => {
  return (data: unknown) => {
    const written = z.safeEncode(schema, data);
    if (written.success) return JSON.stringify(written.data);
    throw new Error(`Answer breaks its schema: ${method} ${url}`, { cause: written.error });
  };
};
