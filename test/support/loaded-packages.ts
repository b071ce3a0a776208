// Preloaded by a process (`--import`): writes down which packages it loaded, to the file named in LOADED_PACKAGES, one name
// a line, when it ends.

import { writeFileSync } from "node:fs";
import { registerHooks } from "node:module";

const packages = new Set<string>();

registerHooks({
  resolve: (specifier, context, next) => {
    const resolved = next(specifier, context);
    const name = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(resolved.url)?.[1];
    if (name !== undefined) packages.add(name);
    return resolved;
  },
});

process.on("exit", () => writeFileSync(process.env["LOADED_PACKAGES"]!, [...packages].join("\n")));
