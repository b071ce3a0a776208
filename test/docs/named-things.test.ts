// What documents name is there: commands with their options, routes of the API, settings. A guide that is read years from
// now must not send anybody to something that was renamed.
import { expect, test } from "vitest";
import { settings } from "../../src/adapters/settings.ts";
import {
  commandLines,
  namedCommands,
  unknownCommands,
  unknownOptions,
} from "../support/documented-commands.ts";
import { proseOf, quotedIn, readDocument, readDocuments } from "../support/documents.ts";

const documents = [...readDocuments()];

test("every command in every document exists, with its options", () => {
  expect(commandLines().length).toBeGreaterThan(30);
  expect(namedCommands().length).toBeGreaterThan(30);
  expect(unknownCommands()).toEqual([]);
  expect(unknownOptions()).toEqual([]);
});

test("every route that a document names exists", () => {
  const reference = readDocument("docs/reference/api.md");
  const routes = new Set([...reference.matchAll(/^### (\w+ \/\S+)$/gm)].map(([, route]) => route));
  const paths = new Set([...routes].map((route) => route?.split(" ")[1]));
  const named = documents.flatMap(([path, text]) =>
    quotedIn(proseOf(text)).flatMap((word) => {
      const [, verb, route] = /^(?:([A-Z]+) )?(\/v1\/[^?\s]+)/.exec(word) ?? [];
      return route === undefined ? [] : [{ path, verb, route }];
    }),
  );
  const unknown = named.filter(({ verb, route }) =>
    verb === undefined ? !paths.has(route) : !routes.has(`${verb} ${route}`),
  );
  expect(named.length).toBeGreaterThan(20);
  expect(unknown).toEqual([]);
});

test("every setting that a document names exists", () => {
  const known = new Set([...settings.map(({ env }) => env), ...ofTests]);
  const named = documents.flatMap(([path, text]) =>
    [...text.matchAll(/\bTIDEMARK_[A-Z_]+\b/g)].map(([env]) => ({ path, env })),
  );
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter(({ env }) => !known.has(env))).toEqual([]);
});

/** Of `npm run test:browser`. */
const ofTests = ["TIDEMARK_PICTURES"];
