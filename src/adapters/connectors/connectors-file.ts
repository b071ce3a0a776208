// The sources as people write them: a YAML file, checked whole when Tidemark starts, so that no request leaves by a rule that
// nobody meant.

import { setTimeout as pause } from "node:timers/promises";
import type { ConnectorSpec } from "../../domain/connector-spec.ts";
import type { Sources } from "../../flow/connector-ports.ts";
import { parseConnectors } from "../../policy/parse-connectors.ts";
import { readCheckedFile } from "../files/checked-file.ts";
import { fetchByHttp } from "./http-source.ts";

/** Reads a connectors file. Throws a Fault that names every problem with file, line, field, what was found and expected. */
export function readConnectorsFile(path: string): ReadonlyMap<string, ConnectorSpec> {
  return readCheckedFile(path, { en: "connectors file", zh: "外部数据来源文件" }, (found) => {
    const parsed = parseConnectors(found);
    return "specs" in parsed ? { value: parsed.specs } : parsed;
  });
}

/** The sources over the network of this machine, with real time and real chance. */
export function networkSources(
  specs: Sources["specs"],
  environment: Readonly<Record<string, string | undefined>>,
): Sources {
  return {
    specs,
    fetch: (spec, subject) => fetchByHttp(spec, spec.http!, subject, environment),
    nowMs: () => Date.now(),
    pause: (ms) => pause(ms),
    chance: () => Math.random(),
  };
}
