// What the product rests on: few packages, each at one exact version and with a reason a reader can find, and one
// version of Node named the same everywhere. The lock has to serve every platform and every registry.
import { lineOf, type Tree, type Violation } from "./tree.ts";

type Manifest = Readonly<{
  dependencies?: Readonly<Record<string, string>>;
  devDependencies?: Readonly<Record<string, string>>;
  optionalDependencies?: Readonly<Record<string, string>>;
}>;

type Locked = Readonly<{
  version?: string;
  resolved?: string;
  optionalDependencies?: Readonly<Record<string, string>>;
}>;

/** Direct runtime dependencies that package.json may name. */
export const mostDependencies = 40;

const manifestPath = "package.json";
const lockPath = "package-lock.json";
const exact = /^\d+\.\d+\.\d+(?:-[\w.]+)?$/;

function manifestOf(tree: Tree): Manifest {
  return JSON.parse(tree.get(manifestPath) ?? "{}") as Manifest;
}

/** Every dependency has an exact version, and the runtime ones are few. */
export function checkVersions(tree: Tree): readonly Violation[] {
  const manifest = manifestOf(tree);
  const { dependencies = {}, devDependencies = {}, optionalDependencies = {} } = manifest;
  const violations: Violation[] = [];
  const all = { ...dependencies, ...devDependencies, ...optionalDependencies };
  for (const [name, version] of Object.entries(all)) {
    if (exact.test(version)) continue;
    const message = `Cannot depend on ${name} ${version}: expected one exact version`;
    violations.push({ path: manifestPath, line: manifestLine(tree, name), message });
  }
  const count = Object.keys(dependencies).length;
  if (count > mostDependencies) {
    const message = `Cannot have ${count} runtime dependencies: the most is ${mostDependencies}`;
    violations.push({ path: manifestPath, line: manifestLine(tree, "dependencies"), message });
  }
  return violations;
}

/**
 * The lock holds every optional package that a locked one asks for, in a version that fits: `npm ci` refuses the whole
 * tree otherwise, on every platform, because one platform's binary was not to be had when the lock was written. It
 * names no registry.
 */
export function checkLock(tree: Tree): readonly Violation[] {
  const text = tree.get(lockPath) ?? "{}";
  const { packages = {} } = JSON.parse(text) as { packages?: Readonly<Record<string, Locked>> };
  const violations: Violation[] = [];
  const refuse = (path: string, message: string): void => {
    const line = lineOf(text, Math.max(0, text.indexOf(`"${path}"`)));
    violations.push({ path: lockPath, line, message });
  };
  for (const [path, { resolved, optionalDependencies = {} }] of Object.entries(packages)) {
    if (resolved?.startsWith("http") === true) {
      refuse(path, `Cannot lock ${path} to ${resolved}: leave the registry out`);
    }
    for (const [name, wanted] of Object.entries(optionalDependencies)) {
      const found = lockedVersion(packages, path, name);
      if (found === wanted || (found !== undefined && !exact.test(wanted))) continue;
      refuse(path, `Cannot lock ${path}: it wants ${name} ${wanted}, found ${found ?? "none"}`);
    }
  }
  return violations;
}

// Node's own rule: the nearest node_modules upwards wins.
function lockedVersion(
  packages: Readonly<Record<string, Locked>>,
  from: string,
  name: string,
): string | undefined {
  const nested = from.split("/node_modules/");
  const folders = nested.map((_, index) =>
    nested.slice(0, nested.length - index).join("/node_modules/"),
  );
  const places = folders.map((folder) => `${folder}/node_modules/${name}`);
  const nearest = [...places, `node_modules/${name}`].find(
    (place) => packages[place] !== undefined,
  );
  return nearest === undefined ? undefined : packages[nearest]?.version;
}

/** ARCHITECTURE.md names every runtime dependency, in code quotes, with its reason beside it. */
export function checkReasons(tree: Tree): readonly Violation[] {
  const { dependencies = {}, optionalDependencies = {} } = manifestOf(tree);
  const reasons = tree.get("ARCHITECTURE.md") ?? "";
  const families = Object.keys(optionalDependencies).map(familyOf);
  return [...new Set([...Object.keys(dependencies), ...families])]
    .filter((name) => !reasons.includes(`\`${name}`))
    .map((name) => ({
      path: "ARCHITECTURE.md",
      line: 1,
      message: `Cannot find reason for \`${name}\`: every runtime dependency is named with its reason`,
    }));
}

// The same thing packaged once for each platform needs one reason.
function familyOf(name: string): string {
  return name.startsWith("@") ? `${name.split("/")[0] ?? name}/` : name.replace(/-.*$/, "-");
}

/** The pinned Node is one version in package.json, and scripts and documents name no other. */
export function checkNodeVersion(tree: Tree): readonly Violation[] {
  const { optionalDependencies = {} } = manifestOf(tree);
  const pins = Object.entries(optionalDependencies).filter(([name]) => /^node-\w+-\w+$/.test(name));
  const version = pins[0]?.[1];
  if (version === undefined) {
    return [
      { path: manifestPath, line: 1, message: "Cannot find pinned Node: expected node-* packages" },
    ];
  }
  const violations: Violation[] = [];
  for (const [name, other] of pins) {
    if (other === version) continue;
    const message = `Cannot pin ${name} ${other}: the others are ${version}`;
    violations.push({ path: manifestPath, line: manifestLine(tree, name), message });
  }
  return [...violations, ...mentionsOfOtherNodes(tree, version)];
}

function mentionsOfOtherNodes(tree: Tree, version: string): readonly Violation[] {
  const major = version.split(".")[0] ?? "";
  const mention = new RegExp(`\\bv?(${major}\\.\\d+\\.\\d+)\\b`, "g");
  const violations: Violation[] = [];
  for (const [path, text] of tree) {
    if (!/^(?:scripts|docs|\.ci)\/|^[^/]*\.md$/.test(path)) continue;
    for (const found of text.matchAll(mention)) {
      const line = lineOf(text, found.index);
      const named = /node/i.test(text.split("\n")[line - 1] ?? "");
      if (found[1] === version || !named) continue;
      const message = `Cannot name Node ${found[1] ?? ""}: package.json pins ${version}`;
      violations.push({ path, line, message });
    }
  }
  return violations;
}

function manifestLine(tree: Tree, name: string): number {
  const text = tree.get(manifestPath) ?? "";
  return lineOf(text, Math.max(0, text.indexOf(`"${name}"`)));
}
