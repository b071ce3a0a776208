// Everything that goes wrong under a request ends here and nowhere else: bad input and the troubles of HTTP
// become problems that say what to mend, faults say whether to try again, bugs are logged under the request
// id and told to nobody.

import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import type { Text } from "../../domain/text.ts";
import { Fault } from "../fault.ts";
import { BrokenCursor } from "../store/cursor.ts";
import { InvalidInput, problemErrors } from "./input-errors.ts";
import { retryAfterSeconds, sendProblem } from "./problem.ts";
import type { ProblemCode } from "./problem-catalogue.ts";

/** The error handler of the server. */
export function answerError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  if (error instanceof InvalidInput) return answerInvalid(error, request, reply);
  if (error instanceof BrokenCursor) return answerCursor(request, reply);
  if (error instanceof Fault && error.retryable) {
    request.log.warn({ err: error }, "fault, may be retried");
    reply.header("retry-after", String(retryAfterSeconds));
    return sendProblem(request, reply, "unavailable");
  }
  const trouble = httpTrouble(error);
  if (trouble !== null) {
    return sendProblem(request, reply, trouble.code, { detail: trouble.detail });
  }
  request.log.error({ err: error }, "request failed");
  return sendProblem(request, reply, "internal");
}

function answerInvalid(
  error: InvalidInput,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  if (error.part === "path") return sendProblem(request, reply, "not-found");
  const errors = problemErrors(error, request.language);
  const keyMissing = errors.some(
    ({ in: part, pointer }) => part === "header" && pointer === "/idempotency-key",
  );
  const given = request.headers["idempotency-key"] !== undefined;
  if (keyMissing && !given) return sendProblem(request, reply, "key-missing");
  const first = errors[0]?.detail ?? "";
  request.server.metrics.refusal("invalid");
  return sendProblem(request, reply, error.part === "header" ? "malformed" : "invalid", {
    detail: { en: first, zh: first },
    errors,
  });
}

function answerCursor(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const detail: Text = {
    en: 'after: found a cursor of another list or none of ours, expected the "next" of a page of this list',
    zh: "after：不是本列表给出的游标，应为本列表上一页的 next",
  };
  return sendProblem(request, reply, "invalid", {
    detail,
    errors: [{ in: "query", pointer: "/after", detail: detail[request.language] }],
  });
}

type Trouble = Readonly<{ code: ProblemCode; detail: Text }>;

const brokenAddress: Trouble = {
  code: "malformed",
  detail: {
    en: "address: found a percent-encoding that cannot be decoded, expected UTF-8",
    zh: "地址：百分号编码无法解码，应为 UTF-8",
  },
};

const brokenJson: Trouble = {
  code: "malformed",
  detail: {
    en: "body: found text that is not JSON, or the names __proto__ or constructor.prototype, expected plain JSON",
    zh: "请求体：不是 JSON，或含 __proto__、constructor.prototype 等名称，应为普通 JSON",
  },
};

/** Troubles that fastify itself finds, by its error codes. */
const troubles: Readonly<Record<string, Trouble>> = {
  FST_ERR_BAD_URL: brokenAddress,
  FST_ERR_ASYNC_CONSTRAINT: brokenAddress,
  FST_ERR_CTP_EMPTY_JSON_BODY: brokenJson,
  FST_ERR_CTP_INVALID_JSON_BODY: brokenJson,
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    code: "malformed",
    detail: {
      en: "content-length: found another length than that of the body",
      zh: "content-length：与请求体实际长度不符",
    },
  },
  FST_ERR_CTP_BODY_TOO_LARGE: {
    code: "too-large",
    detail: {
      en: "body: found more bytes than this route accepts",
      zh: "请求体：超过该接口允许的字节数",
    },
  },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: "unsupported-media-type",
    detail: {
      en: "content-type: found another media type, expected application/json",
      zh: "content-type：媒体类型不受支持，应为 application/json",
    },
  },
};

function httpTrouble(error: unknown): Trouble | null {
  const { code, statusCode } = error as Partial<FastifyError>;
  const known = code === undefined ? undefined : troubles[code];
  if (known !== undefined) return known;
  // A body that could not be parsed (broken JSON, __proto__) has a status but no code of its own.
  return error instanceof SyntaxError && statusCode === 400 ? brokenJson : null;
}
