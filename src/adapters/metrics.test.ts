// Metrics: the numbers operators look at are there, and a failing read leaves a gap instead of a lie.

import { expect, test } from "vitest";
import { createMetrics } from "./metrics.ts";

test("requests, events, refusals and gauges are counted under their labels", async () => {
  const metrics = createMetrics({ processMetrics: false });
  metrics.request({ method: "GET", route: "/v1/lines", status: 200, seconds: 0.02 });
  metrics.events([{ kind: "DecisionMade" }, { kind: "DecisionMade" }]);
  metrics.refusal("gate-closed");
  metrics.gauge("tidemark_unsent", "messages not yet sent", async () => 7);
  const text = await metrics.text();
  expect(text).toContain(
    'tidemark_http_request_seconds_count{method="GET",route="/v1/lines",status="200"} 1',
  );
  expect(text).toContain('tidemark_events_total{kind="DecisionMade"} 2');
  expect(text).toContain('tidemark_refusals_total{code="gate-closed"} 1');
  expect(text).toContain("tidemark_unsent 7");
});

test("a gauge that cannot be read is left out and the others stay", async () => {
  const metrics = createMetrics({ processMetrics: false });
  metrics.gauge("tidemark_broken", "cannot be read", () => Promise.reject(new Error("down")));
  metrics.gauge("tidemark_fine", "can be read", () => 1);
  const text = await metrics.text();
  expect(text).not.toMatch(/^tidemark_broken \d/m);
  expect(text).toContain("tidemark_fine 1");
});

test("process numbers come along unless left out", async () => {
  expect(await createMetrics().text()).toContain("process_cpu_seconds_total");
});
