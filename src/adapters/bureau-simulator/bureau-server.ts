// The simulated bureau on the network: HTTP on the loopback address only, with the faults of the day between the question and
// the answer. Which question meets which fault follows from the seed, the reference and the number of the inquiry.

import { fastify, type FastifyInstance, type FastifyReply } from "fastify";
import { z } from "zod";
import { chanceBp } from "../chance.ts";
import { readRates, type Rates } from "../fault-rates.ts";
import { pause } from "../pause.ts";
import type { Journal } from "../core-simulator/journal.ts";
import { applyRecord, reportOf, type BureauBook, type BureauRecord } from "./bureau-book.ts";

/**
 * slow: answers late · down: breaks the connection · broken: answers 503 · garbage: no JSON · huge: more than anybody wants
 * to read · changed: the fields have other names · lying: a score that nobody can have.
 */
export const bureauFaults = [
  ...(["slow", "down", "broken", "garbage", "huge", "changed", "lying"] as const),
] as const;

export type BureauFault = (typeof bureauFaults)[number];

const standard =
  "slow=100,down=100,broken=100,garbage=50,huge=50,changed=50,lying=100,slow-ms=3000";

/** Reads rates of questions, see `readRates`; "standard" is a little of each. */
export function parseBureauFaults(spec: string): Rates<BureauFault> {
  return readRates(spec, bureauFaults, { standard, slowMs: 5_000 });
}

/** What the server needs. */
export type BureauParts = Readonly<{
  book: BureauBook;
  journal: Journal;
  faults: Rates<BureauFault>;
  seed: string;
}>;

const reference = z.object({ reference: z.string().min(1).max(200) });
const scoreForm = z.strictObject({ score: z.int().min(0).max(1_000) });
const faultsForm = z.strictObject({ faults: z.string().max(500) });
const hugeBytes = 4 * 1024 * 1024;

/** Builds the server; the caller listens and closes. Open answers are cut when it closes. */
export function createBureauServer(parts: BureauParts): FastifyInstance {
  const server = fastify({ logger: false, forceCloseConnections: true });
  const { book, journal, seed } = parts;
  const ended = new AbortController();
  let faults = parts.faults;
  const happened = async (record: BureauRecord): Promise<void> => {
    applyRecord(book, record);
    await journal.append(record);
  };
  server.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const status = error instanceof z.ZodError ? 400 : (error.statusCode ?? 500);
    return reply.code(status).send({ detail: error.message });
  });
  server.addHook("preClose", async () => ended.abort());
  server.get("/healthz", () => ({ status: "ok", asked: book.inquiries.size }));
  server.get("/reports/:reference", async (request, reply) => {
    const { reference: about } = reference.parse(request.params);
    await happened({ kind: "inquiry", reference: about });
    const count = String(book.inquiries.get(about));
    const fault = bureauFaults.find(
      (one) => chanceBp(seed, one, about, count) < (faults.rates.get(one) ?? 0),
    );
    if (fault === "slow") await pause(faults.slowMs, ended.signal);
    return answer(reply, fault, { reference: about, report: reportOf(book, about, seed) });
  });
  server.put("/reports/:reference", async (request, reply) => {
    const { reference: about } = reference.parse(request.params);
    const { score } = scoreForm.parse(request.body);
    await happened({ kind: "score", reference: about, score });
    return reply.code(204).send();
  });
  server.put("/faults", async (request, reply) => {
    faults = parseBureauFaults(faultsForm.parse(request.body).faults);
    return reply.code(204).send();
  });
  return server;
}

type Told = Readonly<{ reference: string; report: ReturnType<typeof reportOf> }>;

function answer(reply: FastifyReply, fault: BureauFault | undefined, told: Told): unknown {
  const { report } = told;
  switch (fault) {
    case "down":
      reply.hijack();
      reply.raw.destroy();
      return reply;
    case "broken":
      return reply.code(503).send({ detail: "The bureau is being mended" });
    case "garbage":
      return reply.type("application/json").send('{"report": {"score": 7');
    case "huge":
      return { ...told, remarks: "x".repeat(hugeBytes) };
    case "changed": {
      const { score, ...rest } = report;
      return { ...told, report: { ...rest, score: { value: score, scale: "A" } } };
    }
    case "lying":
      return { ...told, report: { ...report, score: 999 } };
    default:
      return told;
  }
}
