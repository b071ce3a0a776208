#!/usr/bin/env node
// The program `tidemark`: the arguments of this process in, its exit code out.

import { runCli } from "./run-cli.ts";
import { processTerminal } from "./terminal.ts";

process.exitCode = await runCli(process.argv.slice(2), processTerminal());
