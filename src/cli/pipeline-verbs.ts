// Every command of the pipeline that people may send, as `tidemark NOUN VERB`: made from the command specs, so
// that a new step needs no line here.

import type { Command as CommandLine } from "commander";
import type { Text } from "../domain/text.ts";
import { isRefusal, refuse } from "../domain/refusal.ts";
import { pipeline } from "../flow/pipeline.ts";
import type { CommandSpec, Field } from "../flow/step.ts";
import { addFieldOptions, bodyOf } from "./fields.ts";
import { printRefusal, type Frame } from "./frame.ts";
import type { Program } from "./program.ts";
import { reportMany, reportOne, send, type Asked } from "./send.ts";
import { withSession, type Session } from "./session.ts";
import { findSubject } from "./subject.ts";
import { nouns } from "./words.ts";

/** What else a verb may be sent for; see `review approve --all`. Undefined: the ids that were typed. */
export type Bulk = Readonly<{
  kind: string;
  register: (program: Program, command: CommandLine) => void;
  wanted: (options: Readonly<Record<string, unknown>>) => boolean;
  run: (
    frame: Frame,
    spec: CommandSpec,
    options: Readonly<Record<string, unknown>>,
  ) => Promise<number>;
}>;

/** Adds a verb for every command spec that has one. */
export function registerPipelineVerbs(program: Program, bulks: readonly Bulk[]): void {
  for (const step of pipeline) {
    for (const [kind, spec] of Object.entries(step.commands)) {
      const bulk = bulks.find((one) => one.kind === kind);
      if (spec.verb !== null) addVerb(program, kind, spec, spec.verb, bulk);
    }
  }
}

function addVerb(
  program: Program,
  kind: string,
  spec: CommandSpec,
  verb: string,
  bulk: Bulk | undefined,
): void {
  const { noun, label, one } = nouns[spec.subject];
  const examples = [`${noun} ${verb} ID${exampleOptions(spec.fields)}`] as const;
  const command = program.add(program.noun(noun, label), verb, withRoles(spec), examples);
  command.argument(bulk === undefined ? "<id...>" : "[id...]", program.text(one));
  addFieldOptions(program, command, spec.fields);
  command.option("--expect-version <number>", program.text(versionLabel));
  program.changesData(command);
  bulk?.register(program, command);
  program.action(command, async (frame, [typed], options) => {
    if (bulk?.wanted(options) === true) return bulk.run(frame, spec, options);
    return withSession(frame, (session) =>
      runVerb(frame, session, { kind, spec, options }, typed as string[]),
    );
  });
}

const versionLabel: Text = {
  en: "refuse if it changed since this version was seen",
  zh: "版本与所见不一致时拒绝",
};

function withRoles(spec: CommandSpec): Text {
  return {
    en: `${spec.label.en} (${spec.roles.join(", ")})`,
    zh: `${spec.label.zh}（${spec.roles.join("、")}）`,
  };
}

function exampleOptions(fields: Readonly<Record<string, Field>>): string {
  return Object.entries(fields)
    .filter(([, field]) => field.required)
    .map(
      ([name, field]) =>
        ` --${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} ${exampleOf(field)}`,
    )
    .join("");
}

function exampleOf(field: Field): string {
  switch (field.type) {
    case "text":
      return '"…"';
    case "account":
      return "reviewer2";
    case "integer":
      return "100";
    case "money":
      return "20000.00";
    case "date":
      return "2026-12-31";
    case "enum":
      return field.values?.[0] ?? "…";
    case "json":
      return "'{…}'";
    case "boolean":
      return "";
  }
}

type Verb = Readonly<{
  kind: string;
  spec: CommandSpec;
  options: Readonly<Record<string, unknown>>;
}>;

async function runVerb(
  frame: Frame,
  session: Session,
  { kind, spec, options }: Verb,
  typed: readonly string[],
): Promise<number> {
  if (typed.length === 0) return printRefusal(frame, noIds);
  const asked: Asked[] = [];
  const { reads } = session.tidemark.world.store;
  let currency: Parameters<typeof reportOne>[2] = "CNY";
  for (const text of typed) {
    const subject = await findSubject(reads, spec.subject, text);
    if (isRefusal(subject)) return printRefusal(frame, subject);
    currency = subject.line.currency;
    const body = bodyOf(spec.fields, options, currency);
    if (isRefusal(body)) return printRefusal(frame, body);
    const expectedVer = options["expectVersion"];
    asked.push({
      ...{ kind, subject: subject.id, body },
      ...(expectedVer === undefined ? {} : { expectedVer: Number(expectedVer) }),
    });
  }
  const results = await send(session, asked, frame.dryRun);
  const [only] = results;
  return results.length === 1 && only !== undefined
    ? reportOne(frame, only, currency)
    : reportMany(frame, results);
}

const noIds = refuse("invalid", {
  en: "Found no id, expected at least one",
  zh: "未给出编号，至少需要一个",
});
