// Why the signed-in account may not decide a case: the same law as the server's, told before trying.
import type { Me, ReviewCase } from "../api/reads.ts";
import type { Say, Word } from "../app/text.ts";

/** The roles that work on a queue. */
export function worksOn(queue: ReviewCase["queue"], me: Me): boolean {
  return me.roles.some((role) => role === queue || (role === "approver" && queue === "reviewer"));
}

/** Whoever leads a queue hands out its cases. */
export function leads(queue: ReviewCase["queue"], me: Me): boolean {
  return me.roles.includes(queue === "reviewer" ? "approver" : queue);
}

type Told = Readonly<{ t: Say; word: Word; impact: string }>;

/** Resolved, or in a queue of another role; null when neither. */
export function closedReason(review: ReviewCase, me: Me, { t, word }: Told): string | null {
  if (review.state !== "open") return t("review.isResolved");
  const { queue } = review;
  return worksOn(queue, me) ? null : t("review.otherQueue", { queue: word("role", queue) });
}

/** In somebody else's hands. */
export function takenReason({ assignedTo }: ReviewCase, me: Me, { t }: Told): string | null {
  return assignedTo === null || assignedTo === me.id ? null : t("review.takenBy");
}

/** A skill or the authority that the account has not; null when it may decide. */
export function lackReason(review: ReviewCase, me: Me, { t, impact }: Told): string | null {
  const missing = review.skills.filter((skill) => !me.skills.includes(skill));
  if (missing.length > 0) return t("review.lacksSkill", { skills: missing.join(", ") });
  if (me.authority === null) return null;
  const { amount, currency } = review.impact;
  const limit = me.authority.find((one) => one.currency === currency)?.amount ?? 0;
  return limit < amount ? t("review.lacksAuthority", { impact }) : null;
}
