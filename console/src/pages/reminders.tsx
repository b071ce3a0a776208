// Reminders of what is due: of one line or customer, with what became of each and why one was not sent.
import type { ReactNode } from "react";
import { reads, type Reminder } from "../api/reads.ts";
import { useRead } from "../app/read.ts";
import { useText, useWord } from "../app/text.ts";
import { DataTable } from "../parts/data-table.tsx";
import { Day, Moment } from "../parts/moment.tsx";
import { StateTag } from "../parts/state-tag.tsx";
import { Answered, Nothing } from "../parts/states.tsx";

type Of = Readonly<{ lineId: string } | { customerId: string }>;

export function Reminders({ of }: Readonly<{ of: Of }>): ReactNode {
  const t = useText();
  const query = useRead(["reminders", ...Object.entries(of).flat()], () =>
    reads.reminders({ ...of, order: "newest", limit: "20" }),
  );
  return (
    <Answered query={query}>
      {({ data }) =>
        data.length === 0 ? (
          <Nothing>{t("reminders.none")}</Nothing>
        ) : (
          <RemindersTable rows={data} />
        )
      }
    </Answered>
  );
}

function RemindersTable({ rows }: Readonly<{ rows: readonly Reminder[] }>): ReactNode {
  const t = useText();
  const word = useWord();
  return (
    <DataTable
      caption={t("reminders.title")}
      rows={rows}
      keyOf={({ id }) => id}
      columns={[
        { key: "dueOn", title: t("reminder.dueOn"), cell: ({ dueOn }) => <Day date={dueOn} /> },
        {
          key: "days",
          title: t("reminder.daysBefore"),
          figures: true,
          cell: ({ daysBefore }) => daysBefore,
        },
        {
          key: "state",
          title: t("reminder.state"),
          cell: ({ state, because }) => (
            <>
              <StateTag group="reminderState" state={state} />
              {because !== null && ` ${word("reminderEnd", because)}`}
            </>
          ),
        },
        {
          key: "at",
          title: t("reminder.at"),
          cell: ({ sentAt, plannedAt }) => <Moment at={sentAt ?? plannedAt} />,
        },
        {
          key: "channel",
          title: t("reminder.channel"),
          cell: ({ deliveries }) => {
            const last = deliveries.at(-1);
            return last === undefined ? "–" : word("channel", last.channel);
          },
        },
      ]}
    />
  );
}
