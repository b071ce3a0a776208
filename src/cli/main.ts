#!/usr/bin/env node
// The program `tidemark`: the arguments of this process in, its exit code out. What was compiled once is kept beside
// the packages, which halves the time that every command takes to start.

import { enableCompileCache } from "node:module";
import { fileURLToPath } from "node:url";

enableCompileCache(fileURLToPath(new URL("../../node_modules/.cache/tidemark", import.meta.url)));

const { runCli } = await import("./run-cli.ts");
const { processTerminal } = await import("./terminal.ts");

process.exitCode = await runCli(process.argv.slice(2), processTerminal());
