// The border of the connectors document: unknown input becomes sources that may be asked, or a list of problems that says
// where and why. What would let a request go astray (a host that nobody listed, a placeholder in a host, a plain connection
// beyond this machine) is refused here, before anything is asked.

import { dataPurposes } from "../domain/connector.ts";
import type {
  ConnectorsDocument,
  ConnectorSpec,
  HttpField,
  HttpHeader,
  HttpSource,
} from "../domain/connector-spec.ts";
import { isCurrency, type Currency } from "../domain/money.ts";
import { signalCatalogue, type PayloadField } from "../domain/signal-catalogue.ts";
import { lineSignalTypes } from "../domain/signal.ts";
import { sourceId } from "./needed-source-shape.ts";
import { collectProblems, pointer, type Problem, type Problems } from "./problem.ts";
import {
  bilingual,
  integer,
  list,
  object,
  oneOf,
  optional,
  record,
  string,
  type JsonSchema,
  type Shape,
} from "./shape.ts";

/** The sources by id, or every problem with its JSON pointer. */
export type ParsedConnectors =
  | Readonly<{ specs: ReadonlyMap<string, ConnectorSpec> }>
  | Readonly<{ problems: readonly Problem[] }>;

const text = (pattern: RegExp, maximum: number, en: string, zh: string): Shape<string> =>
  string({ pattern, maximum, en, zh });

const host = text(
  /^(?:[a-z0-9.-]+|\[[0-9a-f:]+\])(?::\d{1,5})?$/,
  260,
  "a host such as bureau.example.com or 127.0.0.1:8099, in small letters",
  "小写主机名，如 bureau.example.com 或 127.0.0.1:8099",
);
const url = text(/^https?:\/\//, 2_000, "an address with https://", "以 https:// 开头的地址");
const printed = text(/^[\x20-\x7e]+$/, 4_000, "printed ASCII characters", "可见 ASCII 字符");
const fieldName = /^[a-z][A-Za-z0-9]*$/;
const amount = integer(0, 1e12);
const milliseconds = integer(1, 600_000);

const currency: Shape<Currency> = {
  schema: { type: "string", pattern: "^[A-Z]{3}$" },
  read: (found, path, problems) => {
    if (isCurrency(found)) return;
    problems.add(
      "undeclared-value",
      path,
      `Cannot read ${path}: found ${JSON.stringify(found)}, expected a currency code such as CNY`,
      `无法读取 ${path}：应为币种代码，如 CNY`,
    );
  },
};

const yesOrNo: Shape<boolean> = {
  schema: { type: "boolean" },
  read: (found, path, problems) => {
    if (typeof found === "boolean") return;
    problems.add(
      "type-mismatch",
      path,
      `Cannot read ${path}: found ${JSON.stringify(found)}, expected true or false`,
      `无法读取 ${path}：应为 true 或 false`,
    );
  },
};

const header: Shape<HttpHeader> = object<HttpHeader>({
  name: text(/^[a-z][a-z0-9-]*$/, 100, "a header in small letters", "小写的请求头名称"),
  value: optional(printed),
  environment: optional(
    text(/^[A-Z][A-Z0-9_]*$/, 100, "the name of an environment variable", "环境变量名称"),
  ),
  file: optional(printed),
});

const field: Shape<HttpField> = object<HttpField>({
  pointer: text(
    /^(?:\/(?:[^~/]|~[01])*)+$/,
    500,
    "a JSON pointer such as /report/score",
    "JSON 指针，如 /report/score",
  ),
  decimals: optional(integer(0, 6)),
});

const http: Shape<HttpSource> = object<HttpSource>({
  url,
  mostBytes: integer(1, 16_777_216),
  headers: list(header, { maximum: 20 }),
  fields: record(field, fieldName, 50),
});

const spec: Shape<ConnectorSpec> = object<ConnectorSpec>({
  id: sourceId,
  label: bilingual(200),
  signal: oneOf(lineSignalTypes),
  purposes: list(oneOf(dataPurposes), { minimum: 1, maximum: dataPurposes.length }),
  personal: yesOrNo,
  timeOutMs: milliseconds,
  retries: object({
    times: integer(0, 10),
    firstDelayMs: milliseconds,
    mostDelayMs: milliseconds,
  }),
  breaker: object({
    window: integer(1, 1_000),
    failures: integer(1, 1_000),
    openForMs: integer(1, 86_400_000),
  }),
  cache: object({ freshHours: integer(0, 100_000), staleHours: integer(0, 100_000) }),
  cost: object({ currency, perCallMinor: amount, dailyCeilingMinor: amount }),
  plausible: record(
    object({ from: integer(-1e15, 1e15), to: integer(-1e15, 1e15) }),
    fieldName,
    50,
  ),
  http: optional(http),
});

const documentShape: Shape<ConnectorsDocument> = object<ConnectorsDocument>({
  hosts: list(host, { maximum: 100 }),
  sources: list(spec, { maximum: 100 }),
});

/** The published JSON Schema of the document. */
export const connectorsSchema: JsonSchema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "Tidemark connectors document",
  ...documentShape.schema,
};

