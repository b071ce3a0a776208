// Values that carry both languages, told in one: for answers to a reader whose language is known.

import { languages, type Language } from "../domain/text.ts";

/** A copy of plain data in which every `{zh, en}` text is the text of that language. */
export function localised(value: unknown, language: Language): unknown {
  if (Array.isArray(value)) return value.map((one) => localised(one, language));
  if (typeof value !== "object" || value === null) return value;
  const keys = Object.keys(value);
  if (keys.length === languages.length && languages.every((one) => Object.hasOwn(value, one))) {
    return (value as Record<Language, unknown>)[language];
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, localised(member, language)]),
  );
}
