// Emergency profiles. A profile stays whatever became of it; the sweeps that it started name it.

import { isId, type Id } from "../../domain/id.ts";
import type { Emergencies, EmergencyProfile } from "../../portfolio/emergency-ports.ts";
import { checkLimit } from "../store/cursor.ts";
import type { Database } from "./pool.ts";

type Row = Omit<EmergencyProfile, "strategy"> &
  Readonly<{ strategyId: string; strategyVersion: number; strategyHash: string }>;

const select = `select id, name, strategy_id as "strategyId", strategy_version as "strategyVersion",
  strategy_hash as "strategyHash", portfolio, regions, industries, daily_cap_minor as "dailyCapMinor",
  valid_until as "validUntil", reason, author, proposed_at as "proposedAt", state, decided_by as "decidedBy",
  decided_at as "decidedAt" from emergency_profile`;

async function read(
  db: Database,
  where: string,
  values: readonly unknown[],
): Promise<readonly EmergencyProfile[]> {
  const found = await db.query<Row>(`${select} ${where}`, values);
  return found.map(({ strategyId: id, strategyVersion: version, strategyHash: hash, ...rest }) => ({
    ...rest,
    strategy: { id, version, hash },
  }));
}

/** The port over one database. */
export function emergenciesIn(db: Database): Emergencies {
  return {
    propose: async (profile) => {
      const { strategy } = profile;
      const text = `insert into emergency_profile (id, name, strategy_id, strategy_version, strategy_hash, portfolio,
          regions, industries, daily_cap_minor, valid_until, reason, author, proposed_at, state)
        values ($1, $2, $3, $4, $5, $6, $7::jsonb, $8::jsonb, $9, $10, $11, $12, $13, $14) on conflict (id) do nothing`;
      await db.execute(text, [
        ...[profile.id, profile.name, strategy.id, strategy.version, strategy.hash],
        ...[profile.portfolio, JSON.stringify(profile.regions), JSON.stringify(profile.industries)],
        ...[profile.dailyCapMinor, profile.validUntil, profile.reason, profile.author],
        ...[profile.proposedAt, profile.state],
      ]);
    },
    find: async (id) => (isId(id) ? ((await read(db, "where id = $1", [id]))[0] ?? null) : null),
    list: async (after, limit) => {
      const order = `order by proposed_at desc, id desc limit ${checkLimit(limit)}`;
      if (after === null) return read(db, order, []);
      if (!isId(after)) return [];
      const where =
        "where (proposed_at, id) < (select proposed_at, id from emergency_profile where id = $1)";
      return read(db, `${where} ${order}`, [after]);
    },
    enter: async (id, from, to, by, at) => {
      const text = `update emergency_profile set state = $3, decided_by = $4, decided_at = $5
        where id = $1 and state = any($2::text[])`;
      return (await db.execute(text, [id, from, to, by, at])) === 1;
    },
    startsOf: async (id) => {
      const text = `select id from sweep where emergency ->> 'profileId' = $1 order by started_at desc, id desc`;
      return (await db.query<Readonly<{ id: Id }>>(text, [id])).map((sweep) => sweep.id);
    },
  };
}
