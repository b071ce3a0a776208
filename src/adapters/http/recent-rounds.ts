// What was told last, so that a connection that was lost goes on where it stopped. It is bounded by rounds, events and
// bytes, whatever happens meanwhile, and forgotten when nobody listens any more: a place from before then is as unknown
// as one from another process.

/** One look at what happened. A place names the round after which a client goes on. */
export type KeptRound<Round> = Readonly<{ place: string; round: Round }>;

export type RecentRounds<Round> = Readonly<{
  add: (round: Round) => KeptRound<Round>;
  /** the rounds after a place; null where it is not known or no longer known */
  since: (place: string) => readonly KeptRound<Round>[] | null;
  /** where things stand */
  place: () => string;
  forget: () => void;
}>;

export type KeptBounds = Readonly<{ rounds: number; events: number; bytes: number }>;

/** Five minutes of a busy day; a few megabytes at most. */
const bounds: KeptBounds = { rounds: 600, events: 20_000, bytes: 4 * 1024 * 1024 };

type Held<Round> = KeptRound<Round> & Readonly<{ number: number; events: number; bytes: number }>;

/** Keeps rounds for one process, which `epoch` tells from others. Bytes are those of the round as JSON. */
export function recentRounds<Round extends Readonly<{ events: readonly unknown[] }>>(
  epoch: string,
  most: KeptBounds = bounds,
): RecentRounds<Round> {
  const kept: Held<Round>[] = [];
  const held = { events: 0, bytes: 0 };
  let life = 0;
  let last = 0;
  const placeOf = (number: number): string => `${epoch}-${life}.${number}`;
  const drop = (): void => {
    const oldest = kept.shift();
    held.events -= oldest?.events ?? 0;
    held.bytes -= oldest?.bytes ?? 0;
  };
  return {
    add: (round) => {
      last += 1;
      const { length: events } = round.events;
      const { length: bytes } = JSON.stringify(round);
      const one = { place: placeOf(last), round, number: last, events, bytes };
      kept.push(one);
      held.events += events;
      held.bytes += bytes;
      while (kept.length > most.rounds || held.events > most.events || held.bytes > most.bytes)
        drop();
      return one;
    },
    since: (place) => {
      const from = Number(place.slice(place.lastIndexOf(".") + 1));
      const oldest = kept[0]?.number ?? last + 1;
      const known = Number.isSafeInteger(from) && placeOf(from) === place;
      if (!known || from < oldest - 1 || from > last) return null;
      return kept.filter(({ number }) => number > from);
    },
    place: () => placeOf(last),
    forget: () => {
      kept.length = 0;
      Object.assign(held, { events: 0, bytes: 0 });
      life += 1;
      last = 0;
    },
  };
}
