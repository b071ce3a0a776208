// The invented people of the demo portfolio. Everything about one follows from the seed and its number; names begin
// with 演示 or Demo, telephone numbers lie in a range that no network uses, and mail goes to example.invalid.

import type { IdentityField } from "../domain/customer.ts";
import type { Language } from "../domain/text.ts";
import { demoShock } from "./demo-calendar.ts";
import { pickWeighted, randomOf, type Random, type Weighted } from "./demo-random.ts";

export type DemoTier = "premium" | "standard" | "basic";

/** One customer. Income in minor units a month, before anything happens. */
export type DemoCustomer = Readonly<{
  /** number of the customer: that of its first line, from 0 */
  number: number;
  reference: string;
  language: Language;
  identity: Readonly<Record<IdentityField, string>>;
  region: string;
  industry: string;
  tier: DemoTier;
  incomeMinor: number;
  incomeKnown: boolean;
  bureauBase: number;
  /** month (1 to 12) in which the customer's own trouble begins, null for most; how many points it costs */
  troubleMonth: number | null;
  troublePoints: number;
  /** points that the shock costs this customer, 0 for most */
  shockPoints: number;
  /** how hard the shock hits the customer's payments, 0 to 1 */
  shockStrength: number;
}>;

const regions: Weighted<string> = [
  ["north", 15],
  ["northeast", 8],
  ["east", 28],
  ["south", 18],
  ["central", 14],
  ["southwest", 11],
  ["northwest", 6],
];

const industries: Weighted<string> = [
  ["public", 12],
  ["finance", 7],
  ["technology", 11],
  ["manufacturing", 20],
  ["retail", 17],
  ["catering", 9],
  ["construction", 9],
  ["real-estate", 4],
  ["other", 11],
];

const tiers: Weighted<DemoTier> = [
  ["premium", 18],
  ["standard", 57],
  ["basic", 25],
];

/** Income in yuan a month and the middle of the bureau score. */
const tierShapes: Readonly<
  Record<DemoTier, Readonly<{ income: [number, number]; score: number }>>
> = {
  premium: { income: [18_000, 60_000], score: 785 },
  standard: { income: [6_000, 22_000], score: 735 },
  basic: { income: [3_000, 9_000], score: 695 },
};

const surnames = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜".split("");
const givenNames = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚".split("");
const englishNames = "Alex Blair Casey Drew Emery Finley Gray Harper Indigo Jules".split(" ");

/** The customer of a number. */
export function demoCustomer(seed: number, number: number): DemoCustomer {
  const random = randomOf(seed, 1, number);
  const language: Language = random.chance(0.08) ? "en" : "zh";
  const identity = identityOf(random, number, language);
  const tier = pickWeighted(random, tiers);
  const [low, high] = tierShapes[tier].income;
  const region = pickWeighted(random, regions);
  const industry = pickWeighted(random, industries);
  const troubled = random.chance(0.05);
  return {
    ...{ number, language, identity, tier, region, industry },
    reference: demoCustomerReference(number),
    incomeMinor: Math.round(random.share(low, high)) * 100,
    incomeKnown: random.chance(0.75),
    bureauBase: Math.round(tierShapes[tier].score + 32 * random.bell()),
    troubleMonth: troubled ? random.between(1, 12) : null,
    troublePoints: troubled ? random.between(55, 130) : 0,
    ...shockOf(random, region, industry),
  };
}

/** The lender's reference of a customer, by number. */
export function demoCustomerReference(number: number): string {
  return `TC${digits(number, 7)}`;
}

/** Where region and industry meet nearly all are hit; one of the two alone hits few, and lightly. */
function shockOf(
  random: Random,
  region: string,
  industry: string,
): Pick<DemoCustomer, "shockPoints" | "shockStrength"> {
  const inRegion = region === demoShock.region;
  const inIndustry = demoShock.industries.some((one) => one === industry);
  const [share, low, high, strength] =
    inRegion && inIndustry
      ? [0.85, 70, 150, 1]
      : inRegion || inIndustry
        ? [0.25, 15, 55, 0.15]
        : [0, 0, 0, 0];
  const hit = random.chance(share);
  const points = random.between(low, high);
  return { shockPoints: hit ? points : 0, shockStrength: hit ? strength : 0 };
}

function identityOf(random: Random, number: number, language: Language): DemoCustomer["identity"] {
  const surname = random.pick(surnames);
  const second = random.pick(givenNames);
  const third = random.chance(0.6) ? random.pick(givenNames) : "";
  const english = `Demo ${random.pick(englishNames)} ${digits(number, 4)}`;
  return {
    name: language === "zh" ? `演示${surname}${second}${third}` : english,
    phone: `+86 100 ${digits(Math.floor(number / 10_000), 4)} ${digits(number % 10_000, 4)}`,
    email: `demo${number}@example.invalid`,
    address: language === "zh" ? `演示市样例路 ${number} 号` : `${number} Sample Road, Demo City`,
    document: `DEMO${digits(random.between(0, 99_999_999), 8)}${digits(number, 7)}`,
  };
}

/** A whole number with leading zeros. */
export function digits(value: number, length: number): string {
  return String(value).padStart(length, "0");
}
