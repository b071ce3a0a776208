// The words of notices as stored documents; that a version never changes is held by what this file does not offer.

import type { NoticeTexts, NoticeTextsVersion } from "../../flow/notice-ports.ts";
import type { Database } from "./pool.ts";

const select = `select version, hash, state, author, added_at as "addedAt", approved_by as "approvedBy",
  approved_at as "approvedAt", texts from notice_texts`;

/** The port over one database. */
export function noticeTextsIn(db: Database): NoticeTexts {
  return {
    add: async ({ hash, author, addedAt, texts }) => {
      for (;;) {
        // Two that add at once ask for the same number; the one that loses asks again.
        const text = `insert into notice_texts (version, hash, state, author, added_at, texts)
          select coalesce(max(version), 0) + 1, $1, 'draft', $2, $3, $4 from notice_texts
          on conflict do nothing`;
        await db.execute(text, [hash, author, addedAt, texts]);
        const [row] = await db.query<NoticeTextsVersion>(`${select} where hash = $1`, [hash]);
        if (row !== undefined) return row;
      }
    },
    approve: async (version, by, at) => {
      const text = `update notice_texts set state = 'approved', approved_by = $2, approved_at = $3
        where version = $1 and state = 'draft'`;
      return (await db.execute(text, [version, by, at])) === 1;
    },
    find: async (version) => {
      const [row] = await db.query<NoticeTextsVersion>(`${select} where version = $1`, [version]);
      return row ?? null;
    },
    list: () => db.query<NoticeTextsVersion>(`${select} order by version`),
    inForce: async () => {
      const [row] = await db.query<Readonly<{ version: number }>>(
        "select version from notice_texts where state = 'approved' order by approved_at desc, version desc limit 1",
      );
      return row?.version ?? 0;
    },
  };
}
