// The commands that documents print or name, and whether the command line knows them: a document that names a verb or an
// option that does not exist is wrong, whether or not its snippet is run.
import type { Command } from "commander";
import { buildProgram } from "../../src/cli/program.ts";
import { registrations } from "../../src/cli/registrations.ts";
import { blocksOf, proseOf, quotedIn, readDocuments } from "./documents.ts";

/** One call of `tidemark` in a shell block: where it stands and its words after the program. */
export type CommandLine = Readonly<{ path: string; line: string; words: readonly string[] }>;

const call = /(?:npm run (?:--silent |-s )?tidemark --|(?<=^|\$ )tidemark) +([^|>&;#$)\n]*)/gm;

/** Every call of `tidemark` in a shell block of any document. */
export function commandLines(): readonly CommandLine[] {
  return [...readDocuments()].flatMap(([path, text]) =>
    blocksOf(text)
      .filter(({ language }) => language === "sh")
      .flatMap((block) => [...block.text.replaceAll("\\\n", " ").matchAll(call)])
      .map(([line, rest = ""]) => ({ path, line: line.trim(), words: wordsOf(rest) })),
  );
}

// A text in quotes is one word.
function wordsOf(text: string): readonly string[] {
  return text.match(/"[^"]*"|'[^']*'|\S+/g) ?? [];
}

/**
 * Commands in code quotes of any document: with the program before them, or by noun and verb (`sweeps pause ID`). Of
 * TypeScript only `import type` looks like one.
 */
export function namedCommands(): readonly CommandLine[] {
  const nouns = commandTree().commands.filter(({ commands }) => commands.length > 0);
  return [...readDocuments()].flatMap(([path, text]) =>
    quotedIn(proseOf(text)).flatMap((line) => {
      const [first = "", ...rest] = wordsOf(line.replace(/^npm run tidemark -- /, "tidemark "));
      const words = first === "tidemark" ? rest : [first, ...rest];
      const verb = words[1] ?? "";
      const called = first === "tidemark" && /^[a-z]/.test(words[0] ?? "");
      const named = nouns.some((noun) => noun.name() === first) && /^[a-z-]+$/.test(verb);
      return called || (named && line !== "import type") ? [{ path, line, words }] : [];
    }),
  );
}

/** Calls that name no command, or an option that their command has not. Empty when all is well. */
export function unknownCommands(): readonly string[] {
  const root = commandTree();
  return [...commandLines(), ...namedCommands()].flatMap(({ path, line, words }) => {
    const problem = problemOf(root, words);
    return problem === null ? [] : [`${path}: ${line}: ${problem}`];
  });
}

function problemOf(root: Command, words: readonly string[]): string | null {
  let command = root;
  // A command with options of its own does something by itself, whether or not there are others below it.
  const isNoun = ({ commands, options: own }: Command): boolean =>
    commands.length > 0 && (command === root || own.length === 0);
  const options = words.filter((word) => word.startsWith("--")).map((word) => word.split("=")[0]);
  for (const word of words.filter((one) => !one.startsWith("-"))) {
    const child = command.commands.find((one) => one.name() === word);
    if (child === undefined && isNoun(command)) return `no command ${word}`;
    if (child === undefined) break;
    command = child;
  }
  if (isNoun(command) && !options.includes("--help")) return "no command";
  const known = [...command.options, ...root.options].map(({ long }) => long);
  const unknown = options.find((option) => option !== "--help" && !known.includes(option));
  return unknown === undefined ? null : `no option ${unknown}`;
}

/** Options in code quotes that no command has, and that are not those of another program. Empty when all is well. */
export function unknownOptions(): readonly string[] {
  const known = new Set([...optionsIn(commandTree()), ...foreignOptions]);
  return [...readDocuments()].flatMap(([path, text]) =>
    quotedIn(proseOf(text))
      .filter((word) => /^--[a-z]/.test(word) && !known.has(word.split(/[ =]/)[0] ?? ""))
      .map((word) => `${path}: ${word}`),
  );
}

const foreignOptions = [
  ...["--help", "--version"],
  // The benches and Node.
  ...[
    "--rounds",
    "--units",
    "--connections",
    "--many",
    "--seconds",
    "--disallow-code-generation-from-strings",
  ],
];

function optionsIn(command: Command): readonly string[] {
  const own = command.options.flatMap(({ long }) => (long == null ? [] : [long]));
  return [...own, ...command.commands.flatMap(optionsIn)];
}

function commandTree(): Command {
  const terminal = {
    ...{ out: () => undefined, err: () => undefined, interactive: false, workingFolder: "/" },
    ...{ ask: () => Promise.resolve(null), onInterrupt: () => () => undefined },
    environment: {},
  };
  return buildProgram(terminal, [], registrations, () => undefined);
}
