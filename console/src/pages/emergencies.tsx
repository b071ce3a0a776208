// Emergency profiles: what each would do, agreeing to it beforehand, and starting it at once.
import { useState, type ReactNode } from "react";
import { Link, useNavigate } from "react-router";
import { changes, type EmergencyMove } from "../api/changes.ts";
import { newKey } from "../api/client.ts";
import { reads, type EmergencyProfile, type SweepPreview } from "../api/reads.ts";
import { to } from "../app/paths.ts";
import { useRead } from "../app/read.ts";
import { useSession } from "../app/session.tsx";
import { useText } from "../app/text.ts";
import { ActButton } from "../parts/act-button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Day } from "../parts/moment.tsx";
import { moneyColumn } from "../parts/money-column.tsx";
import { Panel } from "../parts/page.tsx";
import { PartList } from "../parts/part-list.tsx";
import { ReasonDialog } from "../parts/reason-dialog.tsx";
import { Who } from "../parts/short-id.tsx";
import { StateTag } from "../parts/state-tag.tsx";
import { Answered } from "../parts/states.tsx";
import { SweepWould } from "./sweep-examples.tsx";
import { ProposeEmergency } from "./propose-emergency.tsx";

const stale = ["emergencies", "sweeps", "work"];

export function Emergencies(): ReactNode {
  const t = useText();
  const lines = (one: EmergencyProfile): string =>
    [...one.regions, ...one.industries].join(t("app.listComma")) || t("blackout.all");
  return (
    <Panel title={t("emergency.title")}>
      <p className="quiet">{t("emergency.about")}</p>
      <ProposeEmergency stale={stale} />
      <PartList<EmergencyProfile>
        caption={t("emergency.title")}
        queryKey={["emergencies"]}
        read={reads.emergencies}
        keyOf={({ id }) => id}
        path="/v1/emergency-profiles"
        empty="emergency.none"
        columns={[
          { key: "name", title: t("emergency.name"), cell: ({ name }) => name },
          {
            key: "state",
            title: t("sweep.state"),
            cell: ({ state }) => <StateTag group="emergencyState" state={state} />,
          },
          {
            key: "strategy",
            title: t("decision.strategy"),
            cell: ({ strategy }) => (
              <Link to={to.strategy(strategy.id, strategy.version)}>
                {strategy.id} v{strategy.version}
              </Link>
            ),
          },
          { key: "lines", title: t("blackout.lines"), cell: lines },
          moneyColumn<EmergencyProfile>({
            key: "cap",
            title: t("sweep.dailyCap"),
            of: ({ dailyCap }) => dailyCap,
          }),
          {
            key: "until",
            title: t("emergency.validUntil"),
            cell: ({ validUntil }) => <Day date={validUntil} />,
          },
          {
            key: "author",
            title: t("wave.author"),
            cell: ({ author }) => <Who id={author} />,
          },
          {
            key: "acts",
            title: t("emergency.acts"),
            acts: true,
            cell: (one) => <Acts profile={one} />,
          },
        ]}
      />
    </Panel>
  );
}

/** What starting it now would do; nothing is stored by looking. */
function WouldDo({ id }: Readonly<{ id: string }>): ReactNode {
  const query = useRead(["emergencies", id, "preview"], () =>
    changes.previewEmergency(id, { key: newKey() }),
  );
  return (
    <Answered query={query}>
      {(preview) => <SweepWould preview={preview as SweepPreview} />}
    </Answered>
  );
}

function Acts({ profile }: Readonly<{ profile: EmergencyProfile }>): ReactNode {
  const t = useText();
  const { me, installation } = useSession();
  const navigate = useNavigate();
  const [move, setMove] = useState<EmergencyMove | null>(null);
  const [starting, setStarting] = useState(false);
  const { id, state, author, validUntil, name } = profile;
  const own = author === me.id ? t("emergency.own") : null;
  const isOver = validUntil < installation.today ? t("emergency.isOver") : null;
  const moves: readonly EmergencyMove[] =
    state === "proposed" ? ["approve", "reject"] : state === "approved" ? ["revoke"] : [];
  return (
    <>
      {state === "approved" && (
        <ActButton
          operation="startEmergencyProfile"
          because={isOver}
          look={{ danger: true, size: "small" }}
          onAct={() => setStarting(true)}
        >
          {t("emergency.start")}
        </ActButton>
      )}
      {moves.map((one) => (
        <ActButton
          key={one}
          operation={`${one}EmergencyProfile`}
          because={one === "approve" ? own : null}
          look={{ size: "small" }}
          onAct={() => setMove(one)}
        >
          {t(`emergency.${one}`)}
        </ActButton>
      ))}
      <Dialog
        open={move !== null}
        title={t(`emergency.${move ?? "approve"}`)}
        stale={stale}
        onClose={() => setMove(null)}
        send={(key) => changes.moveEmergency(move ?? "reject", id, { key })}
      >
        <p>{t("emergency.moveAbout", { name })}</p>
        <p className="quiet">{profile.reason}</p>
      </Dialog>
      <ReasonDialog
        open={starting}
        title={t("emergency.start")}
        danger
        stale={stale}
        onClose={() => setStarting(false)}
        send={async (reason, key) => {
          const sweep = await changes.startEmergency(id, { key }, reason);
          void navigate(to.sweep(sweep.id));
        }}
      >
        <p>{t("emergency.startAbout", { name })}</p>
        {starting && <WouldDo id={id} />}
      </ReasonDialog>
    </>
  );
}
