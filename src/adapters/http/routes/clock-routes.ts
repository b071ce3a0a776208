// The sandbox's test clock over the API: moved forward by one person at a time, with everything that falls due on the
// way worked off. A live installation answers that its time is real.

import { z } from "zod";
import { addDays } from "../../../domain/calendar.ts";
import { isRefusal, refuse } from "../../../domain/refusal.ts";
import { forRoles, principalIn } from "../access.ts";
import type { ServerDependencies } from "../dependencies.ts";
import { answerOnce, changeHeaders, keyOf } from "../idempotency.ts";
import { dateInput } from "../text-input.ts";
import { dateWire, instantWire } from "../wire/text.ts";
import { problemAnswers, summary, type Api } from "./route-shape.ts";
import { bilingual } from "../bilingual.ts";

const tags = ["clock"];

/** One request moves the clock at most so far: it works off all days on the way before it answers. */
const mostDays = 400;

const advancedWire = z
  .object({
    from: instantWire,
    to: instantWire,
    today: dateWire,
    fired: z.int().describe(bilingual("Timers that fell due", "触发的定时事项数")),
    sent: z.int().describe(bilingual("Messages sent", "发出的消息数")),
  })
  .meta({ id: "ClockAdvanced" });

/** Adds POST /v1/clock/advance. */
export function addClockRoutes(api: Api, dependencies: ServerDependencies): void {
  const { clock, world, replies } = dependencies;
  api.route({
    method: "POST",
    url: "/v1/clock/advance",
    config: { access: forRoles(clock.roles) },
    schema: {
      operationId: "advanceClock",
      summary: summary({
        en: "Move the test clock forward to the start of a day (sandbox only)",
        zh: "将沙箱时钟拨至某日零时（仅限沙箱）",
      }),
      tags,
      headers: z.object(changeHeaders),
      body: z.strictObject({ to: dateInput }),
      response: { 200: advancedWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { to } = request.body;
      const { actor } = principalIn(request);
      const key = keyOf(request, world.ids.sha256, { to });
      return answerOnce(replies, key, request, reply, async () => {
        const today = world.clock.dateOf(await world.clock.now());
        const last = addDays(today, mostDays);
        if (to <= today || to > last) {
          return refuse(
            "invalid",
            {
              en: `Test clock: found ${to}, expected after ${today} and not after ${last}`,
              zh: `沙箱时钟：为 ${to}，应晚于 ${today} 且不晚于 ${last}`,
            },
            "/to",
          );
        }
        const advanced = await clock.advance(world.clock.startOf(to), actor);
        if (isRefusal(advanced)) return advanced;
        const reached = world.clock.dateOf(advanced.to);
        return { status: 200, reply: { ...advanced, today: reached } };
      });
    },
  });
}
