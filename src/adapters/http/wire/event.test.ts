// An event on the wire says no more to a reader than the other pages do.

import { expect, test } from "vitest";
import type { Instant } from "../../../domain/calendar.ts";
import type { Event } from "../../../flow/state.ts";
import { wireEvent } from "./event.ts";

const signal = {
  ...{ bucket: 7, seq: 3, kind: "SignalRecorded", subject: "line-1", lineId: "line-1" },
  ...{ at: "2026-03-02T02:00:00.000Z" as Instant, actor: "service:demo", cause: "cause-1" },
  body: { source: "bureau", id: "1", facts: { hardship: true, behaviourScore: 640 } },
} as unknown as Event;

test("a signal in a timeline names the facts that the reader is not told, without their values", () => {
  const { body } = wireEvent(signal, "CNY", new Set(["hardship"]));
  expect(body).toEqual({
    source: "bureau",
    id: "1",
    facts: { behaviourScore: 640 },
    withheld: ["hardship"],
  });
});

test("a reader who may read them sees all facts", () => {
  const { body } = wireEvent(signal, "CNY", new Set());
  expect(body).toMatchObject({ facts: { hardship: true, behaviourScore: 640 } });
});
