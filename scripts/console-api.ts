// `npm run console:api`: writes what the console knows of the server, made from the OpenAPI document of the routes: the
// types of requests and answers, and who may call what. The document is built without a database.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { call } from "../test/support/api-client.ts";
import { memoryParts, testApi } from "../test/support/api.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = join(root, "console", "src", "api");
const program = join(root, "console", "node_modules", "openapi-typescript", "bin", "cli.js");

type ApiDocument = Readonly<{
  paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}>;

type Operation = Readonly<{ operationId?: string; "x-roles"?: readonly string[] }>;

/** The OpenAPI document of the routes as they are. */
export async function apiDocument(): Promise<ApiDocument> {
  const { app } = await testApi(memoryParts());
  try {
    return (await call(app, { url: "/openapi.json" })).json<ApiDocument>();
  } finally {
    await app.close();
  }
}

/** Names the document that the written files were made from. */
export function fingerprintOf(document: ApiDocument): string {
  return createHash("sha256").update(JSON.stringify(document)).digest("hex");
}

/** Roles by operation; an operation that everybody may call is left out. */
export function rightsOf(document: ApiDocument): Readonly<Record<string, readonly string[]>> {
  const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
  return Object.fromEntries(
    operations.flatMap(({ operationId, "x-roles": roles }) =>
      operationId === undefined || roles === undefined ? [] : [[operationId, roles]],
    ),
  );
}

function typesOf(document: ApiDocument): string {
  const temporary = mkdtempSync(join(tmpdir(), "tidemark-console-api-"));
  try {
    const source = join(temporary, "openapi.json");
    const target = join(temporary, "schema.ts");
    writeFileSync(source, JSON.stringify(document));
    const args = [program, source, "--export-type", "--output", target];
    const done = spawnSync(process.execPath, args, { encoding: "utf8" });
    if (done.status !== 0) throw new Error(`Cannot make types: ${done.stdout}${done.stderr}`);
    return readFileSync(target, "utf8");
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const document = await apiDocument();
  const opening = `// Made from the OpenAPI document ${fingerprintOf(document)} by \`npm run console:api\`.\n`;
  writeFileSync(join(folder, "schema.ts"), opening + typesOf(document));
  const rights = `${JSON.stringify(rightsOf(document), null, 2)}\n`;
  writeFileSync(join(folder, "rights.json"), rights);
  console.log(`console/src/api: ${Object.keys(document.paths).length} paths`);
}
