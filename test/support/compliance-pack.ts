// A compliance pack in which one thing at a time can be said differently, for the tests of the gate and of whatever
// stands behind it.

import type { BusinessDate } from "../../src/domain/calendar.ts";
import type {
  CompliancePack,
  NoticeException,
  NoticePeriod,
  Value,
  ValueStatus,
} from "../../src/compliance/pack.ts";

/** A text as a business date. */
export const day = (text: string): BusinessDate => text as BusinessDate;
export const before = (
  days: number,
  counting: NoticePeriod["counting"] = "business",
): NoticePeriod => ({
  when: "before",
  days,
  counting,
});
export const at: NoticePeriod = { when: "at", days: 0, counting: "calendar" };
export const after = (days: number): NoticePeriod => ({
  when: "after",
  days,
  counting: "calendar",
});

/** A value of a pack; confirmed unless it says otherwise. */
export function value<T>(
  content: T,
  status: ValueStatus = "confirmed",
  source = "Test law 1",
): Value<T> {
  return { value: content, status, source };
}

export type PackOptions = Readonly<{
  period?: NoticePeriod;
  status?: ValueStatus;
  exceptions?: readonly Value<NoticeException>[];
  proof?: Value<boolean>;
}>;

/** A pack of calendar "test": one period for all three changes, no exceptions, no proof of delivery. */
export function packOf(options: PackOptions): CompliancePack {
  const period = value(options.period ?? before(10), options.status);
  return {
    id: "test",
    version: 3,
    jurisdiction: "test",
    label: { zh: "测试", en: "Test" },
    productScope: ["consumer-line"],
    effectiveFrom: day("2000-01-01"),
    effectiveTo: null,
    calendar: "test",
    notice: {
      decrease: period,
      freeze: period,
      close: period,
      exceptions: options.exceptions ?? [],
      channels: value(["in-app"]),
      proofOfDelivery: options.proof ?? value(false),
    },
    reasons: { maximum: value(4), forbidden: value([]) },
    humanReview: { right: value(true) },
    belowDrawnAllowed: value(false),
  };
}
