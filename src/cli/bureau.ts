// `tidemark bureau`: the simulated credit bureau of a sandbox, a process of its own with its own store, so that it can be
// slow, wrong or killed without Tidemark.

import { join } from "node:path";
import type { Command } from "commander";
import { exitCodes } from "../adapters/refusal-table.ts";
import { refuse, type Refusal } from "../domain/refusal.ts";
import type { Text } from "../domain/text.ts";
import { print, printJson, printRefusal, type Frame } from "./frame.ts";
import { wholeNumber } from "./page.ts";
import type { Program } from "./program.ts";

const usualPort = 4271;
const faultsLabel: Text = {
  en: "what goes wrong in basis points of questions, such as slow=500,lying=200; standard: a little of each",
  zh: "故障率（基点），如 slow=500,lying=200；standard 表示各类故障少量出现",
};

export function registerBureau(program: Program): void {
  const noun = program.noun("bureau", { en: "The simulated credit bureau", zh: "模拟征信机构" });
  const start = program.add(
    noun,
    "start",
    { en: "Run the bureau until it is stopped", zh: "运行模拟征信机构，直至停止" },
    ["bureau start", "bureau start --faults standard", "bureau start --bureau-port 0 --seed 7"],
  );
  addAddress(program, start)
    .option("--faults <rates>", program.text(faultsLabel), "none")
    .option(
      "--seed <seed>",
      program.text({ en: "seed of reports and faults", zh: "随机种子" }),
      "1",
    );
  program.action(start, (frame, _args, options) => startBureau(frame, options));
  const set = program.add(noun, "set", { en: "Set the score of a customer", zh: "设定客户评分" }, [
    "bureau set C-000001 --score 512",
  ]);
  set
    .argument("<customer>", program.text({ en: "reference of a customer", zh: "客户号" }))
    .requiredOption("--score <points>", program.text({ en: "0 to 1000", zh: "0 至 1000" }));
  addAddress(program, set);
  program.action(set, async (frame, [customer], options) => {
    const path = `/reports/${encodeURIComponent(String(customer))}`;
    return tell(frame, options, path, { score: Number(options["score"]) });
  });
  const fault = program.add(
    noun,
    "fault",
    { en: "Change what goes wrong while it runs", zh: "运行中调整故障率" },
    ["bureau fault down=10000", "bureau fault none"],
  );
  fault.argument("<rates>", program.text(faultsLabel));
  addAddress(program, fault);
  program.action(fault, (frame, [rates], options) =>
    tell(frame, options, "/faults", { faults: String(rates) }),
  );
}

function addAddress(program: Program, command: Command): Command {
  const label = program.text({
    en: "port on this machine; start: 0 for any free one",
    zh: "本机端口；start 时 0 表示任意空闲端口",
  });
  return command.option("--bureau-port <number>", `${label} (${usualPort})`);
}

async function startBureau(
  frame: Frame,
  options: Readonly<Record<string, unknown>>,
): Promise<number> {
  const port = portOf(options);
  if (typeof port !== "number") return printRefusal(frame, port);
  const { runBureau } = await import("../adapters/bureau-simulator/run-bureau.ts");
  const ended = Promise.withResolvers<void>();
  const leave = frame.terminal.onInterrupt(ended.resolve);
  const folder = join(frame.config.dataFolder, "bureau");
  const settings = {
    folder,
    port,
    faults: String(options["faults"]),
    seed: String(options["seed"]),
  };
  try {
    await runBureau(settings, (url) => tellReady(frame, url), ended.promise);
  } finally {
    leave();
  }
  return exitCodes.success;
}

function tellReady(frame: Frame, url: string): void {
  printJson(frame, { url });
  print(frame, { en: `Bureau: ${url}`, zh: `模拟征信机构：${url}` });
}

function portOf(options: Readonly<Record<string, unknown>>): number | Refusal {
  const given = options["bureauPort"];
  return given === "0" ? 0 : wholeNumber(given, usualPort, "--bureau-port", 65_535);
}

/** Tells the running bureau something. */
async function tell(
  frame: Frame,
  options: Readonly<Record<string, unknown>>,
  path: string,
  body: unknown,
): Promise<number> {
  const port = portOf(options);
  if (typeof port !== "number") return printRefusal(frame, port);
  const said = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  }).catch(() => null);
  if (said === null) return printRefusal(frame, notRunning(port));
  if (!said.ok) return printRefusal(frame, await refusalOf(said));
  printJson(frame, { set: body });
  print(frame, { en: "Set", zh: "已设定" });
  return exitCodes.success;
}

function notRunning(port: number): Refusal {
  return refuse("not-found", {
    en: `Cannot reach the bureau: nobody answers on port ${port}, run tidemark bureau start`,
    zh: `无法连接模拟征信机构：端口 ${port} 无应答，请运行 tidemark bureau start`,
  });
}

async function refusalOf(said: Response): Promise<Refusal> {
  const { detail } = (await said.json()) as Readonly<{ detail: string }>;
  return refuse("invalid", { en: detail, zh: detail });
}
