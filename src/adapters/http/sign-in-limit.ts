// Guessing passwords must be slow for the guesser and cheap for us: failures are counted by login and
// address, and by address alone, in real time and in bounded memory. One process counts for itself.

/** Failures allowed in a window, per login and address, and per address. */
export type SignInLimits = Readonly<{ perLogin: number; perAddress: number; windowMs: number }>;

export const defaultSignInLimits: SignInLimits = {
  perLogin: 10,
  perAddress: 100,
  windowMs: 15 * 60_000,
};

export type SignInLimit = Readonly<{
  /** milliseconds until another try is allowed; 0 when it is now */
  waitMs: (login: string, address: string) => number;
  /** counts a try before it is made, so that tries at the same time count too */
  begin: (login: string, address: string) => void;
  /** a success takes the login's failures from this address back */
  succeed: (login: string, address: string) => void;
}>;

type Count = { count: number; endsAt: number };

const mostCounts = 50_000;

/** `now` gives milliseconds of real time. */
export function createSignInLimit(
  now: () => number,
  limits: SignInLimits = defaultSignInLimits,
): SignInLimit {
  const counts = new Map<string, Count>();
  const live = (key: string): Count | null => {
    const count = counts.get(key);
    return count !== undefined && count.endsAt > now() ? count : null;
  };
  const add = (key: string): void => {
    const count = live(key);
    if (count !== null) count.count += 1;
    else {
      counts.delete(key);
      // The oldest window ends first, so it is the one to forget.
      const [oldest] = counts.size >= mostCounts ? counts.keys() : [];
      if (oldest !== undefined) counts.delete(oldest);
      counts.set(key, { count: 1, endsAt: now() + limits.windowMs });
    }
  };
  const left = (key: string, most: number): number => {
    const count = live(key);
    return count !== null && count.count >= most ? count.endsAt - now() : 0;
  };
  return {
    waitMs: (login, address) =>
      Math.max(left(pairKey(login, address), limits.perLogin), left(address, limits.perAddress)),
    begin: (login, address) => {
      add(pairKey(login, address));
      add(address);
    },
    succeed: (login, address) => {
      counts.delete(pairKey(login, address));
      const count = live(address);
      if (count !== null) count.count -= 1;
    },
  };
}

function pairKey(login: string, address: string): string {
  return `${address} ${login.trim().toLowerCase().slice(0, 200)}`;
}
