// A compliance pack in which one thing at a time can be said differently, for the tests of the gate and of whatever
// stands behind it.

import type { BusinessDate } from "../../src/domain/calendar.ts";
import type {
  AdverseActionRule,
  CompliancePack,
  DeliveryRules,
  DeliverySubstitute,
  MandatoryReview,
  NoticeException,
  NoticePeriod,
  PackDuties,
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
  substitutes?: readonly Value<DeliverySubstitute>[];
  shortForm?: Value<boolean>;
  adverseAction?: readonly Value<AdverseActionRule>[];
  mandatory?: readonly Value<MandatoryReview>[];
}>;

/** The rule of a pack that asks for a notice of every change. */
export const tellAlways: Value<AdverseActionRule> = {
  value: {
    id: "every-change",
    if: {},
    notice: "adverse-action",
    content: ["action-taken", "principal-reasons"],
    contentIfBureau: ["bureau-name-and-address"],
    says: { zh: "任何调整均须通知", en: "Every change is notified" },
  },
  status: "contract",
  source: "Test terms 1",
};

/** A pack that says nothing beside the notice. */
export const noDuties: PackDuties = {
  reasons: { required: null, specific: null, onRequest: null, forbiddenTexts: null },
  scoreDisclosure: null,
  consent: { increase: null, decrease: null, products: null },
  explanation: null,
  automation: null,
  overLimitGrace: null,
  excessRepayment: null,
  closure: { onRequest: null, dormant: null, forbiddenGrounds: null },
  voluntaryDecrease: null,
  complaint: { acknowledge: null, final: null, extension: null, outside: null },
  retention: { records: null, assessment: null, logs: null },
  creditBureau: { noticeBeforeReport: null, dispute: null, negativeShown: null },
  fairness: null,
  modelGovernance: null,
  periodicReview: null,
};

/** Three attempts a day apart, then the next channel; five days until a person is asked; no quiet hours. */
export const testDelivery: DeliveryRules = {
  attempts: 3,
  retryHours: 24,
  receiptHours: 72,
  escalateHours: 120,
  personHours: 240,
  quietHours: null,
};

/** A pack of calendar "test": one period for all three changes, no exceptions, no proof of delivery. */
export function packOf(options: PackOptions): CompliancePack {
  const period = value(options.period ?? before(10), options.status);
  return {
    id: "test",
    version: 3,
    jurisdiction: "test",
    label: { zh: "测试", en: "Test" },
    release: { zh: "首版", en: "First release" },
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
      substitutes: options.substitutes ?? [],
      shortFormSuffices: options.shortForm ?? value(true),
      delivery: value(testDelivery),
    },
    adverseAction: options.adverseAction ?? [tellAlways],
    reasons: { maximum: value(4), forbidden: value([]) },
    humanReview: { right: value(true), mandatory: options.mandatory ?? [] },
    belowDrawnAllowed: value(false),
    duties: noDuties,
  };
}
