// Finds phrases in a text in one pass, whatever their number and however they are written. Every notice is searched before
// it is kept, and most of its text is its own, so that nothing found for one notice answers for the next.

// Kinds of UTF-16 units; from `firstLetter` on they are the letters of the phrases.
const unmet = 0;
const otherLetter = 1;
const passedOver = 2;
const several = 3;
const firstLetter = 4;

/** Transitions by state and kind of unit, `width` kinds a state; `ends`: 1 + the number of the phrase that is found there. */
type Automaton = Readonly<{
  kinds: ReadonlyMap<string, number>;
  width: number;
  next: Uint32Array;
  ends: Uint32Array;
}>;

/**
 * Answers a function that finds in a text, given in pieces, the phrase that ends first; null when it holds none. Case,
 * blanks, hyphens, underscores, the borders of pieces and compatible forms of letters (NFKC) do not hide a phrase. A phrase
 * of nothing else is never found. Time grows with the text alone.
 */
export function phraseFinder(
  phrases: readonly string[],
): (pieces: readonly string[]) => string | null {
  const { kinds, width, next, ends } = automatonOf(phrases.map(folded));
  const kindOf = new Uint16Array(65_536);
  const kindMet = (sign: string): number => {
    const letters = folded(sign);
    if (letters.length > 1) return several;
    return letters === "" ? passedOver : (kinds.get(letters) ?? otherLetter);
  };
  const stepsFrom = (from: number, letters: string): number => {
    let state = from;
    for (let at = 0; at < letters.length && ends[state] === 0; at++) {
      state = next[state * width + (kinds.get(letters[at]!) ?? otherLetter)]!;
    }
    return state;
  };
  return (pieces) => {
    let state = 0;
    for (const piece of pieces) {
      for (let at = 0; at < piece.length; at++) {
        const unit = piece.charCodeAt(at);
        let kind = kindOf[unit]!;
        if (kind === unmet) kindOf[unit] = kind = isSurrogate(unit) ? several : kindMet(piece[at]!);
        if (kind === passedOver) continue;
        if (kind === several) {
          const sign = String.fromCodePoint(piece.codePointAt(at)!);
          at += sign.length - 1;
          state = stepsFrom(state, folded(sign));
        } else state = next[state * width + kind]!;
        if (ends[state] !== 0) return phrases[ends[state]! - 1]!;
      }
    }
    return null;
  };
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}

function folded(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/[\s\-_]+/g, "");
}

/** Aho and Corasick, Efficient string matching, CACM 18(6), 1975, with the transitions after a failure worked out. */
function automatonOf(words: readonly string[]): Automaton {
  const letters = new Set(words.join("").split(""));
  const kinds = new Map([...letters].map((letter, at) => [letter, firstLetter + at]));
  const width = firstLetter + letters.size;
  const most = 1 + words.join("").length;
  const next = new Uint32Array(most * width);
  const ends = new Uint32Array(most);
  let states = 1;
  words.forEach((word, number) => {
    let state = 0;
    for (let at = 0; at < word.length; at++) {
      const place = state * width + kinds.get(word[at]!)!;
      next[place] ||= states++;
      state = next[place];
    }
    if (state !== 0) ends[state] ||= number + 1;
  });
  // By breadth, so that the state after a failure is complete before the one that needs it.
  const failure = new Uint32Array(states);
  const waiting = [0];
  for (const state of waiting) {
    for (let kind = firstLetter; kind < width; kind++) {
      const place = state * width + kind;
      const other = state === 0 ? 0 : next[failure[state]! * width + kind]!;
      const child = next[place]!;
      if (child === 0) next[place] = other;
      else {
        failure[child] = other;
        ends[child] ||= ends[other]!;
        waiting.push(child);
      }
    }
  }
  return { kinds, width, next, ends };
}
