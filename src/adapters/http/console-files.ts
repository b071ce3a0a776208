// The staff console as files: hashed ones that browsers may keep for ever, and one page for every address of the
// console. The page may run only its own scripts and styles; styles that antd makes while running carry a nonce that
// is new with each answer.

import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { forEverybody } from "./access.ts";
import { sendProblem } from "./problem.ts";

const noncePlace = "__NONCE__";
const nonceBytes = 16;

/** What a build names its files; nothing that leads out of the folder or means it. */
const assetName = /^[\w-][\w.-]*$/;

/** Addresses that are never a page of the console, whatever the browser asks for. */
const notPages = /^\/(?:v1|assets|problems|reference|openapi\.json|healthz|readyz|metrics)(?:\/|$)/;

/**
 * Serves the built console from a folder: `/assets/*` and every page address that no other route has. Does nothing
 * when the folder holds no build. Whoever asks for something else than a page gets the usual problem.
 */
export async function addConsoleFiles(app: FastifyInstance, folder: string): Promise<void> {
  const page = join(folder, "index.html");
  if (!existsSync(page)) return;
  await app.register(fastifyStatic, { root: folder, serve: false });
  const open = { config: { access: forEverybody }, schema: { hide: true } };
  app.get<{ Params: { "*": string } }>("/assets/*", open, (request, reply) =>
    assetName.test(request.params["*"])
      ? sendAsset(reply, `assets/${request.params["*"]}`, "immutable")
      : sendProblem(request, reply, "no-such-route"),
  );
  app.get("/tidemark.svg", open, (_, reply) => sendAsset(reply, "tidemark.svg", "day"));
  app.get("/", open, (_, reply) => sendPage(reply, page));
  app.get("/*", open, (request, reply) =>
    isPage(request) ? sendPage(reply, page) : sendProblem(request, reply, "no-such-route"),
  );
}

function isPage(request: FastifyRequest): boolean {
  const [path = "/"] = request.url.split("?", 1);
  return !notPages.test(path) && (request.headers.accept ?? "").includes("text/html");
}

function sendAsset(reply: FastifyReply, path: string, keep: "immutable" | "day"): FastifyReply {
  // The plugin sets its own; ours of the frame says not to keep anything.
  reply.removeHeader("cache-control");
  const options =
    keep === "immutable"
      ? { maxAge: "365d", immutable: true }
      : ({ maxAge: "1d", immutable: false } as const);
  return reply.sendFile(path, options);
}

/** The page is read each time: a build put in its place meanwhile names other files. */
async function sendPage(reply: FastifyReply, page: string): Promise<FastifyReply> {
  const text = await readFile(page, "utf8");
  const nonce = randomBytes(nonceBytes).toString("base64");
  return reply
    .header("content-security-policy", consolePolicy(nonce))
    .type("text/html; charset=utf-8")
    .send(text.replaceAll(noncePlace, nonce));
}

function consolePolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "frame-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}
