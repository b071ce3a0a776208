// The job by which the members of a crew load the lines of the sweep bench, each its share of the buckets.

import { serviceActor } from "../src/domain/actor.ts";
import type { BusinessDate } from "../src/domain/calendar.ts";
import type { Job } from "../src/crew.ts";
import { bulkLoad, type BucketLoad } from "../src/portfolio/bulk-load.ts";
import { indexesByBucket, registrationsOf } from "./sweep-lines.ts";

/** `shares` loaders in all, of which this job's members are those from `first` on. */
export type LoadInput = Readonly<{
  lines: number;
  share: number;
  asOf: BusinessDate;
  first: number;
  shares: number;
}>;

/** Registers every line of the buckets that fall to this member. */
export const run: Job<LoadInput, number> = async (tidemark, input, { member }) => {
  const { lines, share, asOf, first, shares } = input;
  const { world } = tidemark;
  const actor = serviceActor("bench");
  const own = [...indexesByBucket(lines)].filter(
    ([bucket]) => bucket % shares === (first + member) % shares,
  );
  const loads = function* (): Generator<BucketLoad> {
    for (const [bucket, indexes] of own) {
      const commands = registrationsOf(bucket, indexes, share, asOf, world.ids, actor);
      yield { bucket, commands };
    }
  };
  return (await bulkLoad(world, loads())).stored;
};
