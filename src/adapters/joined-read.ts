// A read that very many ask for at once, and of which nobody may get an old answer: who asks while it is being read waits
// for the next reading, which begins after he asked and is shared by all who wait with him.

/** `read`, at most one at a time for a key. A failure goes to those who shared the reading. */
export function joinedRead<Answer>(
  read: (key: string) => Promise<Answer>,
): (key: string) => Promise<Answer> {
  const running = new Map<string, Promise<void>>();
  const planned = new Map<string, Promise<Answer>>();
  const begin = (key: string): Promise<Answer> => {
    const answer = read(key);
    const over = answer.then(
      () => undefined,
      () => undefined,
    );
    running.set(key, over);
    void over.then(() => {
      if (running.get(key) === over) running.delete(key);
    });
    return answer;
  };
  return (key) => {
    const before = running.get(key);
    if (before === undefined) return begin(key);
    const waiting = planned.get(key);
    if (waiting !== undefined) return waiting;
    const answer = before.then(() => {
      planned.delete(key);
      return begin(key);
    });
    planned.set(key, answer);
    return answer;
  };
}
