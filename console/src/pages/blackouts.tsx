// Blackout windows: which hold, setting one with its lines and its end said first, and lifting one before its last day.
import { Input } from "antd";
import { useId, useState, type ReactNode } from "react";
import { changes } from "../api/changes.ts";
import { reads, type Blackout } from "../api/reads.ts";
import { namesIn } from "../app/names-in.ts";
import { useSession } from "../app/session.tsx";
import { useText, useWord } from "../app/text.ts";
import { ActButton } from "../parts/act-button.tsx";
import { Day } from "../parts/moment.tsx";
import { Panel } from "../parts/page.tsx";
import { PartList } from "../parts/part-list.tsx";
import { ReasonDialog } from "../parts/reason-dialog.tsx";
import { Who } from "../parts/short-id.tsx";

const stale = ["blackouts", "decisions", "notices", "work"];

export function Blackouts(): ReactNode {
  const t = useText();
  const word = useWord();
  const { installation } = useSession();
  const [lifted, setLifted] = useState<Blackout | null>(null);
  const lines = (one: Blackout): string =>
    [...one.regions, ...one.industries].join(t("app.listComma")) || t("blackout.all");
  const ended = ({ to, lifted: by }: Blackout): string | null =>
    by !== null ? t("blackout.isLifted") : to < installation.today ? t("blackout.isOver") : null;
  return (
    <Panel title={t("blackout.title")}>
      <p className="quiet">{t("blackout.about")}</p>
      <SetBlackout />
      <PartList<Blackout>
        caption={t("blackout.title")}
        queryKey={["blackouts"]}
        read={reads.blackouts}
        keyOf={({ id }) => id}
        path="/v1/blackouts"
        empty="blackout.none"
        columns={[
          { key: "event", title: t("blackout.event"), cell: ({ event }) => event },
          { key: "from", title: t("blackout.from"), cell: ({ from }) => <Day date={from} /> },
          { key: "to", title: t("blackout.to"), cell: ({ to }) => <Day date={to} /> },
          { key: "lines", title: t("blackout.lines"), cell: lines },
          {
            key: "exempt",
            title: t("blackout.exempt"),
            cell: ({ exempt }) =>
              exempt.map((cause) => word("cause", cause)).join(t("app.listComma")) || "–",
          },
          { key: "reason", title: t("form.reason"), cell: ({ reason }) => reason },
          { key: "by", title: t("blackout.by"), cell: ({ by }) => <Who id={by} /> },
          {
            key: "lift",
            acts: true,
            title: t("halts.lift"),
            cell: (one) => (
              <ActButton
                operation="liftBlackout"
                because={ended(one)}
                look={{ size: "small" }}
                onAct={() => setLifted(one)}
              >
                {t("halts.lift")}
              </ActButton>
            ),
          },
        ]}
      />
      <ReasonDialog
        open={lifted !== null}
        title={t("blackout.lift")}
        stale={stale}
        onClose={() => setLifted(null)}
        send={(reason, key) => changes.liftBlackout(lifted?.id ?? "", { key }, reason)}
      >
        <p>{t("blackout.liftAbout", { event: lifted?.event ?? "" })}</p>
      </ReasonDialog>
    </Panel>
  );
}

function SetBlackout(): ReactNode {
  const t = useText();
  const word = useWord();
  const id = useId();
  const { installation } = useSession();
  const [open, setOpen] = useState(false);
  const [event, setEvent] = useState("");
  const [from, setFrom] = useState(installation.today);
  const [to, setTo] = useState(installation.today);
  const [regions, setRegions] = useState("");
  const [industries, setIndustries] = useState("");
  const [exemptsFraud, setExemptsFraud] = useState(false);
  const fields = [
    ["event", event, setEvent, "text"],
    ["from", from, setFrom, "date"],
    ["to", to, setTo, "date"],
    ["regions", regions, setRegions, "text"],
    ["industries", industries, setIndustries, "text"],
  ] as const;
  return (
    <>
      <ActButton operation="setBlackout" onAct={() => setOpen(true)}>
        {t("blackout.set")}
      </ActButton>
      <ReasonDialog
        open={open}
        title={t("blackout.set")}
        ready={event.trim() !== "" && from !== "" && to >= from}
        stale={stale}
        onClose={() => setOpen(false)}
        send={(reason, key) =>
          changes.setBlackout(
            { key },
            {
              ...{ event: event.trim(), from, to, reason },
              ...{ regions: namesIn(regions), industries: namesIn(industries) },
              exempt: exemptsFraud ? ["fraud"] : [],
            },
          )
        }
      >
        <p>{t("blackout.setAbout")}</p>
        {fields.map(([name, value, set, type]) => (
          <div key={name}>
            <label htmlFor={`${id}${name}`}>{t(`blackout.${name}`)}</label>
            <Input
              id={`${id}${name}`}
              type={type}
              value={value}
              onChange={(change) => set(change.target.value)}
            />
          </div>
        ))}
        <label>
          <input
            type="checkbox"
            checked={exemptsFraud}
            onChange={(change) => setExemptsFraud(change.target.checked)}
          />{" "}
          {t("blackout.exemptFraud", { cause: word("cause", "fraud") })}
        </label>
      </ReasonDialog>
    </>
  );
}
