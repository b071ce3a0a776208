// Signals that were refused: which there are and why, and for each of those that wait, sending it again or ending it.
import { Space } from "antd";
import { useState, type ReactNode } from "react";
import { changes } from "../api/changes.ts";
import { reads, type DeadLetter } from "../api/reads.ts";
import { deadLetterStates, options } from "../app/choices.ts";
import { useText, useWord } from "../app/text.ts";
import { ActButton } from "../parts/act-button.tsx";
import type { Column } from "../parts/data-table.tsx";
import { Dialog } from "../parts/dialog.tsx";
import type { Filter } from "../parts/filter-bar.tsx";
import { ListPage } from "../parts/list-page.tsx";
import { Moment } from "../parts/moment.tsx";
import { ReasonDialog } from "../parts/reason-dialog.tsx";
import { StateTag } from "../parts/state-tag.tsx";

const openFirst = { order: "newest", state: "open" } as const;
const stale = ["dead-letters", "lines"];

type Act = Readonly<{ did: "resend" | "discard"; letter: DeadLetter }>;

export function DeadLettersPage(): ReactNode {
  const t = useText();
  const word = useWord();
  const [act, setAct] = useState<Act | null>(null);
  const filters: readonly Filter[] = [
    {
      kind: "choice",
      name: "state",
      label: "deadLetter.state",
      options: options(word, "deadLetterState", deadLetterStates),
    },
    { kind: "text", name: "type", label: "deadLetter.type" },
    { kind: "text", name: "source", label: "deadLetter.source" },
  ];
  return (
    <>
      <ListPage<DeadLetter>
        title="nav.deadLetters"
        about={t("deadLetters.about")}
        kind="dead-letters"
        read={reads.deadLetters}
        columns={useColumns(setAct)}
        filters={filters}
        defaults={openFirst}
        keyOf={({ id }) => id}
        path="/v1/dead-letters"
        empty="deadLetters.none"
      />
      <Acts act={act} onClose={() => setAct(null)} />
    </>
  );
}

function useColumns(onAct: (act: Act) => void): readonly Column<DeadLetter>[] {
  const t = useText();
  return [
    {
      key: "receivedAt",
      title: t("deadLetter.receivedAt"),
      cell: ({ receivedAt }) => <Moment at={receivedAt} />,
    },
    {
      key: "state",
      title: t("deadLetter.state"),
      cell: ({ state }) => <StateTag group="deadLetterState" state={state} />,
    },
    { key: "type", title: t("deadLetter.type"), cell: ({ type }) => type ?? "–" },
    { key: "source", title: t("deadLetter.source"), cell: ({ source }) => source ?? "–" },
    { key: "eventId", title: t("deadLetter.eventId"), cell: ({ eventId }) => eventId ?? "–" },
    { key: "detail", title: t("deadLetter.detail"), cell: ({ detail }) => detail },
    {
      key: "act",
      acts: true,
      title: t("deadLetter.act"),
      cell: (letter) =>
        letter.state === "open" && (
          <Space>
            <ActButton
              operation="resendDeadLetter"
              look={{ size: "small" }}
              onAct={() => onAct({ did: "resend", letter })}
            >
              {t("deadLetter.resend")}
            </ActButton>
            <ActButton
              operation="discardDeadLetter"
              look={{ size: "small", danger: true }}
              onAct={() => onAct({ did: "discard", letter })}
            >
              {t("deadLetter.discard")}
            </ActButton>
          </Space>
        ),
    },
  ];
}

type ActsProps = Readonly<{ act: Act | null; onClose: () => void }>;

function Acts({ act, onClose }: ActsProps): ReactNode {
  const t = useText();
  const { id = "", type = null, eventId = null, detail = "" } = act?.letter ?? {};
  const which = (
    <p className="quiet">
      {type ?? "–"} · {eventId ?? "–"} · {detail}
    </p>
  );
  return (
    <>
      <Dialog
        open={act?.did === "resend"}
        title={t("deadLetter.resend")}
        stale={stale}
        onClose={onClose}
        send={(key) => changes.resendDeadLetter(id, key)}
      >
        <p>{t("deadLetter.resendAbout")}</p>
        {which}
      </Dialog>
      <ReasonDialog
        open={act?.did === "discard"}
        title={t("deadLetter.discard")}
        danger
        stale={stale}
        onClose={onClose}
        send={(reason, key) => changes.discardDeadLetter(id, reason, key)}
      >
        <p>{t("deadLetter.discardAbout")}</p>
        {which}
      </ReasonDialog>
    </>
  );
}
