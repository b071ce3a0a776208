// Every command that people may send is a route, made from the pipeline's own array: the path from subject
// and verb, the body from the fields, the access from the roles. Nothing about a command is written twice.

import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { bucketOfId, type Id } from "../../../domain/id.ts";
import { notFound, type Refusal } from "../../../domain/refusal.ts";
import type { Command, CommandSpec, Field, SubjectKind } from "../../../flow/step.ts";
import type { Event } from "../../../flow/state.ts";
import { readSubject, subjectNames } from "../../read-subject.ts";
import { forRoles, principalIn } from "../access.ts";
import type { ServerDependencies } from "../dependencies.ts";
import { withheldFacts } from "../withheld.ts";
import { changeHeaders, keyOf } from "../idempotency.ts";
import { preconditionOf, versionInTag } from "../precondition.ts";
import { sendProblem, sendRefusal } from "../problem.ts";
import { reachesLine } from "../row-scope.ts";
import { dateInput, idInput, textInput } from "../text-input.ts";
import { eventWire, wireEvent, wireEventForBorrower } from "../wire/event.ts";
import { moneyInput } from "../wire/money.ts";
import { idWire } from "../wire/text.ts";
import { idParams, problemAnswers, summary, type Api } from "./route-shape.ts";
import { bilingual } from "../bilingual.ts";

/** Collection of each kind of subject: the first part of its paths. */
export const collections: Readonly<Record<SubjectKind, string>> = {
  line: "lines",
  decision: "decisions",
  "review-case": "review-cases",
  notice: "notices",
  offer: "offers",
  alert: "alerts",
  reminder: "reminders",
};

const commandHeaders = z.object({
  ...changeHeaders,
  "command-id": idInput
    .optional()
    .describe(
      bilingual("Id of the command; made from the key when absent", "命令编号，缺省时由幂等键生成"),
    ),
  "if-match": z
    .string()
    .max(200)
    .optional()
    .describe(bilingual('The version that was looked at: "3"', '所查看的版本号，例如 "3"')),
});

const commandQuery = z.object({
  dryRun: z
    .enum(["true", "false"])
    .default("false")
    .describe(bilingual("Decide and roll back", "只判定并回滚")),
});

const commandAnswer = z
  .object({
    commandId: idWire,
    subject: idWire,
    dryRun: z.boolean(),
    events: z
      .array(eventWire)
      .describe(bilingual("What happened; empty when nothing changes", "发生的事件；无变化时为空")),
  })
  .meta({ id: "CommandAnswer" });

/** Adds `POST /v1/{collection}/{id}/{verb}` for each command with a verb. */
export function addCommandRoutes(api: Api, dependencies: ServerDependencies): void {
  for (const step of dependencies.pipeline) {
    for (const [kind, spec] of Object.entries(step.commands)) {
      if (spec.verb !== null) addCommandRoute(api, dependencies, kind, spec, spec.verb);
    }
  }
}

