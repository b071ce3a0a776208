// The OpenAPI document speaks both languages at once, English first, because a document has no Accept-Language.

/** Both texts in one, as descriptions and summaries are written. */
export function bilingual(en: string, zh: string): string {
  return `${en} · ${zh}`;
}
