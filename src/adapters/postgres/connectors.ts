// What is remembered of asking sources in PostgreSQL. A breaker changes only under the version that was seen, so that of two
// processes that want to try a source at the same moment one does.

import type { ConnectorAsk, ConnectorCost } from "../../domain/connector.ts";
import { closedBreaker, type Breaker } from "../../domain/circuit-breaker.ts";
import type { Connectors } from "../../flow/connector-ports.ts";
import { checkLimit, listInTime, pageOf, parseCursor } from "../store/cursor.ts";
import { conditions } from "./conditions.ts";
import type { Database } from "./pool.ts";

const columns: readonly (readonly [keyof ConnectorAsk, string])[] = [
  ["id", "id"],
  ["source", "source"],
  ["lineId", "line_id"],
  ["purpose", "purpose"],
  ["at", "asked_at"],
  ["on", "asked_on"],
  ["by", "asked_by"],
  ["outcome", "outcome"],
  ["because", "because"],
  ["calls", "calls"],
  ["costMinor", "cost_minor"],
  ["currency", "currency"],
  ["tookMs", "took_ms"],
];

const select = `select ${columns.map(([field, name]) => `t.${name} as "${field}"`).join(", ")}
  from connector_ask t`;
const insert = `insert into connector_ask (${columns.map(([, name]) => name).join(", ")})
  values (${columns.map((_, at) => `$${at + 1}`).join(", ")}) on conflict (id) do nothing`;
const sums = `select source, asked_on as "on", currency, count(*)::int as asks, sum(calls)::int as calls,
  sum(cost_minor)::bigint as "costMinor" from connector_ask where asked_on between $1 and $2
  group by source, asked_on, currency order by asked_on desc, source, currency`;
const first = `insert into connector_breaker (source, breaker, ver) values ($1, $2::jsonb, 1)
  on conflict (source) do nothing`;
const next = `update connector_breaker set breaker = $2::jsonb, ver = ver + 1
  where source = $1 and ver = $3`;

/** The port over one database. */
export function connectorsIn(db: Database): Connectors {
  return {
    breaker: async (source) => {
      const [row] = await db.query<Readonly<{ breaker: Breaker; ver: number }>>(
        "select breaker, ver from connector_breaker where source = $1",
        [source],
      );
      return row ?? { breaker: closedBreaker, ver: 0 };
    },
    putBreaker: async (source, breaker, ver) => {
      const text = JSON.stringify(breaker);
      const changed =
        ver === 0
          ? await db.execute(first, [source, text])
          : await db.execute(next, [source, text, ver]);
      return changed === 1;
    },
    keep: async (ask) => {
      await db.execute(
        insert,
        columns.map(([field]) => ask[field]),
      );
    },
    asks: async (page, filter) => {
      const list = listInTime("connector_ask", page);
      const after = parseCursor(list, page.after);
      const where = conditions();
      for (const name of ["source", "outcome"] as const) {
        if (filter[name] !== undefined) where.add(`t.${name} = ?`, filter[name]);
      }
      const [beyond, way] = page.newestFirst === true ? ["<", "desc"] : [">", "asc"];
      if (after !== null) {
        where.add(`(t.asked_at, t.id) ${beyond} (?::timestamptz, ?::uuid)`, after.at, after.id);
      }
      const tail = `order by t.asked_at ${way}, t.id ${way} limit ${checkLimit(page.limit) + 1}`;
      const found = await db.query<ConnectorAsk>(`${select} ${where.text()} ${tail}`, where.values);
      return pageOf(list, found, page.limit, ({ at, id }) => ({ at, id }));
    },
    costs: (from, to) => db.query<ConnectorCost>(sums, [from, to]),
  };
}