function addCommandRoute(
  api: Api,
  dependencies: ServerDependencies,
  kind: string,
  spec: CommandSpec,
  verb: string,
): void {
  api.route({
    method: "POST",
    url: `/v1/${collections[spec.subject]}/:id/${verb}`,
    config: { access: forRoles(spec.roles) },
    schema: {
      operationId: kind.charAt(0).toLowerCase() + kind.slice(1),
      summary: summary(spec.label),
      tags: [collections[spec.subject]],
      params: idParams,
      headers: commandHeaders,
      querystring: commandQuery,
      body: bodySchema(spec.fields),
      response: { 200: commandAnswer, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const asked: Asked = {
        kind,
        spec,
        subject: request.params.id,
        body: request.body,
        dryRun: request.query.dryRun === "true",
        commandId: request.headers["command-id"] ?? null,
        ifMatch: request.headers["if-match"],
      };
      return runCommand(dependencies, asked, request, reply);
    },
  });
}

/** The body of a command: its fields and nothing else. */
export function bodySchema(
  fields: Readonly<Record<string, Field>>,
): z.ZodType<Readonly<Record<string, unknown>>> {
  return z.strictObject(
    Object.fromEntries(
      Object.entries(fields).map(([name, field]) => {
        const schema = fieldSchema(field).describe(summary(field.label));
        return [name, field.required ? schema : schema.optional()];
      }),
    ),
  );
}

const longestText = 2_000;

function fieldSchema(field: Field): z.ZodType {
  switch (field.type) {
    case "text":
    case "account":
      return textInput(field.maxLength ?? longestText);
    case "integer":
      return z.int();
    case "money":
      return moneyInput;
    case "date":
      return dateInput;
    case "enum":
      return z.enum(field.values ?? []);
    case "boolean":
      return z.boolean();
    case "json":
      return z.record(z.string().max(200), z.unknown());
  }
}

type Asked = Readonly<{
  kind: string;
  spec: CommandSpec;
  subject: Id;
  body: Readonly<Record<string, unknown>>;
  dryRun: boolean;
  commandId: Id | null;
  ifMatch: string | undefined;
}>;

async function runCommand(
  dependencies: ServerDependencies,
  asked: Asked,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const precondition = preconditionOf(asked.ifMatch);
  const ver = precondition.kind === "tag" ? versionInTag(precondition.tag) : null;
  if (precondition.kind === "unreadable" || (precondition.kind === "tag" && ver === null)) {
    return sendProblem(request, reply, "malformed", { detail: unreadableTag });
  }
  const hidden = await outOfSight(dependencies, asked, request);
  if (hidden !== null) return sendRefusal(request, reply, hidden);
  const idempotency = keyOf(request, dependencies.world.ids.sha256, {
    ...{ kind: asked.kind, subject: asked.subject, body: asked.body },
    ...{ commandId: asked.commandId, ver },
  });
  const command = commandOf(dependencies, asked, request, ver, idempotency.key);
  // A dry run leaves nothing behind, so there is nothing to remember either.
  const options = asked.dryRun ? { dryRun: true } : { idempotency };
  const [result] = await dependencies.transact(bucketOfId(asked.subject), [command], options);
  if (result === undefined) throw new Error(`Command without result: ${asked.kind}`);
  if ("refusal" in result)
    return refuseCommand(dependencies, asked, ver, result.refusal, request, reply);
  return reply.code(200).send({
    commandId: command.id,
    subject: asked.subject,
    dryRun: asked.dryRun,
    events: await wireEvents(dependencies, result.events, request),
  });
}

const unreadableTag = {
  en: 'if-match: expected one version as a strong entity tag, such as "3"',
  zh: 'if-match：应为单个强实体标签形式的版本号，例如 "3"',
};

function commandOf(
  { world }: ServerDependencies,
  asked: Asked,
  request: FastifyRequest,
  ver: number | null,
  key: string,
): Command {
  const { actor, client } = principalIn(request);
  const id = asked.commandId ?? world.ids.derive(bucketOfId(asked.subject), "command", client, key);
  return {
    id,
    kind: asked.kind,
    subject: asked.subject,
    actor,
    cause: id,
    ...(ver === null ? {} : { expectedVer: ver }),
    body: asked.body,
  };
}

/** To an actor with a narrower scope, what lies outside it does not exist. */
async function outOfSight(
  { world }: ServerDependencies,
  asked: Asked,
  request: FastifyRequest,
): Promise<Refusal | null> {
  const { scope } = principalIn(request).actor;
  if (scope.kind === "all") return null;
  const { reads } = world.store;
  const row = await readSubject(reads, asked.spec.subject, asked.subject);
  const line = row === null ? null : await reads.line(row.lineId);
  if (line !== null && reachesLine(scope, line)) return null;
  return notFound(subjectNames[asked.spec.subject], asked.subject);
}

/** A stale refusal is a failed precondition when the subject itself moved on from the version named. */
async function refuseCommand(
  { world }: ServerDependencies,
  asked: Asked,
  ver: number | null,
  refusal: Refusal,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  if (ver !== null && refusal.refused === "stale-approval") {
    const row = await readSubject(world.store.reads, asked.spec.subject, asked.subject);
    if (row !== null && row.ver !== ver) {
      return sendProblem(request, reply, "version-changed", { detail: refusal.detail });
    }
  }
  return sendRefusal(request, reply, refusal);
}

async function wireEvents(
  { world }: ServerDependencies,
  events: readonly Event[],
  request: FastifyRequest,
): Promise<readonly z.output<typeof eventWire>[]> {
  const [first] = events;
  if (first === undefined) return [];
  const { actor } = principalIn(request);
  if (actor.scope.kind === "own") {
    return events.map(wireEventForBorrower).filter((event) => event !== null);
  }
  const line = await world.store.reads.line(first.lineId);
  if (line === null) throw new Error(`Event about a missing line: ${first.lineId}`);
  const withheld = await withheldFacts(actor, world.store.strategies);
  return events.map((event) => wireEvent(event, line.currency, withheld));
}
