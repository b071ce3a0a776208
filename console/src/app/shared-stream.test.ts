// Tabs of one browser share one stream: channel and locks are the real ones of the runtime, streams are opened by hand.
import { afterEach, expect, test, vi } from "vitest";
import { shareStream, type Heard, type Stream } from "./shared-stream.ts";

const ends: (() => void)[] = [];

afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** A stream that says what it is told to. */
function handStream() {
  const stream = Object.assign(new EventTarget(), {
    readyState: 1,
    close: () => void (stream.readyState = 2),
  });
  return {
    stream,
    say: (topic: string, data: object) =>
      stream.dispatchEvent(new MessageEvent(topic, { data: JSON.stringify(data) })),
    fail: () => {
      stream.close();
      stream.dispatchEvent(new Event("error"));
    },
  };
}

/** A tab, with the streams that it opened and what it was told. */
function tab(againMs = 5) {
  const streams: ReturnType<typeof handStream>[] = [];
  const heard: Heard[] = [];
  const open = (): Stream => {
    const one = handStream();
    streams.push(one);
    return one.stream as unknown as Stream;
  };
  const topics = ["sweep", "work"];
  const end = shareStream({ topics, open, againMs }, (one) => void heard.push(one));
  ends.push(end);
  return { streams, heard, end };
}

test("two tabs hold one stream and both hear it", async () => {
  const [first, second] = [tab(), tab()];
  await vi.waitUntil(() => first.streams.length === 1);
  first.streams[0]!.say("sweep", { id: "s" });
  await vi.waitUntil(() => second.heard.length === 1);
  expect([first.heard, second.heard]).toEqual([
    [{ topic: "sweep", missed: false, data: { id: "s" } }],
    [{ topic: "sweep", missed: false, data: { id: "s" } }],
  ]);
  expect(second.streams).toEqual([]);
});

test("when the tab that leads is closed another takes over, and all ask anew what they missed", async () => {
  const first = tab();
  await vi.waitUntil(() => first.streams.length === 1);
  const [second, third] = [tab(), tab()];
  first.end();
  await vi.waitUntil(() => second.streams.length + third.streams.length === 1);
  await vi.waitUntil(() => second.heard.length === 1 && third.heard.length === 1);
  expect([second.heard, third.heard]).toEqual([
    [{ topic: "work", missed: true, data: {} }],
    [{ topic: "work", missed: true, data: {} }],
  ]);
  expect(first.streams[0]!.stream.readyState).toBe(2);
});

test("what the server says was missed is passed on as such", async () => {
  const only = tab();
  await vi.waitUntil(() => only.streams.length === 1);
  only.streams[0]!.say("work", { missed: true });
  expect(only.heard).toEqual([{ topic: "work", missed: true, data: { missed: true } }]);
});

test("a stream that was refused is opened again, and everything asked anew", async () => {
  const only = tab();
  await vi.waitUntil(() => only.streams.length === 1);
  only.streams[0]!.fail();
  await vi.waitUntil(() => only.streams.length === 2);
  expect(only.heard).toEqual([{ topic: "work", missed: true, data: {} }]);
});

test("a tab that leaves while another leads opens nothing and hears nothing more", async () => {
  const first = tab();
  await vi.waitUntil(() => first.streams.length === 1);
  const second = tab();
  second.end();
  first.streams[0]!.say("sweep", {});
  first.end();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect([second.streams, second.heard]).toEqual([[], []]);
});
