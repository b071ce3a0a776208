// A credit line as people and programs see it: amounts as money, no bucket, no personal data.

import { z } from "zod";
import {
  availableCreditMinor,
  lineStatuses,
  type CreditLine,
} from "../../../domain/credit-line.ts";
import type { LineProfile } from "../../../domain/line-profile.ts";
import { moneyWire, wireMoney } from "./money.ts";
import { profileWire, wireProfile } from "./profile.ts";
import { dateWire, idWire } from "./text.ts";
import { bilingual } from "../bilingual.ts";
import type { Withheld } from "../withheld.ts";

export const lineWire = z
  .object({
    id: idWire,
    customerId: idWire,
    reference: z.string(),
    customerReference: z.string(),
    portfolio: z.string(),
    product: z.string(),
    jurisdiction: z.string(),
    status: z.enum(lineStatuses),
    limit: moneyWire,
    drawn: moneyWire.describe(
      bilingual("Negative when the customer paid too much", "客户多还时为负"),
    ),
    pending: moneyWire,
    available: moneyWire.describe(
      bilingual(
        "What can still be drawn; zero unless the line is active",
        "可用额度；非正常状态时为零",
      ),
    ),
    openedOn: dateWire.nullable(),
    lastDecreaseOn: dateWire.nullable(),
    ver: z.int(),
    profile: profileWire
      .nullable()
      .describe(
        bilingual(
          "null without facts, and for borrowers",
          "尚无事实数据时为 null；对借款人亦为 null",
        ),
      ),
  })
  .meta({ id: "Line" });

export type LineWire = z.output<typeof lineWire>;

/** A line with its profile, told without what is `withheld` from the reader. */
export function wireLine(
  line: CreditLine,
  profile: LineProfile | null,
  withheld: Withheld,
): LineWire {
  const { currency } = line;
  return {
    id: line.id,
    customerId: line.customerId,
    reference: line.reference,
    customerReference: line.customerReference,
    portfolio: line.portfolio,
    product: line.product,
    jurisdiction: line.jurisdiction,
    status: line.status,
    limit: wireMoney(line.limitMinor, currency),
    drawn: wireMoney(line.drawnMinor, currency),
    pending: wireMoney(line.pendingMinor, currency),
    available: wireMoney(availableCreditMinor(line), currency),
    openedOn: line.openedOn,
    lastDecreaseOn: line.lastDecreaseOn,
    ver: line.ver,
    profile: profile === null ? null : wireProfile(profile, withheld),
  };
}
