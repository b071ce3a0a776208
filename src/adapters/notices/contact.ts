// Who the lender is, where the customer reaches people, and whom a notice must name beside the lender: the agency that
// supervises it and the credit bureau it asked, per jurisdiction.

import type { Text } from "../../domain/text.ts";

/** Somebody a notice names, with the address that the law asks for. */
export type NamedParty = Readonly<{ name: Text; address: Text }>;

/** Where a customer reaches the lender. `where` says how to ask for an explanation, a review or an appeal. */
export type Contact = Readonly<{
  lender: Text;
  address: Text;
  phone: string;
  hours: Text;
  where: Text;
  /** where and how to complain */
  complaint: Text;
  /** by jurisdiction; needed where its packs ask for the agency */
  agencies: Readonly<Record<string, NamedParty>>;
  /** by jurisdiction; needed where its packs ask for the bureau */
  bureaus: Readonly<Record<string, NamedParty & Readonly<{ phone: string }>>>;
}>;

/** The contact of the sandbox lender; a real one comes from the file of TIDEMARK_CONTACT. */
export const sampleContact: Contact = {
  lender: { zh: "示例消费金融", en: "Sample Consumer Finance" },
  address: { zh: "示例市示例路 1 号", en: "1 Sample Road, Sample City" },
  phone: "400-000-0000",
  hours: { zh: "每日 9:00–21:00", en: "daily 9:00–21:00" },
  where: {
    zh: "您可以在应用内“我的额度”页面要求说明、人工复核或提出申诉。",
    en: "Ask for an explanation, a review by a person or an appeal on the page My Line in the app.",
  },
  complaint: {
    zh: "可致电客服热线或在应用内“投诉与建议”页面提出。",
    en: "call us or write on the page Complaints in the app.",
  },
  agencies: {
    us: {
      name: {
        zh: "美国消费者金融保护局",
        en: "Bureau of Consumer Financial Protection",
      },
      address: {
        zh: "1700 G Street NW., Washington, DC 20552",
        en: "1700 G Street NW., Washington, DC 20552",
      },
    },
  },
  bureaus: {
    us: {
      name: { zh: "示例征信机构", en: "Sample Credit Bureau" },
      address: { zh: "示例市示例路 2 号", en: "2 Sample Road, Sample City" },
      phone: "800-000-0000",
    },
  },
};