/** Reads a document of sources: form first, then what its parts must agree on. */
export function parseConnectors(source: unknown): ParsedConnectors {
  const problems = collectProblems();
  documentShape.read(source, "", problems);
  if (problems.list.length > 0) return { problems: problems.list };
  const { hosts, sources } = source as ConnectorsDocument;
  const specs = new Map<string, ConnectorSpec>();
  sources.forEach((one, at) => {
    const path = pointer("/sources", at);
    if (specs.has(one.id)) {
      problems.add(
        "duplicate-id",
        `${path}/id`,
        `Cannot use ${one.id}: found it a second time, expected each source once`,
        `无法使用“${one.id}”：重复出现，每个来源只能声明一次`,
      );
    }
    specs.set(one.id, one);
    checkSpec(problems, path, one);
    if (one.http !== undefined) checkHttp(problems, `${path}/http`, one, one.http, hosts);
  });
  return problems.list.length > 0 ? { problems: problems.list } : { specs };
}

function checkSpec(problems: Problems, path: string, one: ConnectorSpec): void {
  const { cache, breaker, retries } = one;
  const orders = [
    [`${path}/cache/staleHours`, cache.staleHours, cache.freshHours],
    [`${path}/breaker/window`, breaker.window, breaker.failures],
    [`${path}/retries/mostDelayMs`, retries.mostDelayMs, retries.firstDelayMs],
    ...Object.entries(one.plausible).map(
      ([name, { from, to }]) => [`${path}/plausible/${name}/to`, to, from] as const,
    ),
  ] as const;
  for (const [at, high, low] of orders) {
    if (high >= low) continue;
    problems.add(
      "out-of-range",
      at,
      `Cannot read ${at}: found ${high}, expected ${low} or more`,
      `无法读取 ${at}：为 ${high}，应不小于 ${low}`,
    );
  }
  if (signalCatalogue[one.signal].does !== "kept") {
    problems.add(
      "undeclared-value",
      `${path}/signal`,
      `Cannot ask for ${one.signal}: found a type that moves the line itself, expected one that is only kept`,
      `无法查询 ${one.signal}：该类型会直接改变授信，应为仅留存的信号类型`,
    );
  }
  checkFields(problems, `${path}/plausible`, one, Object.keys(one.plausible), isNumeric);
  const bounded = Object.keys(one.plausible).join(", ");
  if (one.http !== undefined || bounded === "") return;
  problems.add(
    "unknown-field",
    `${path}/plausible`,
    `Cannot hold files against bounds: found ${bounded}, expected none for a source without http`,
    `无法对文件设置合理范围：为 ${bounded}，未设 http 的来源应为空`,
  );
}

const isNumeric = ({ type }: PayloadField): boolean => type === "integer" || type === "money";

function checkFields(
  problems: Problems,
  path: string,
  { signal }: ConnectorSpec,
  names: readonly string[],
  fits: (field: PayloadField) => boolean,
): void {
  const fields: Readonly<Record<string, PayloadField>> = signalCatalogue[signal].fields;
  const known = Object.keys(fields).filter((name) => fits(fields[name]!));
  for (const name of names.filter((one) => !known.includes(one))) {
    problems.add(
      "unknown-name",
      pointer(path, name),
      `Cannot read ${pointer(path, name)}: found no such field of ${signal}, expected one of ${known.join(", ")}`,
      `无法读取 ${pointer(path, name)}：${signal} 没有该字段，应为 ${known.join("、")} 之一`,
    );
  }
}

function checkHttp(
  problems: Problems,
  path: string,
  one: ConnectorSpec,
  { url: template, fields, headers }: HttpSource,
  hosts: readonly string[],
): void {
  checkFields(problems, `${path}/fields`, one, Object.keys(fields), ({ type }) => type !== "facts");
  const missing = Object.entries(signalCatalogue[one.signal].fields).find(
    ([name, { required }]) => required === true && !Object.hasOwn(fields, name),
  );
  if (missing !== undefined) {
    problems.add(
      "missing-field",
      `${path}/fields`,
      `Cannot make ${one.signal}: found no place for ${missing[0]}, expected one`,
      `无法生成 ${one.signal}：未指明 ${missing[0]} 的位置`,
    );
  }
  checkAddress(problems, `${path}/url`, template, hosts);
  headers.forEach(({ value, environment, file }, at) => {
    const given = [value, environment, file].filter((part) => part !== undefined).length;
    if (given === 1) return;
    problems.add(
      "unknown-field",
      pointer(`${path}/headers`, at),
      `Cannot read header: found ${given} of value, environment and file, expected exactly one`,
      `无法读取请求头：value、environment、file 中出现 ${given} 个，应恰有一个`,
    );
  });
}

const placeholders = /\{([^{}]*)\}/g;

function checkAddress(
  problems: Problems,
  path: string,
  template: string,
  hosts: readonly string[],
): void {
  const [, scheme, authority = ""] = /^(https?):\/\/([^/?#]*)/.exec(template) ?? [];
  const refused = (en: string, zh: string): void =>
    problems.add(
      "undeclared-value",
      path,
      `Cannot ask ${template}: ${en}`,
      `无法访问 ${template}：${zh}`,
    );
  if (!hosts.includes(authority)) {
    const known = hosts.join(", ") || "none";
    refused(
      `found host ${authority}, expected one of /hosts: ${known}`,
      `主机 ${authority} 不在 /hosts（${known}）之中`,
    );
  }
  if (scheme === "http" && !isLoopback(authority)) {
    refused("found http, expected https beyond this machine", "本机以外的地址须使用 https");
  }
  const unknown = [...template.matchAll(placeholders)].find(
    ([, name]) => name !== "customer" && name !== "line",
  );
  if (unknown !== undefined) {
    refused(
      `found ${unknown[0]}, expected {customer} or {line}`,
      `占位符 ${unknown[0]} 无效，应为 {customer} 或 {line}`,
    );
  }
}

function isLoopback(authority: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/.test(authority);
}
