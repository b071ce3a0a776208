// What the command line sees of its surroundings, as one value: tests run commands with another one, and no
// command touches the process itself.

/** Where a command reads from and writes to. */
export type Terminal = Readonly<{
  out: (text: string) => void;
  err: (text: string) => void;
  /** a person watches stderr: progress bars make sense */
  interactive: boolean;
  /** the next line typed, null when nobody is there to type */
  ask: (question: string) => Promise<string | null>;
  environment: Readonly<Record<string, string | undefined>>;
  workingFolder: string;
  /**
   * calls back on the first Ctrl-C or request to end, the second ends the process at once; the result takes
   * the callback away again
   */
  onInterrupt: (callback: () => void) => () => void;
}>;

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** The terminal of this process. A reader that closes early (`| head`) ends the output, not the work. */
export function processTerminal(): Terminal {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    interactive: process.stderr.isTTY && process.env["CI"] === undefined,
    ask,
    environment: process.env,
    workingFolder: process.cwd(),
    onInterrupt,
  };
}

/** Exit code of a process that was interrupted a second time (128 + SIGINT). */
const interruptedTwice = 130;

function onInterrupt(callback: () => void): () => void {
  let asked = false;
  const listener = (): void => {
    if (asked) process.exit(interruptedTwice);
    asked = true;
    callback();
  };
  for (const signal of signals) process.on(signal, listener);
  return () => {
    for (const signal of signals) process.off(signal, listener);
  };
}

async function ask(question: string): Promise<string | null> {
  if (!process.stdin.isTTY) return null;
  const { createInterface } = await import("node:readline/promises");
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await lines.question(question);
  } finally {
    lines.close();
  }
}
