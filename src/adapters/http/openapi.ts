// The OpenAPI 3.1 document is made from the very schemas that requests and answers go through, so it cannot
// say something else than the server does. Who may call a route stands in it as `x-roles`.

import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import type { FastifyInstance } from "fastify";
import { createJsonSchemaTransform, jsonSchemaTransformObject } from "fastify-type-provider-zod";
import { z } from "zod";
import { forEverybody, referencePath } from "./access.ts";
import { sessionCookieName } from "./session-cookie.ts";
import { bilingual } from "./bilingual.ts";
import { problemAnswers, summary, type Api } from "./routes/route-shape.ts";

type JsonObject = Readonly<Record<string, unknown>>;

const zodTransform = createJsonSchemaTransform({});

/** Makes the document of every route added after this. */
export async function describeRoutes(app: FastifyInstance, secure: boolean): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.1",
      info: {
        title: "Tidemark",
        version: "1",
        description: summary({
          en: "Credit lines after they are granted: decisions, reviews, notices, sweeps",
          zh: "授信后的额度管理：决定、复核、通知、扫描",
        }),
        license: { name: "Apache-2.0", identifier: "Apache-2.0" },
      },
      servers: [{ url: "/" }],
      security: [{ session: [] }, { apiKey: [] }],
      components: {
        securitySchemes: {
          session: { type: "apiKey", in: "cookie", name: sessionCookieName(secure) },
          apiKey: { type: "http", scheme: "bearer", bearerFormat: "tm_<prefix>_<secret>" },
        },
      },
    },
    transform: (source) => {
      const { schema, url } = zodTransform(source);
      const { access = forEverybody } = source.route.config ?? {};
      const rights = access.kind === "public" ? { security: [] } : { "x-roles": [...access.roles] };
      return { schema: { ...schema, ...rights }, url };
    },
    transformObject: (source) =>
      withAnswerWords(withoutUnused(jsonSchemaTransformObject(source) as JsonObject)),
  });
}

// The one inline style of the page hides its drawing of icons; it is named by its hash, all others are refused.
const iconsStyle = "'unsafe-hashes' 'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='";

// The page brings its scripts and styles along and asks nobody else; what it shows is text, never markup of ours.
const referencePolicy = [
  "default-src 'none'",
  ...[
    "script-src 'self'",
    `style-src 'self' ${iconsStyle}`,
    "img-src 'self' data:",
    "connect-src 'self'",
  ],
  ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
].join("; ");

/** Serves the document as a page on which every route can be read and tried. */
export async function addReferencePage(app: FastifyInstance): Promise<void> {
  await app.register(swaggerUi, {
    routePrefix: referencePath,
    staticCSP: referencePolicy,
    theme: { title: "Tidemark 潮位 API" },
    uiConfig: {
      layout: "BaseLayout",
      deepLinking: true,
      displayOperationId: true,
      docExpansion: "none",
      filter: true,
    },
  });
}

/** Adds GET /openapi.json. The document is made once, after the last route. */
export function addOpenApiRoute(api: Api): void {
  let document: Record<string, unknown> | null = null;
  api.route({
    method: "GET",
    url: "/openapi.json",
    config: { access: forEverybody },
    schema: {
      operationId: "readOpenApi",
      summary: summary({ en: "This document", zh: "本接口文档" }),
      tags: ["operation"],
      response: { 200: z.record(z.string(), z.unknown()), ...problemAnswers },
    },
    handler: async () => {
      document ??= api.swagger() as unknown as Record<string, unknown>;
      return document;
    },
  });
}

/** The document without the component schemas that nothing refers to. */
export function withoutUnused(document: JsonObject): JsonObject {
  const components = (document["components"] ?? {}) as JsonObject;
  const schemas = (components["schemas"] ?? {}) as JsonObject;
  const used = new Set<string>();
  const open: unknown[] = [document["paths"]];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== "object" || value === null) continue;
    const { $ref: reference } = value as JsonObject;
    const name = typeof reference === "string" ? reference.split("/").at(-1) : undefined;
    if (name !== undefined && !used.has(name)) {
      used.add(name);
      open.push(schemas[name]);
    }
    open.push(...Object.values(value));
  }
  const kept = Object.fromEntries(Object.entries(schemas).filter(([name]) => used.has(name)));
  return { ...document, components: { ...components, schemas: kept } };
}

/** Answers without words of their own say at least that they are the good ones. */
function withAnswerWords(document: JsonObject): JsonObject {
  const text = JSON.stringify(document);
  const words = JSON.stringify({ description: bilingual("Success", "成功") }).slice(1, -1);
  return JSON.parse(text.replaceAll('"description":"Default Response"', words)) as JsonObject;
}
