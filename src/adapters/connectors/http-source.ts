// One HTTP request to a source, with an end to waiting and to reading. Whatever a source does is told by kind and never
// thrown; what it said is read by pointers into the fields of a signal and nothing else of it is kept.

import { readFileSync } from "node:fs";
import type {
  ConnectorSpec,
  HttpField,
  HttpHeader,
  HttpSource,
} from "../../domain/connector-spec.ts";
import type { AskSubject, Fetched } from "../../flow/connector-ports.ts";
import { scaledInteger } from "../../domain/money.ts";
import { signalCatalogue, type PayloadField } from "../../domain/signal-catalogue.ts";
import { scaleOf } from "../../domain/declared-fact.ts";
import type { Text } from "../../domain/text.ts";
import { faultIn } from "../fault.ts";

type Failed = Extract<Fetched, Readonly<{ failed: string }>>;

const failed = (kind: Failed["failed"], en: string, zh: string): Failed => ({
  failed: kind,
  detail: { en, zh },
});

/** Asks a source once. Throws a Fault only where header or address cannot be made: then nothing was sent. */
export async function fetchByHttp(
  spec: ConnectorSpec,
  source: HttpSource,
  subject: AskSubject,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Fetched> {
  const headers = headersOf(source.headers, environment);
  const said = await exchange(addressOf(source.url, subject), headers, spec.timeOutMs, source);
  return "failed" in said ? said : readAnswer(spec, source, said.body);
}

function addressOf(template: string, subject: AskSubject): string {
  const address = template.replaceAll(/\{(customer|line)\}/g, (_, name: keyof AskSubject) =>
    encodeURIComponent(subject[name]),
  );
  const [path = ""] = address.split(/[?#]/);
  if (!/\/\.{1,2}(?:\/|$)/.test(path)) return address;
  throw faultIn(
    {
      en: "Cannot make address: found a reference of dots alone, which leads elsewhere, expected one that stays in its place",
      zh: "无法生成地址：引用号仅由点组成，会指向其他路径",
    },
    { retryable: false },
  );
}

function headersOf(
  headers: readonly HttpHeader[],
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    headers.map(({ name, value, environment: variable, file }) => {
      const given =
        value ?? (variable === undefined ? readKey(name, file!) : environment[variable]);
      if (given !== undefined && /^[\x20-\x7e]+$/.test(given)) return [name, given];
      throw faultIn(
        {
          en: `Cannot make header ${name}: found no printable text in ${variable ?? file}, expected its value`,
          zh: `无法生成请求头 ${name}：${variable ?? file} 中没有可用内容`,
        },
        { retryable: false },
      );
    }),
  );
}

function readKey(name: string, file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch (cause) {
    throw faultIn(
      {
        en: `Cannot make header ${name}: cannot read ${file}`,
        zh: `无法生成请求头 ${name}：无法读取 ${file}`,
      },
      { retryable: false, cause },
    );
  }
}

async function exchange(
  address: string,
  headers: Readonly<Record<string, string>>,
  timeOutMs: number,
  { mostBytes }: HttpSource,
): Promise<Readonly<{ body: string }> | Failed> {
  try {
    const response = await fetch(address, {
      headers: { accept: "application/json", ...headers },
      // A redirect would lead to a host that nobody listed.
      redirect: "manual",
      signal: AbortSignal.timeout(timeOutMs),
    });
    const { status } = response;
    if (status === 200) return await readBody(response, mostBytes);
    await response.body?.cancel();
    const isPassing = status >= 500 || status === 408 || status === 429;
    return failed(isPassing ? "down" : "declined", `Answered ${status}`, `状态码 ${status}`);
  } catch (error) {
    return error instanceof Error && error.name === "TimeoutError"
      ? failed("slow", `No answer within ${timeOutMs} ms`, `${timeOutMs} 毫秒内未答复`)
      : failed("down", `No connection (${codeOf(error)})`, `连接失败（${codeOf(error)}）`);
  }
}

/** fetch wraps the network's own error. */
function codeOf(error: unknown): string {
  const code = (error as { cause?: { code?: unknown } } | null)?.cause?.code;
  return typeof code === "string" ? code : "EIO";
}

async function readBody(
  response: Response,
  mostBytes: number,
): Promise<Readonly<{ body: string }> | Failed> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    // Leaving the loop ends the connection, so that the rest is not even sent.
    if (bytes > mostBytes) {
      return failed("malformed", `Longer than ${mostBytes} bytes`, `超过 ${mostBytes} 字节`);
    }
    chunks.push(chunk);
  }
  return { body: Buffer.concat(chunks).toString("utf8") };
}

const notJson = failed("malformed", "Found no JSON", "答复不是 JSON");

function readAnswer({ signal, cost }: ConnectorSpec, source: HttpSource, body: string): Fetched {
  const answer = parsed(body);
  if (answer === undefined) return notJson;
  const fields: Readonly<Record<string, PayloadField>> = signalCatalogue[signal].fields;
  const data: Record<string, unknown> = {};
  for (const [name, place] of Object.entries(source.fields)) {
    const field = fields[name]!;
    const found = valueAt(answer, place.pointer);
    if (found === undefined || found === null) {
      if (field.required === true) return missing(name, place);
      continue;
    }
    const value = valueOf(field, place, found, cost.currency);
    if (value === undefined) return wrongType(name, place, field);
    data[name] = value;
  }
  return Object.keys(data).length > 0
    ? { data }
    : failed("malformed", "Found none of the fields", "答复中没有任何约定字段");
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** The value at an RFC 6901 pointer; undefined where there is none. */
export function valueAt(document: unknown, pointer: string): unknown {
  let value = document;
  for (const step of pointer.split("/").slice(1)) {
    const name = step.replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) {
      return undefined;
    }
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  return value;
}

/**
 * The value as the signal writes it; undefined where it is of another type. Numbers of a field that is kept with decimals,
 * and amounts, are scaled exactly: a digit too many is no such number.
 */
function valueOf(
  field: PayloadField,
  { decimals }: HttpField,
  found: unknown,
  currency: string,
): unknown {
  switch (field.type) {
    case "integer":
      return wholeNumber(found, decimals ?? scaleOf(field));
    case "money": {
      const amount = wholeNumber(found, decimals ?? 0);
      return amount === undefined ? undefined : { amount, currency };
    }
    case "boolean":
      return typeof found === "boolean" ? found : undefined;
    default:
      return typeof found === "string" ? found : undefined;
  }
}

/** Numbers and texts of numbers alike: sources write amounts as either. */
function wholeNumber(found: unknown, decimals: number): number | undefined {
  if (typeof found !== "number" && typeof found !== "string") return undefined;
  return scaledInteger(String(found), decimals) ?? undefined;
}

function missing(name: string, { pointer }: HttpField): Failed {
  return failed(
    "malformed",
    `${name}: found nothing at ${pointer}`,
    `${name}：答复中 ${pointer} 处为空`,
  );
}

function wrongType(name: string, { pointer }: HttpField, { type, unit }: PayloadField): Failed {
  const expected: Text = { en: unit ?? type, zh: unit ?? type };
  return failed(
    "malformed",
    `${name}: found another type at ${pointer}, expected ${expected.en}`,
    `${name}：答复中 ${pointer} 处类型不符，应为 ${expected.zh}`,
  );
}
