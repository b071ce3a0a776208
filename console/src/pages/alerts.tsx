// News that wants a person: what it is about, who has it and until when; taken and closed from the list.
import { useState, type ReactNode } from "react";
import { Link } from "react-router";
import { changes } from "../api/changes.ts";
import { reads, type Alert } from "../api/reads.ts";
import { alertStates, options, severities } from "../app/choices.ts";
import { to } from "../app/paths.ts";
import { useSession } from "../app/session.tsx";
import { useText, useWord } from "../app/text.ts";
import { ActButton } from "../parts/act-button.tsx";
import type { Column } from "../parts/data-table.tsx";
import { Dialog } from "../parts/dialog.tsx";
import type { Filter } from "../parts/filter-bar.tsx";
import { ListPage } from "../parts/list-page.tsx";
import { Moment } from "../parts/moment.tsx";
import { ReasonDialog } from "../parts/reason-dialog.tsx";
import { Who } from "../parts/short-id.tsx";
import { StateTag } from "../parts/state-tag.tsx";

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
      <AlertDialogs act={act} onClose={() => setAct(null)} />
    </>
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
      cell: ({ state }) => <StateTag group="alertState" state={state} />,
    },
    {
      key: "owner",
      title: t("alert.owner"),
      cell: ({ owner }) => (owner === null ? "–" : <Who id={owner} />),
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
        send={(reason, key) => changes.closeAlert(act!.alert.id, once(key), reason)}
      >
        <p>{t("alert.closeHelp")}</p>
      </ReasonDialog>
    </>
  );
}
