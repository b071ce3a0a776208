// News of a place spreads to the lines there, a few buckets at a time: between two slices everything else that is due fires,
// and an interrupted slice is done again and decides nothing twice. Lines are read many at once and held against the triggers
// that test what changed; only where one holds the line is looked at alone, by the same path as news of the line itself.

import { addMilliseconds, type BusinessDate } from "../domain/calendar.ts";
import { parsePlace, type Place } from "../domain/environment-fact.ts";
import type { EnvironmentNews } from "../domain/environment-news.ts";
import { bucketCount, type Bucket } from "../domain/id.ts";
import type { Timer } from "../domain/timer.ts";
import { lineFactsOf } from "../flow/evaluate.ts";
import { bucketsAtOnce, inParallel } from "../flow/in-parallel.ts";
import { factsAround, placeIn, type FactsAround } from "../flow/known-environment.ts";
import type { World } from "../flow/ports.ts";
import { saveTimer } from "../flow/strategy-effective.ts";
import { lineReader, type LineReader } from "./lines-to-assess.ts";
import type { LineToAssess, PortfolioStore } from "./ports.ts";
import {
  lookAndAct,
  lookoutNow,
  triggersHeeding,
  triggersOn,
  type Lookout,
  type News,
  type Watch,
} from "./triggers.ts";

/** At a million lines a slice reads some thirty thousand of them. */
const bucketsPerSlice = 32;

type Stores = Pick<PortfolioStore, "experiments" | "sweeps" | "factPanes">;

/** Looks at the lines of the next buckets, and consumes the timer after the last. */
export async function fireEnvironmentNews(
  world: World,
  portfolio: Stores,
  timer: Timer,
): Promise<void> {
  const found = await world.store.environment.findNews(timer.subject);
  const after = found === null ? null : await spread(world, portfolio, found);
  const now = await world.clock.now();
  const next: Timer =
    after === null || after.state === "done"
      ? { ...timer, state: "fired" }
      : { ...timer, due: now };
  await saveTimer(world, next);
}

/** The news as it stands after its next slice, whoever did it. */
async function spread(
  world: World,
  portfolio: Stores,
  found: EnvironmentNews,
): Promise<EnvironmentNews | null> {
  if (found.state === "done") return found;
  const { environment } = world.store;
  const lookout = await lookoutNow(world, portfolio);
  const news = found.state === "waiting" ? await begun(world, lookout, found) : found;
  if (news !== found) {
    if (!(await environment.moveNews(found, news))) return environment.findNews(found.id);
    if (news.state === "done") return news;
  }
  const slice = await sliceOf(world, portfolio, lookout, news);
  if (slice.stopped) return news;
  const nextBucket = Math.min(bucketCount, news.nextBucket + bucketsPerSlice);
  const isDone = nextBucket === bucketCount;
  const after: EnvironmentNews = {
    ...{ ...news, nextBucket, lines: news.lines + slice.lines, held: news.held + slice.held },
    decided: news.decided + slice.decided,
    ...(isDone ? { state: "done", endedAt: await world.clock.now() } : {}),
  };
  return (await environment.moveNews(news, after)) ? after : environment.findNews(news.id);
}

/** What changed is fixed when the first slice begins; where no trigger tests it no line is looked at. */
async function begun(
  world: World,
  { watches }: Lookout,
  news: EnvironmentNews,
): Promise<EnvironmentNews> {
  const now = await world.clock.now();
  const names = new Set(environmentNamesOf(world, watches));
  const place = placeNamed(news.place);
  const factsAt = async (around: Promise<FactsAround | null>) => (await around)?.(place) ?? {};
  const before = await factsAt(aroundBefore(world, names, news));
  const is = await factsAt(
    factsAround(world, names, { asOf: world.clock.dateOf(now), knownAt: now }),
  );
  const changed = [...names].filter((name) => is[name] !== before[name]);
  return changed.length === 0
    ? { ...news, state: "done", nextBucket: bucketCount, endedAt: now }
    : { ...news, state: "spreading", changed };
}

/** The facts about the environment that triggers test. */
function environmentNamesOf(
  { declared: { environment } }: Pick<World, "declared">,
  watches: readonly Watch[],
): readonly string[] {
  return [...environment.keys()].filter((name) =>
    watches.some(
      ({ strategies }) => triggersOn(strategies.own.document, new Set([name])).length > 0,
    ),
  );
}

async function aroundBefore(
  world: World,
  names: ReadonlySet<string>,
  { knownAt }: EnvironmentNews,
): Promise<FactsAround | null> {
  const asOf = world.clock.dateOf(await world.clock.now());
  return factsAround(world, names, { asOf, knownAt: addMilliseconds(knownAt, -1) });
}

/** A place of which nothing but this is known. */
function placeNamed(name: string): Place {
  const { by, code } = parsePlace(name)!;
  return { country: null, region: null, industry: null, [by]: code };
}

type Slice = Readonly<{ lines: number; held: number; decided: number; stopped: boolean }>;

async function sliceOf(
  world: World,
  portfolio: Stores,
  lookout: Lookout,
  { id, place, changed, knownAt, nextBucket }: EnvironmentNews,
): Promise<Slice> {
  const now = await world.clock.now();
  const asOf = world.clock.dateOf(now);
  const all = new Set(world.declared.environment.keys());
  const before = await factsAround(world, all, { asOf, knownAt: addMilliseconds(knownAt, -1) });
  if (before === null) return { lines: 0, held: 0, decided: 0, stopped: false };
  const news: News = { of: "place", id, changed: new Set(changed), before };
  const documents = lookout.watches.map(({ strategies: { own } }) => own.document);
  // All their facts, those that only triggers test among them.
  const reading = documents.map(({ facts }) => ({ facts: facts.map(({ name }) => ({ name })) }));
  const read = lineReader(world, portfolio, { asOf, knownAt: now, portfolio: null }, reading);
  let [lines, held, decided, stopped] = [0, 0, 0, false];
  const buckets = Array.from({ length: bucketsPerSlice }, (_, at) => nextBucket + at);
  const among = buckets.filter((bucket) => bucket < bucketCount);
  await inParallel(among, bucketsAtOnce, async (bucket) => {
    const members = await membersOf(read, bucket, place);
    lines += members.length;
    for (const one of members) {
      if (stopped || !holdsFor(lookout, news, one, asOf)) continue;
      const subject = { bucket, subject: one.line.id };
      const came = await lookAndAct(world, portfolio, lookout, news, subject);
      stopped ||= came === "stopped";
      held += came === "nothing" ? 0 : 1;
      decided += came === "decided" ? 1 : 0;
    }
  });
  return { lines, held, decided, stopped };
}

async function membersOf(
  read: LineReader,
  bucket: Bucket,
  place: string,
): Promise<readonly LineToAssess[]> {
  const { by, code } = parsePlace(place)!;
  const lines = (await read([bucket])).get(bucket)!;
  return lines.filter(({ line, facts }) => placeIn(line.jurisdiction, facts)[by] === code);
}

/** Whether a trigger holds for the line by what was read of it among many. */
function holdsFor(
  { watches }: Lookout,
  news: Extract<News, { of: "place" }>,
  { line, facts, decreasedLast12MonthsMinor }: LineToAssess,
  asOf: BusinessDate,
): boolean {
  const own = lineFactsOf(line, decreasedLast12MonthsMinor, asOf);
  const all = { ...facts, ...own };
  const then = { ...all, ...news.before(placeIn(line.jurisdiction, facts)) };
  return watches.some(
    ({ strategies }) => triggersHeeding(strategies.own, news, all, then, asOf).length > 0,
  );
}
