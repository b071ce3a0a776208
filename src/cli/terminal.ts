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
  /** calls back on Ctrl-C or a request to end; the result takes the callback away again */
  onInterrupt: (callback: () => void) => () => void;
}>;

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** The terminal of this process. */
export function processTerminal(): Terminal {
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    interactive: process.stderr.isTTY && process.env["CI"] === undefined,
    ask,
    environment: process.env,
    workingFolder: process.cwd(),
    onInterrupt: (callback) => {
      for (const signal of signals) process.on(signal, callback);
      return () => {
        for (const signal of signals) process.off(signal, callback);
      };
    },
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
