// Several names in one option, with commas between; and the options that narrow something to places, which are such.

import type { Command } from "commander";
import type { Program } from "./program.ts";

/** The names in the order in which they were typed, each once; none where the option was not given. */
export function namesOf(given: unknown): readonly string[] {
  if (typeof given !== "string") return [];
  const names = given.split(",").map((name) => name.trim());
  return [...new Set(names.filter((name) => name !== ""))];
}

/** Adds --regions and --industries; without them all places are meant. */
export function addPlaces(program: Program, command: Command): Command {
  return command
    .option(
      "--regions <names>",
      program.text({ en: "with commas between; else all", zh: "地区，以逗号分隔，缺省为全部" }),
    )
    .option(
      "--industries <names>",
      program.text({ en: "with commas between; else all", zh: "行业，以逗号分隔，缺省为全部" }),
    );
}

/** The places that the options name; none means all. */
export function placesOf(options: Readonly<Record<string, unknown>>) {
  return { regions: namesOf(options["regions"]), industries: namesOf(options["industries"]) };
}
