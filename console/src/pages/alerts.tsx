// News that wants a person: what it is about, who has it and until when; taken and closed from the list.
import { useEffect, useId, useState, type ReactNode } from "react";
import { useIntl } from "react-intl";
import { Link } from "react-router";
import { changes, type AlertFinding } from "../api/changes.ts";
import { reads, type Alert, type AlertCount } from "../api/reads.ts";
import { alertFindings, alertKinds, alertStates, options, severities } from "../app/choices.ts";
import { useLook } from "../app/language.tsx";
import { to } from "../app/paths.ts";
import { useRead } from "../app/read.ts";
import { useSession } from "../app/session.tsx";
import { useText, useWord } from "../app/text.ts";
import { ActButton } from "../parts/act-button.tsx";
import { percentText } from "../parts/amount.tsx";
import { DataTable, type Column } from "../parts/data-table.tsx";
import { Dialog } from "../parts/dialog.tsx";
import type { Filter } from "../parts/filter-bar.tsx";
import { ListPage } from "../parts/list-page.tsx";
import { Moment } from "../parts/moment.tsx";
import { Panel } from "../parts/page.tsx";
import { ReasonDialog } from "../parts/reason-dialog.tsx";
import { Who } from "../parts/short-id.tsx";
import { StateTag } from "../parts/state-tag.tsx";
import { Answered } from "../parts/states.tsx";

const openFirst = { order: "newest" } as const;
const stale = ["alerts"] as const;

type Act = Readonly<{ verb: "take" | "close"; alert: Alert }>;

export function AlertsPage(): ReactNode {
  const t = useText();
  const word = useWord();
  const [act, setAct] = useState<Act | null>(null);
  const filters: readonly Filter[] = [
    {
      kind: "choice",
      name: "kind",
      label: "alert.kind",
      options: options(word, "alertKind", alertKinds),
    },
    {
      kind: "choice",
      name: "state",
      label: "alert.state",
      options: options(word, "alertState", alertStates),
    },
    {
      kind: "choice",
      name: "severity",
      label: "alert.severity",
      options: options(word, "severity", severities),
    },
    {
      kind: "choice",
      name: "overdue",
      label: "alert.overdue",
      options: [{ value: "true", label: t("yes") }],
    },
  ];
  return (
    <>
      <ListPage<Alert>
        title="nav.alerts"
        about={t("alerts.about")}
        kind="alerts"
        read={reads.alerts}
        columns={useAlertColumns(setAct)}
        filters={filters}
        defaults={openFirst}
        keyOf={({ id }) => id}
        path="/v1/alerts"
        empty="alerts.none"
      />
      <AlertCounts />
      <AlertDialogs act={act} onClose={() => setAct(null)} />
    </>
  );
}

/** What alerts were worth so far: by kind and look, how many of those that somebody looked into had something to them. */
function AlertCounts(): ReactNode {
  const t = useText();
  const word = useWord();
  const intl = useIntl();
  const query = useRead(["alerts", "statistics"], () => reads.alertStatistics());
  return (
    <Answered query={query}>
      {({ data }) =>
        data.length === 0 ? null : (
          <Panel title={t("alerts.findings")}>
            <DataTable<AlertCount>
              caption={t("alerts.findings")}
              rows={data}
              keyOf={({ kind, look }) => `${kind} ${look ?? ""}`}
              columns={[
                {
                  key: "kind",
                  title: t("alert.kind"),
                  cell: ({ kind, look }) =>
                    [word("alertKind", kind), look === null ? "" : word("behaviourLook", look)]
                      .filter(Boolean)
                      .join(" · "),
                },
                {
                  key: "raised",
                  title: t("alerts.raised"),
                  figures: true,
                  cell: ({ raised }) => raised,
                },
                {
                  key: "confirmed",
                  title: word("alertFinding", "confirmed"),
                  figures: true,
                  cell: ({ confirmed }) => confirmed,
                },
                {
                  key: "falseAlarms",
                  title: word("alertFinding", "false-alarm"),
                  figures: true,
                  cell: ({ falseAlarms }) => falseAlarms,
                },
                {
                  key: "precision",
                  title: t("alerts.precision"),
                  figures: true,
                  cell: ({ precisionBp }) =>
                    precisionBp === null ? "–" : percentText(intl, precisionBp),
                },
              ]}
            />
          </Panel>
        )
      }
    </Answered>
  );
}

