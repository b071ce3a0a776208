// Every text a person reads exists in Chinese and English; neither is a translation fallback for the other.

export const languages = ["zh", "en"] as const;

export type Language = (typeof languages)[number];

/** One text in both languages. Neither may be empty. */
export type Text = Readonly<Record<Language, string>>;
