// `npm run test:server`: the whole suite against an ordinary PostgreSQL server, Debian's 15, the oldest supported
// version. The server lives in a temporary folder, sorts by an ICU locale so that SQL which forgets collate "C" shows,
// and is stopped by its process id. Arguments go to vitest.
import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureInstalled } from "./bootstrap.mjs";
import { commandFile, runNode } from "./pinned-node.mjs";
import { run, say, ScriptError } from "./script.mjs";

const binaries = "/usr/lib/postgresql/15/bin";

// PostgreSQL refuses to run as root. In a user namespace without a mapping it sees an ordinary user, yet keeps root's
// access to files, so nothing on the machine has to change.
function asOrdinaryUser(file, args) {
  return process.getuid?.() === 0 ? ["unshare", ["-U", "--", file, ...args]] : [file, args];
}

function initialise(folder, password) {
  const passwordFile = join(folder, "password");
  writeFileSync(passwordFile, password, { mode: 0o600 });
  const options = [
    "--encoding=UTF8",
    "--locale=C.UTF-8",
    "--locale-provider=icu",
    "--icu-locale=en-US",
  ];
  const access = ["--username=tidemark", "--auth=scram-sha-256", `--pwfile=${passwordFile}`];
  const [file, args] = asOrdinaryUser(join(binaries, "initdb"), [
    `--pgdata=${join(folder, "data")}`,
    "--no-sync",
    ...options,
    ...access,
  ]);
  const done = spawnSync(file, args, { encoding: "utf8", cwd: folder });
  if (done.status !== 0) {
    throw new ScriptError(`Cannot create database: ${done.stderr ?? done.error?.message}`.trim());
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

async function startServer(folder, port) {
  const log = join(folder, "log");
  const settings = {
    listen_addresses: "127.0.0.1",
    port: String(port),
    unix_socket_directories: folder,
    max_connections: "200",
    // The folder is thrown away afterwards, so surviving a power cut is not worth the wait.
    fsync: "off",
    logging_collector: "on",
    log_directory: folder,
    log_filename: "log",
    log_min_messages: "fatal",
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const [file, args] = asOrdinaryUser("setpriv", [
    // PostgreSQL stops by itself when this process is killed.
    "--pdeathsig=INT",
    join(binaries, "postgres"),
    "-D",
    join(folder, "data"),
    ...options,
  ]);
  const server = spawn(file, args, { cwd: folder, stdio: "ignore", detached: true });
  const ended = new Promise((resolve) => server.once("exit", resolve));
  const status = join(folder, "data", "postmaster.pid");
  for (let attempt = 0; attempt < 300; attempt += 1) {
    if (server.exitCode !== null) break;
    // The eighth line of the file says "ready" once connections are accepted.
    if (existsSync(status) && readFileSync(status, "utf8").split("\n")[7]?.trim() === "ready") {
      return { server, ended };
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  server.kill("SIGINT");
  const output = existsSync(log) ? readFileSync(log, "utf8") : "no log";
  throw new ScriptError(`Cannot start PostgreSQL 15: ${output.trim()}`);
}

await run(async () => {
  if (!existsSync(join(binaries, "postgres"))) {
    throw new ScriptError(
      `Cannot test against a server: ${binaries} is missing, run apt-get install postgresql-15`,
    );
  }
  await ensureInstalled();
  const folder = mkdtempSync(join(tmpdir(), "tidemark-server-"));
  chmodSync(folder, 0o700);
  try {
    const password = randomBytes(12).toString("hex");
    initialise(folder, password);
    const port = await freePort();
    const { server, ended } = await startServer(folder, port);
    say(`PostgreSQL 15 listens on 127.0.0.1:${port}`);
    try {
      const url = `postgresql://tidemark:${password}@127.0.0.1:${port}/postgres`;
      const args = [commandFile("vitest"), "run", ...process.argv.slice(2)];
      process.exitCode = await runNode(args, { env: { DATABASE_URL: url } });
    } finally {
      // Fast shutdown: open connections of tests are cut off instead of waited for.
      server.kill("SIGINT");
      await ended;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
