// SMS and push carry a short form: what changes and when, who says so, and the number to the whole notice; nothing about the
// account and no reason. How long it may be is a law of the texts, held where they are read and with the widest values there
// can be, so that no customer ever gets half a sentence.

import type { BusinessDate } from "../../domain/calendar.ts";
import { languages, type Language, type Text } from "../../domain/text.ts";
import { changing, type Catalogue } from "./catalogue.ts";
import type { Contact } from "./contact.ts";
import { amountForm, dateForm } from "./notice-format.ts";

/** Characters of two joined SMS: in the alphabet of GSM 03.38 two times 153, in UCS-2 two times 67. */
export const longestShort: Readonly<Record<Language, number>> = { en: 306, zh: 134 };

const widestAmount = amountForm(99_999_999_999, "HKD");
const widestDate = "2026-09-30" as BusinessDate;

/** What is too long in the short forms that texts give this lender; empty where each fits into two messages. */
export function shortProblems(
  catalogue: Pick<Catalogue, "format">,
  { lender, phone }: Pick<Contact, "lender" | "phone">,
): readonly Text[] {
  return languages.flatMap((language) =>
    changing.flatMap((action) => {
      const date = dateForm(widestDate, language);
      const subject = catalogue.format(language, `${action}.subject`, {
        ...{ newLimit: widestAmount, effectiveOn: date, answerBy: date },
      });
      const about = { subject, lender: lender[language], phone };
      const { length } = catalogue.format(language, "short.text", about);
      const most = longestShort[language];
      if (length <= most) return [];
      return [
        {
          en: `${language}: found a short form of ${length} characters for ${action}, expected at most ${most}`,
          zh: `${language}：${action} 的短文本为 ${length} 个字符，不应超过 ${most} 个`,
        },
      ];
    }),
  );
}
