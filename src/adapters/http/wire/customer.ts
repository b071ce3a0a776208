// A customer on the wire. Personal data are told in full only to roles that may read them; to everybody else they are
// masked, so that two customers can be told apart and nobody can be found by them.

import { z } from "zod";
import { customerLinkKinds, identityFields, type IdentityField } from "../../../domain/customer.ts";
import { languages } from "../../../domain/text.ts";
import type {
  CustomerDetail,
  CustomerIdentity,
  CustomerRow,
} from "../../../portfolio/view-ports.ts";
import { bilingual } from "../bilingual.ts";
import type { Withheld } from "../withheld.ts";
import { lineWire, wireLine } from "./line.ts";
import { moneyWire, wireMoney } from "./money.ts";
import { wireExposure } from "./overview.ts";
import { idWire } from "./text.ts";

const exposureWire = z.object({
  currency: z.string(),
  lines: z.int(),
  limit: moneyWire,
  drawn: moneyWire,
  available: moneyWire,
});

const rowFields = {
  id: idWire,
  reference: z.string(),
  language: z.enum(languages),
  lines: z.int().describe(bilingual("Lines within the reader's scope", "可见范围内的授信数")),
  exposure: z
    .array(exposureWire)
    .describe(bilingual("By currency, within the reader's scope", "按币种，限可见范围")),
};

export const customerRowWire = z.object(rowFields).meta({ id: "CustomerRow" });

const identityWire = z
  .object(Object.fromEntries(identityFields.map((field) => [field, z.string().optional()])))
  .describe(bilingual("Masked unless the role may read it", "无权角色仅见脱敏内容"));

export const customerWire = z
  .object({
    ...rowFields,
    identity: identityWire
      .nullable()
      .describe(bilingual("null when the data were erased", "已删除时为 null")),
    masked: z.boolean().describe(bilingual("true: identity is masked", "true 表示身份信息已脱敏")),
    links: z.array(
      z.object({
        kind: z.enum(customerLinkKinds),
        customer: z.object({ id: idWire, reference: z.string() }),
      }),
    ),
    lines: z.array(lineWire),
    openDecisions: z.int(),
    notices: z.int(),
  })
  .meta({ id: "Customer" });

function wireExposures(exposure: CustomerRow["exposure"]): z.output<typeof exposureWire>[] {
  return exposure.map((sum) => ({
    ...wireExposure(sum),
    available: wireMoney(sum.availableMinor, sum.currency),
  }));
}

export function wireCustomerRow(row: CustomerRow): z.output<typeof customerRowWire> {
  const { id, reference, language, exposure } = row;
  const lines = exposure.reduce((sum, one) => sum + one.lines, 0);
  return { id, reference, language, lines, exposure: wireExposures(exposure) };
}

export function wireCustomer(
  customer: CustomerDetail,
  identity: CustomerIdentity,
  mayRead: boolean,
  withheld: Withheld,
): z.output<typeof customerWire> {
  return {
    ...wireCustomerRow(customer),
    identity: identity === null ? null : mayRead ? { ...identity } : maskedIdentity(identity),
    masked: !mayRead,
    links: customer.links.map(({ kind, customerId, reference }) => ({
      kind,
      customer: { id: customerId, reference },
    })),
    lines: customer.lines.map(({ line, profile }) => wireLine(line, profile, withheld)),
    openDecisions: customer.openDecisions,
    notices: customer.notices,
  };
}

const masks: Readonly<Record<IdentityField, (text: string) => string>> = {
  name: (text) => `${Array.from(text)[0] ?? ""}**`,
  phone: (text) => `***${lastOf(text, 4)}`,
  email: (text) => `${Array.from(text)[0] ?? ""}***${/@.*$/.exec(text)?.[0] ?? ""}`,
  address: () => "***",
  document: (text) => `***${lastOf(text, 2)}`,
};

/** The last characters, and none where they would be most of the text. */
function lastOf(text: string, count: number): string {
  const characters = Array.from(text);
  return characters.length < count * 2 ? "" : characters.slice(-count).join("");
}

/** Personal data of which only so much is left that two people can be told apart. */
export function maskedIdentity(
  identity: NonNullable<CustomerIdentity>,
): NonNullable<CustomerIdentity> {
  const held = identityFields.filter((field) => identity[field] !== undefined);
  return Object.fromEntries(held.map((field) => [field, masks[field](identity[field]!)]));
}