function useAlertColumns(onAct: (act: Act) => void): readonly Column<Alert>[] {
  const t = useText();
  const word = useWord();
  return [
    {
      key: "kind",
      title: t("alert.kind"),
      cell: ({ kind, lineId }) => <Link to={to.line(lineId)}>{word("alertKind", kind)}</Link>,
    },
    { key: "about", title: t("alert.about"), cell: (alert) => <About alert={alert} /> },
    {
      key: "severity",
      title: t("alert.severity"),
      cell: ({ severity }) => <StateTag group="severity" state={severity} />,
    },
    {
      key: "state",
      title: t("alert.state"),
      cell: ({ state, finding }) => (
        <>
          <StateTag group="alertState" state={state} />
          {finding !== null && ` ${word("alertFinding", finding)}`}
        </>
      ),
    },
    {
      key: "owner",
      title: t("alert.owner"),
      cell: ({ role, owner, escalatedAt }) => (
        <>
          {word("role", role)}
          {owner !== null && (
            <>
              {" · "}
              <Who id={owner} />
            </>
          )}
          {escalatedAt !== null && (
            <div className="quiet">
              {t("alert.passedUp")} <Moment at={escalatedAt} />
            </div>
          )}
        </>
      ),
    },
    {
      key: "raisedAt",
      title: t("alert.raisedAt"),
      cell: ({ raisedAt }) => <Moment at={raisedAt} />,
    },
    { key: "dueAt", title: t("alert.dueAt"), cell: ({ dueAt }) => <Moment at={dueAt} /> },
    {
      key: "acts",
      title: t("alert.acts"),
      acts: true,
      cell: (alert) => <Acts alert={alert} onAct={onAct} />,
    },
  ];
}

function About({ alert: { kind, about } }: Readonly<{ alert: Alert }>): ReactNode {
  const t = useText();
  const word = useWord();
  const { language } = useLook();
  if (kind === "behaviour") {
    const text = about["text"] as Readonly<Record<typeof language, string>>;
    return `${word("behaviourLook", String(about["look"]))} · ${text[language]}`;
  }
  if (kind === "trigger") {
    return `${String(about["trigger"])} · ${word("cause", String(about["cause"]))}`;
  }
  return t("alert.beyond", { beyond: Number(about["beyond"]), atMost: Number(about["atMost"]) });
}

function Acts({ alert, onAct }: Readonly<{ alert: Alert; onAct: (act: Act) => void }>): ReactNode {
  const t = useText();
  const { me } = useSession();
  const isMine = alert.owner === me?.id;
  const closed = alert.state === "closed" ? t("alert.isClosed") : null;
  return (
    <div className="actions">
      <ActButton
        operation="takeAlert"
        because={closed ?? (isMine ? t("alert.isMine") : null)}
        look={{ size: "small" }}
        onAct={() => onAct({ verb: "take", alert })}
      >
        {t("alert.take")}
      </ActButton>
      <ActButton
        operation="closeAlert"
        because={closed ?? (isMine ? null : t("alert.takeFirst"))}
        look={{ size: "small" }}
        onAct={() => onAct({ verb: "close", alert })}
      >
        {t("alert.close")}
      </ActButton>
    </div>
  );
}

function AlertDialogs({
  act,
  onClose,
}: Readonly<{ act: Act | null; onClose: () => void }>): ReactNode {
  const t = useText();
  const word = useWord();
  const id = useId();
  const [finding, setFinding] = useState<AlertFinding>("confirmed");
  useEffect(() => setFinding("confirmed"), [act]);
  const once = (key: string) => ({ key, ver: act!.alert.ver });
  return (
    <>
      <Dialog
        open={act?.verb === "take"}
        title={t("alert.take")}
        stale={stale}
        onClose={onClose}
        send={(key) => changes.takeAlert(act!.alert.id, once(key))}
      >
        <p>{t("alert.takeHelp")}</p>
      </Dialog>
      <ReasonDialog
        open={act?.verb === "close"}
        title={t("alert.close")}
        stale={stale}
        onClose={onClose}
        send={(reason, key) => changes.closeAlert(act!.alert.id, once(key), finding, reason)}
      >
        <p>{t("alert.closeHelp")}</p>
        <label htmlFor={id}>{t("alert.finding")}</label>
        <select
          id={id}
          value={finding}
          onChange={(event) => setFinding(event.target.value as AlertFinding)}
        >
          {options(word, "alertFinding", alertFindings).map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </ReasonDialog>
    </>
  );
}
