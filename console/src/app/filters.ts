// Filters, sorting and the place in a list live in the address, so that reload, back and a sent link show the same rows.
import { useLocation, useNavigate, useSearchParams } from "react-router";
import type { Filters } from "../api/reads.ts";

export type UrlFilters = Readonly<{
  /** what to ask the server: the query of the address over the defaults */
  asked: Filters;
  /** names that stand in the address */
  named: readonly string[];
  get: (name: string) => string;
  /** sets some (empty: takes away) and goes back to the first page */
  set: (changes: Readonly<Record<string, string | null>>) => void;
  clear: () => void;
  /** leads to the page that begins after a cursor */
  next: (after: string) => void;
  /** leads to the page before; null on the first one */
  previous: (() => void) | null;
}>;

type Trail = Readonly<{ trail?: readonly string[] }>;

/** In the address where a default was taken away. */
export const any = "any";
const noDefaults: Filters = {};

export function useFilters(defaults: Filters = noDefaults): UrlFilters {
  const [params, setParams] = useSearchParams();
  const navigate = useNavigate();
  const location = useLocation();
  const given = Object.entries({ ...defaults, ...Object.fromEntries(params) });
  const asked = Object.fromEntries(given.filter(([, value]) => value !== any));
  const trail = (location.state as Trail | null)?.trail ?? [];
  const go = (query: URLSearchParams, state: Trail): void => {
    void navigate({ search: query.toString() }, { state });
  };
  const moved = (after: string | null): URLSearchParams => {
    const query = new URLSearchParams(params);
    if (after === null || after === "") query.delete("after");
    else query.set("after", after);
    return query;
  };
  return {
    asked,
    named: [...params.keys()],
    get: (name) => asked[name] ?? "",
    set: (changes) => {
      const query = moved(null);
      for (const [name, value] of Object.entries(changes)) {
        const without = value === null || value === "";
        if (without && defaults[name] !== undefined) query.set(name, any);
        else if (without || value === defaults[name]) query.delete(name);
        else query.set(name, value);
      }
      go(query, {});
    },
    clear: () => setParams({}),
    next: (after) => go(moved(after), { trail: [...trail, params.get("after") ?? ""] }),
    previous:
      asked["after"] === undefined
        ? null
        : () => go(moved(trail.at(-1) ?? null), { trail: trail.slice(0, -1) }),
  };
}
