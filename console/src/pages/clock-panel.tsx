// Moving the sandbox's clock: everything that falls due on the way happens, notices and executions included.
import { useState, type ReactNode } from "react";
import dayjs from "dayjs";
import { changes } from "../api/changes.ts";
import { useSession } from "../app/session.tsx";
import { useText } from "../app/text.ts";
import { ActButton } from "../parts/act-button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Day } from "../parts/moment.tsx";
import { Panel } from "../parts/page.tsx";

const spans = [1, 7, 30] as const;
const everything = [
  "installation",
  "work",
  "lines",
  "customers",
  "decisions",
  "reviews",
  "notices",
  "offers",
  "sweeps",
  "reports",
  "overview",
  "halts",
];

export function ClockPanel(): ReactNode {
  const t = useText();
  const { installation } = useSession();
  const [days, setDays] = useState<number | null>(null);
  const target = dayjs(installation.today)
    .add(days ?? 1, "day")
    .format("YYYY-MM-DD");
  return (
    <Panel title={t("clock.title")}>
      <p>
        {t("app.today")} <Day date={installation.today} /> · {installation.timeZone}
      </p>
      <div className="actions">
        {spans.map((span) => (
          <ActButton key={span} operation="advanceClock" onAct={() => setDays(span)}>
            {t("clock.advance", { count: span })}
          </ActButton>
        ))}
      </div>
      <Dialog
        open={days !== null}
        title={t("clock.advance", { count: days ?? 1 })}
        danger
        stale={everything}
        onClose={() => setDays(null)}
        send={(key) => changes.advanceClock({ key }, target)}
      >
        <p>
          {t("clock.about")} <Day date={target} />
        </p>
      </Dialog>
    </Panel>
  );
}
