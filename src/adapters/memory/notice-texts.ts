// The words of notices in memory, held to the same rules as the table: one version per text, one number per version.

import type { NoticeTexts, NoticeTextsVersion } from "../../flow/notice-ports.ts";
import type { Tables } from "./tables.ts";

/** The port over the tables. */
export function noticeTextsIn({ noticeTexts }: Tables): NoticeTexts {
  const all = (): readonly NoticeTextsVersion[] => [...noticeTexts.values()];
  return {
    add: async (draft) => {
      const known = all().find(({ hash }) => hash === draft.hash);
      if (known !== undefined) return known;
      const version = noticeTexts.size + 1;
      const added = {
        ...draft,
        version,
        state: "draft",
        approvedBy: null,
        approvedAt: null,
      } as const;
      noticeTexts.set(version, added);
      return added;
    },
    approve: async (version, by, at) => {
      const found = noticeTexts.get(version);
      if (found?.state !== "draft") return false;
      noticeTexts.set(version, { ...found, state: "approved", approvedBy: by, approvedAt: at });
      return true;
    },
    find: async (version) => noticeTexts.get(version) ?? null,
    list: async () => all(),
    inForce: async () => {
      const approved = all().filter(({ state }) => state === "approved");
      const [latest] = approved.toSorted(
        (one, other) =>
          Date.parse(other.approvedAt!) - Date.parse(one.approvedAt!) ||
          other.version - one.version,
      );
      return latest?.version ?? 0;
    },
  };
}
