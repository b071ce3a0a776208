// Stop switches and, in a sandbox, the clock: both move everything at once, so both say first what will happen.
import { Input } from "antd";
import { useEffect, useId, useState, type ReactNode } from "react";
import { useIntl } from "react-intl";
import { Link } from "react-router";
import { changes } from "../api/changes.ts";
import { reads, type Decision } from "../api/reads.ts";
import { options } from "../app/choices.ts";
import { to } from "../app/paths.ts";
import { useRead } from "../app/read.ts";
import { useSession } from "../app/session.tsx";
import { useText, useWord } from "../app/text.ts";
import { ActButton } from "../parts/act-button.tsx";
import { DataTable } from "../parts/data-table.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { ExportButton } from "../parts/export-button.tsx";
import { Moment } from "../parts/moment.tsx";
import { Page, Panel } from "../parts/page.tsx";
import { ReasonDialog } from "../parts/reason-dialog.tsx";
import { Who } from "../parts/short-id.tsx";
import { Answered, Nothing } from "../parts/states.tsx";
import { Blackouts } from "./blackouts.tsx";
import { ClockPanel } from "./clock-panel.tsx";

const areas = [
  "all",
  "ingest",
  "decide",
  "pace",
  "review",
  "notify",
  "execute",
  "sweep",
  "read-only",
] as const;
const wave = "wave:";
const hourMs = 3_600_000;
const noFilters = {} as const;
const spans = [1, 4, 24, 168, 720] as const;

export function HaltsPage(): ReactNode {
  const t = useText();
  const { installation } = useSession();
  return (
    <Page title={t("nav.halts")} about={t("halts.about")} actions={<SetHalt />}>
      <Panel title={t("halts.now")} extra={<ExportButton path="/v1/halts" filters={noFilters} />}>
        <Halts />
      </Panel>
      <Blackouts />
      {installation.mode === "sandbox" && <ClockPanel />}
    </Page>
  );
}

function Halts(): ReactNode {
  const t = useText();
  const word = useWord();
  const query = useRead(["halts"], reads.halts);
  const [area, setArea] = useState<string | null>(null);
  return (
    <>
      <Answered query={query}>
        {({ data }) =>
          data.length === 0 ? (
            <Nothing>{t("halts.none")}</Nothing>
          ) : (
            <DataTable
              caption={t("halts.now")}
              rows={data}
              partly
              keyOf={(halt) => halt.area}
              columns={[
                { key: "area", title: t("halts.area"), cell: (halt) => <Area area={halt.area} /> },
                { key: "reason", title: t("form.reason"), cell: ({ reason }) => reason },
                { key: "by", title: t("halts.by"), cell: ({ by }) => <Who id={by} /> },
                { key: "at", title: t("halts.since"), cell: ({ at }) => <Moment at={at} /> },
                {
                  key: "until",
                  title: t("halts.until"),
                  cell: ({ expiresAt }) => <Moment at={expiresAt} />,
                },
                {
                  key: "lift",
                  acts: true,
                  title: t("halts.lift"),
                  cell: (halt) =>
                    halt.area.startsWith(wave) ? null : (
                      <ActButton
                        operation="resume"
                        look={{ size: "small" }}
                        onAct={() => setArea(halt.area)}
                      >
                        {t("halts.lift")}
                      </ActButton>
                    ),
                },
              ]}
            />
          )
        }
      </Answered>
      <Dialog
        open={area !== null}
        title={t("halts.lift")}
        stale={["halts", "work", "installation"]}
        onClose={() => setArea(null)}
        send={() => changes.liftHalt(area ?? "")}
      >
        <p>{t("halts.liftAbout", { area: word("area", area ?? "all") })}</p>
      </Dialog>
    </>
  );
}

/** The wave of a sweep is released on the sweep's own page, by another person and with a reason. */
function Area({ area }: Readonly<{ area: string }>): ReactNode {
  const t = useText();
  const word = useWord();
  if (!area.startsWith(wave)) return word("area", area);
  return <Link to={to.sweep(area.slice(wave.length))}>{t("halts.wave")}</Link>;
}

function SetHalt(): ReactNode {
  const t = useText();
  const word = useWord();
  const intl = useIntl();
  const id = useId();
  const [open, setOpen] = useState(false);
  const [area, setArea] = useState<string>("execute");
  const [hours, setHours] = useState<number>(4);
  const [typed, setTyped] = useState("");
  useEffect(() => setTyped(""), [open]);
  const { installation } = useSession();
  const now = (): number => timeThatCounts(installation.mode, installation.today);
  const phrase = word("area", area);
  return (
    <>
      <ActButton operation="halt" look={{ danger: true }} onAct={() => setOpen(true)}>
        {t("halts.set")}
      </ActButton>
      <ReasonDialog
        open={open}
        title={t("halts.set")}
        danger
        ready={typed.trim() === phrase}
        stale={["halts", "work", "installation"]}
        onClose={() => setOpen(false)}
        send={(reason, key) => {
          const expiresAt = new Date(now() + hours * hourMs).toISOString();
          return changes.setHalt({ key }, { area, reason, expiresAt });
        }}
      >
        <p>{t("halts.setAbout", { area: phrase })}</p>
        {open && <StandsBefore area={area} />}
        <label htmlFor={`${id}area`}>{t("halts.area")}</label>
        <select id={`${id}area`} value={area} onChange={(event) => setArea(event.target.value)}>
          {options(word, "area", areas).map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
        <label htmlFor={`${id}hours`}>{t("halts.long")}</label>
        <select
          id={`${id}hours`}
          value={hours}
          onChange={(event) => setHours(Number(event.target.value))}
        >
          {spans.map((span) => (
            <option key={span} value={span}>
              {intl.formatNumber(span, { style: "unit", unit: "hour", unitDisplay: "long" })}
            </option>
          ))}
        </select>
        <label htmlFor={`${id}typed`}>{t("halts.typeToConfirm", { area: phrase })}</label>
        <Input id={`${id}typed`} value={typed} onChange={(event) => setTyped(event.target.value)} />
      </ReasonDialog>
    </>
  );
}

/** States of decisions that an area moves on: what is in them waits while it is halted. */
const movedOn: Readonly<Record<string, readonly Decision["state"][]>> = {
  pace: ["proposed", "paced"],
  review: ["in-review"],
  notify: ["approved"],
  execute: ["noticed"],
  all: ["proposed", "paced", "in-review", "approved", "offered", "noticed"],
};

/** How many decisions would wait, state by state; none are told for areas that move no decision on. */
function StandsBefore({ area }: Readonly<{ area: string }>): ReactNode {
  const t = useText();
  const word = useWord();
  const intl = useIntl();
  const query = useRead(["overview", {}], () => reads.overview({}));
  const states: readonly string[] = movedOn[area] ?? [];
  if (states.length === 0) return null;
  return (
    <Answered query={query}>
      {({ decisions }) => (
        <>
          <p>{t("halts.waits")}</p>
          <ul className="marks">
            {decisions.byState
              .filter(({ key }) => states.includes(key))
              .map(({ key, count }) => (
                <li key={key}>
                  {word("decisionState", key)}{" "}
                  <Link to={to.decisions({ state: key })}>{intl.formatNumber(count)}</Link>
                </li>
              ))}
          </ul>
        </>
      )}
    </Answered>
  );
}

/** Milliseconds now: a sandbox has a day of its own, and the end of a halt is measured by it. */
function timeThatCounts(mode: string, today: string): number {
  const now = new Date();
  return mode === "live" ? now.getTime() : Date.parse(`${today}T${now.toISOString().slice(11)}`);
}
