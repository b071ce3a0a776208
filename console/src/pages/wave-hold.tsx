// What customers say of the wave of a sweep, and holding what is left of it or letting it go on.
import { useState, type ReactNode } from "react";
import { useIntl } from "react-intl";
import { Link } from "react-router";
import { changes } from "../api/changes.ts";
import { reads, type Sweep } from "../api/reads.ts";
import { to } from "../app/paths.ts";
import { useRead } from "../app/read.ts";
import { useSession } from "../app/session.tsx";
import { useText } from "../app/text.ts";
import { ActButton } from "../parts/act-button.tsx";
import { Moment } from "../parts/moment.tsx";
import { Pairs, Panel } from "../parts/page.tsx";
import { ReasonDialog } from "../parts/reason-dialog.tsx";
import { Who } from "../parts/short-id.tsx";
import { Answered } from "../parts/states.tsx";
import { SweepTotal } from "./sweep-examples.tsx";

const everyMs = 30_000;

export function WaveHold({ sweep }: Readonly<{ sweep: Sweep }>): ReactNode {
  const t = useText();
  const intl = useIntl();
  const { me } = useSession();
  const query = useRead(["waves", sweep.id], () => reads.wave(sweep.id), { everyMs });
  const [open, setOpen] = useState(false);
  return (
    <Panel title={t("waveHold.title")}>
      <p className="quiet">{t("waveHold.about")}</p>
      <Answered query={query}>
        {({ told, complaints, inquiries, watch, held }) => {
          const own = me.id === sweep.maker || me.id === held?.by ? t("waveHold.own") : null;
          return (
            <>
              <Pairs
                pairs={[
                  [
                    t("waveHold.told"),
                    <Link key="told" to={to.notices({ causeId: sweep.id })}>
                      {intl.formatNumber(told)}
                    </Link>,
                  ],
                  [t("waveHold.complaints"), `${complaints}${ofTold(watch?.complaintsBp)}`],
                  [t("waveHold.inquiries"), `${inquiries}${ofTold(watch?.inquiriesBp)}`],
                  ...(held === null
                    ? []
                    : ([
                        [t("waveHold.heldBy"), <Who key="by" id={held.by} />],
                        [t("halts.until"), <Moment key="until" at={held.until} />],
                        [t("form.reason"), held.reason],
                      ] as const)),
                ]}
              />
              <ActButton
                operation={held === null ? "holdWave" : "releaseWave"}
                because={held === null ? null : own}
                look={{ danger: held === null }}
                onAct={() => setOpen(true)}
              >
                {t(held === null ? "waveHold.hold" : "waveHold.release")}
              </ActButton>
              <ReasonDialog
                open={open}
                title={t(held === null ? "waveHold.hold" : "waveHold.release")}
                danger={held === null}
                stale={["waves", "work", "halts", "decisions", "notices"]}
                onClose={() => setOpen(false)}
                send={(reason, key) =>
                  held === null
                    ? changes.holdWave(sweep.id, { key }, reason)
                    : changes.releaseWave(sweep.id, { key }, reason)
                }
              >
                <p>{t(held === null ? "waveHold.holdAbout" : "waveHold.releaseAbout")}</p>
                <SweepTotal counts={sweep.counts} />
              </ReasonDialog>
            </>
          );
        }}
      </Answered>
    </Panel>
  );

  function ofTold(bp: number | null | undefined): string {
    return bp === null || bp === undefined ? "" : ` · ${t("waveHold.threshold", { bp })}`;
  }
}
