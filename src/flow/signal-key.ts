// A signal counts once per (source, id); this is the key of that pair.

/** JSON of the pair: no two pairs share it. */
export function signalKey(source: string, id: string): string {
  return JSON.stringify([source, id]);
}
