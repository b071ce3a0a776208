// The reference of the API as Markdown, made from the OpenAPI document and the problem catalogue: nothing in it is
// written by hand, so nothing in it can be out of date.

import { problemCatalogue, type ProblemCode } from "../../src/adapters/http/problem-catalogue.ts";
import { refusalTable } from "../../src/adapters/refusal-table.ts";

type Schema = Readonly<{
  type?: string;
  enum?: readonly unknown[];
  format?: string;
  description?: string;
  $ref?: string;
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  maximum?: number;
  maxLength?: number;
}>;

type Operation = Readonly<{
  summary: string;
  tags: readonly string[];
  parameters?: readonly Readonly<{
    in: string;
    name: string;
    required?: boolean;
    description?: string;
    schema: Schema;
  }>[];
  requestBody?: Readonly<{ content: Readonly<Record<string, Readonly<{ schema: Schema }>>> }>;
  "x-roles"?: readonly string[];
}>;

export type ApiDocument = Readonly<{
  paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}>;

const introduction = `# API

<!-- Made from the routes themselves by test/flow/http-reference.test.ts; renew it with
\`npx vitest run test/flow/http-reference.test.ts -u\`. -->

JSON over HTTP under \`/v1\`; the whole document is at \`/openapi.json\` (OpenAPI 3.1).
接口为 \`/v1\` 下的 JSON over HTTP，完整文档见 \`/openapi.json\`（OpenAPI 3.1）。

- **Who / 身份**: a session cookie from \`POST /v1/sign-in\`, or \`Authorization: Bearer tm_…\`. 会话 Cookie 或 API 密钥。
- **Once / 幂等**: every \`POST\` that changes something carries \`Idempotency-Key\`; the same key gives the same answer,
  the same key with another request is refused. 每个变更请求须带 \`Idempotency-Key\`，同键同答，同键异文则拒绝。
- **Version / 版本**: \`ETag\` on single resources, \`If-Match\` on changes, 412 when it moved on. 单个资源带 \`ETag\`，变更可带 \`If-Match\`。
- **Dry run / 试运行**: \`?dryRun=true\` decides and rolls back. 只判定、不落库。
- **Pages / 分页**: \`?after=&limit=\` → \`{data, next}\`.
- **Money / 金额**: \`{amount, currency}\`, whole minor units. 最小货币单位的整数。
- **Language / 语言**: \`Accept-Language: zh\` or \`en\`.
- **Trouble / 错误**: RFC 9457 \`application/problem+json\`, listed below. 见下文错误表。
- Every answer names itself in \`Request-Id\`. 每个响应均带 \`Request-Id\`。
`;

/** The whole page. */
export function apiReference(document: ApiDocument): string {
  const byTag = new Map<string, string[]>();
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const [tag = "other"] = operation.tags;
      const sections = byTag.get(tag) ?? [];
      byTag.set(tag, [...sections, operationSection(method, path, operation)]);
    }
  }
  const tags = [...byTag].map(([tag, sections]) => `## ${tag}\n\n${sections.join("\n")}`);
  return [introduction, ...tags, problemSection()].join("\n");
}

function operationSection(method: string, path: string, operation: Operation): string {
  const roles = operation["x-roles"];
  const lines = [
    `### ${method.toUpperCase()} ${path}`,
    "",
    operation.summary,
    "",
    `Roles / 角色: ${roles === undefined ? "everybody / 所有人" : roles.join(", ")}`,
  ];
  const rows = [...parameterRows(operation), ...bodyRows(operation)];
  if (rows.length > 0) {
    lines.push("", "| field | in | type | |", "|---|---|---|---|", ...rows);
  }
  return `${lines.join("\n")}\n`;
}

function parameterRows(operation: Operation): readonly string[] {
  return (operation.parameters ?? []).map(({ name, in: place, required, schema, description }) =>
    row(name, place, required === true, schema, description ?? ""),
  );
}

function bodyRows({ requestBody }: Operation): readonly string[] {
  const schema = requestBody?.content["application/json"]?.schema;
  return Object.entries(schema?.properties ?? {}).map(([name, field]) =>
    row(name, "body", schema?.required?.includes(name) === true, field, field.description ?? ""),
  );
}

function row(name: string, place: string, required: boolean, schema: Schema, text: string): string {
  const mark = required ? "" : "?";
  return `| \`${name}\`${mark} | ${place} | ${typeOf(schema)} | ${text.replaceAll("|", "\\|")} |`;
}

function typeOf(schema: Schema): string {
  if (schema.enum !== undefined)
    return schema.enum.map((value) => `\`${String(value)}\``).join(" ");
  const { properties } = schema;
  if (properties !== undefined && "amount" in properties && "currency" in properties)
    return "money";
  return schema.format ?? schema.$ref?.split("/").at(-1) ?? schema.type ?? "any";
}

function problemSection(): string {
  const rows = (Object.keys(problemCatalogue) as ProblemCode[]).map((code) => {
    const { status, title, help } = problemCatalogue[code];
    const exit =
      code in refusalTable ? refusalTable[code as keyof typeof refusalTable].exitCode : "";
    return `| \`${code}\` | ${status} | ${exit} | ${title.zh} · ${title.en} | ${help.zh} · ${help.en} |`;
  });
  return [
    "## Problems / 错误",
    "",
    "The exit code is that of the command line. 退出码用于命令行。",
    "",
    "| code | HTTP | exit | title | help |",
    "|---|---|---|---|---|",
    ...rows,
    "",
  ].join("\n");
}
