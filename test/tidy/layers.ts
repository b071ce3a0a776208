// The layer table: which folder of src may import which, and which packages. It is data, read top to bottom like the
// table in ARCHITECTURE.md, and the check below holds every import of src against it.
import { parseSource, resolveImport } from "./syntax.ts";
import { isSource, isTest, lineOf, type Tree, type Violation } from "./tree.ts";

type Layer = Readonly<{
  /** Paths that belong to the layer: folders end with a slash. */
  own: readonly string[];
  /** Path prefixes under src/ that it may import besides its own. */
  imports: readonly string[];
  /** Packages it may import: all, or the named ones. */
  packages: "all" | readonly string[];
}>;

const pure = ["domain/", "policy/", "model/", "audit/", "compliance/"];

/** The layers from the inside out. */
const layers: Readonly<Record<string, Layer>> = {
  domain: { own: ["domain/"], imports: [], packages: [] },
  policy: { own: ["policy/"], imports: ["domain/"], packages: ["decimal.js"] },
  model: { own: ["model/"], imports: ["domain/", "policy/"], packages: [] },
  audit: { own: ["audit/"], imports: ["domain/"], packages: [] },
  compliance: {
    own: ["compliance/"],
    imports: ["domain/", "policy/expression"],
    packages: [],
  },
  flow: { own: ["flow/"], imports: pure, packages: [] },
  portfolio: { own: ["portfolio/"], imports: [...pure, "flow/"], packages: [] },
  adapters: {
    own: ["adapters/"],
    imports: [
      ...pure,
      "flow/ports.ts",
      "flow/connector-ports.ts",
      "flow/environment-ports.ts",
      "flow/core-ports.ts",
      "flow/hold-ports.ts",
      "flow/notice-ports.ts",
      "flow/review-ports.ts",
      "flow/dead-letter-ports.ts",
      "flow/state.ts",
      "flow/step.ts",
      "portfolio/ports.ts",
      "portfolio/comparison.ts",
      "portfolio/emergency-ports.ts",
      "portfolio/experiment-ports.ts",
      "portfolio/view-ports.ts",
      "portfolio/report-delivery.ts",
      "portfolio/report-document.ts",
      "portfolio/report-ports.ts",
      "portfolio/sweep-counts.ts",
      "portfolio/transparency-ports.ts",
      "portfolio/wave-counts.ts",
      "portfolio/wave-ports.ts",
    ],
    packages: "all",
  },
  library: { own: ["index.ts"], imports: [...pure, "flow/", "portfolio/"], packages: [] },
  composition: {
    own: [
      "compose.ts",
      "crew.ts",
      "crew-member.ts",
      "demo-job.ts",
      "sweep-job.ts",
      "wave-undo-job.ts",
      "serve.ts",
      "server-hooks.ts",
      "cli/",
    ],
    imports: [...pure, "flow/", "portfolio/", "adapters/"],
    packages: "all",
  },
};

/** The name of the layer that a path belongs to. */
export function layerOf(path: string): string | undefined {
  const inside = path.replace(/^src\//, "");
  return Object.keys(layers).find((name) => startsWithAny(inside, layers[name]?.own ?? []));
}

/**
 * Every import of src is allowed by the table. Tests beside the source may use packages and `node:` modules, and the
 * repository's test support, but cross no layer.
 */
export function checkLayers(tree: Tree): readonly Violation[] {
  const violations: Violation[] = [];
  for (const [path, text] of tree) {
    if (!isSource(path)) continue;
    const name = layerOf(path);
    const layer = name === undefined ? undefined : layers[name];
    if (name === undefined || layer === undefined) {
      violations.push({ path, line: 1, message: "Cannot place file: it belongs to no layer" });
      continue;
    }
    for (const { specifier, start } of parseSource(path, text).imports) {
      const refusal = refuseImport(path, layer, specifier);
      if (refusal === undefined) continue;
      const message = `Cannot import ${specifier} in ${name}: ${refusal}`;
      violations.push({ path, line: lineOf(text, start), message });
    }
  }
  return violations;
}

function refuseImport(path: string, layer: Layer, specifier: string): string | undefined {
  const target = resolveImport(path, specifier);
  if (target === undefined) {
    const allowed = layer.packages === "all" || isTest(path) || isOneOf(specifier, layer.packages);
    return allowed ? undefined : "the layer allows no such package";
  }
  if (target === "package.json") return undefined;
  if (!target.startsWith("src/")) {
    return isTest(path) && target.startsWith("test/") ? undefined : "it lies outside src";
  }
  const inside = target.slice("src/".length);
  if (startsWithAny(inside, layer.own) || startsWithAny(inside, layer.imports)) return undefined;
  return `the layer allows ${layer.imports.join(" ") || "no other layer"}`;
}

function startsWithAny(text: string, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => text.startsWith(prefix));
}

function isOneOf(specifier: string, packages: readonly string[]): boolean {
  return packages.some((name) => specifier === name || specifier.startsWith(`${name}/`));
}
