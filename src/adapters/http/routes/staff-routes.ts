// Who the ids of makers, reviewers and approvers are: every account of staff by its display name, also when it is disabled
// by now, because what it did is read for years. Borrowers are not among them, and borrowers do not see them.

import { z } from "zod";
import { roles, staffRoles } from "../../../domain/actor.ts";
import { forStaff } from "../access.ts";
import { bilingual } from "../bilingual.ts";
import type { ServerDependencies } from "../dependencies.ts";
import { textWire } from "../wire/text.ts";
import { problemAnswers, summary, type Api } from "./route-shape.ts";

const staffWire = z
  .object({
    id: z.string().describe(bilingual("What events and decisions name", "事件与决定所记载的编号")),
    name: textWire,
    roles: z.array(z.enum(roles)),
  })
  .meta({ id: "StaffName" });

/** Adds GET /v1/staff. */
export function addStaffRoutes(api: Api, { accounts }: ServerDependencies): void {
  api.route({
    method: "GET",
    url: "/v1/staff",
    config: { access: forStaff },
    schema: {
      operationId: "listStaff",
      summary: summary({ en: "Names of staff by account id", zh: "员工姓名（按账号编号）" }),
      tags: ["session"],
      response: { 200: z.object({ data: z.array(staffWire) }), ...problemAnswers },
    },
    handler: async () => {
      const all = await accounts.list();
      const staff = all.filter((one) => one.roles.some((role) => staffRoles.includes(role)));
      return {
        data: staff.map(({ id, name, roles: held }) => ({
          id,
          name: { ...name },
          roles: [...held],
        })),
      };
    },
  });
}
