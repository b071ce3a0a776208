// SMS and push carry a short form: what changes and when, who says so, and the number to the whole notice; nothing about the
// account and no reason. How long it may be is a law of the texts, held where they are read and with the widest values there
// can be, so that no customer ever gets half a sentence.

import type { BusinessDate } from "../../domain/calendar.ts";
import { currencyExponents, type Currency } from "../../domain/money.ts";
import { languages, type Language, type Text } from "../../domain/text.ts";
import { changing, type Catalogue } from "./catalogue.ts";
import type { Contact } from "./contact.ts";
import { amountForm, dateForm, withoutRareSigns } from "./notice-format.ts";

/** Room in two joined SMS: two times 153 in the alphabet of GSM 03.38, two times 67 where one character is not in it. */
export const longestShort = { gsm: 306, ucs2: 134 } as const;

const gsmAlphabet = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
);
const gsmExtension = new Set("^{}\\[~]|€\f");

/** What a text takes of an SMS, and the room that there is: a character of the extension of GSM 03.38 takes two. */
export function roomOf(text: string): Readonly<{ taken: number; most: number }> {
  let taken = 0;
  for (const character of text) {
    if (gsmAlphabet.has(character)) taken += 1;
    else if (gsmExtension.has(character)) taken += 2;
    else return { taken: text.length, most: longestShort.ucs2 };
  }
  return { taken, most: longestShort.gsm };
}

const currencies = Object.keys(currencyExponents) as readonly Currency[];
const widestAmountMinor = 99_999_999_999;
const widestDates = ["2026-09-30" as BusinessDate, "2026-12-30" as BusinessDate];

/** The values that a short form may have to carry: in every currency, and with the longest date of each language. */
function widestValues(
  language: Language,
): readonly Readonly<
  Record<"newLimit" | "effectiveOn" | "answerBy" | "minimumDue" | "dueOn", string>
>[] {
  return currencies.flatMap((currency) =>
    widestDates.map((day) => {
      const date = dateForm(day, language);
      const amount = amountForm(widestAmountMinor, currency);
      const dates = { effectiveOn: date, answerBy: date, dueOn: date };
      return { newLimit: amount, minimumDue: amount, ...dates };
    }),
  );
}

/** What is too long in the short forms that texts give this lender; empty where each fits into two messages. */
export function shortProblems(
  catalogue: Pick<Catalogue, "format">,
  { lender, phone }: Pick<Contact, "lender" | "phone">,
): readonly Text[] {
  return languages.flatMap((language) =>
    [...changing, "reminder" as const].flatMap((action) => {
      const rooms = widestValues(language).map((values) => {
        const subject = catalogue.format(language, `${action}.subject`, values);
        const about = { subject: withoutRareSigns(subject), lender: lender[language], phone };
        return roomOf(catalogue.format(language, "short.text", about));
      });
      const tight = rooms.reduce((one, other) =>
        other.taken - other.most > one.taken - one.most ? other : one,
      );
      const { taken, most } = tight;
      if (taken <= most) return [];
      return [
        {
          en: `${language}: found a short form of ${taken} characters for ${action}, expected at most ${most}`,
          zh: `${language}：${action} 的短文本为 ${taken} 个字符，不应超过 ${most} 个`,
        },
      ];
    }),
  );
}
