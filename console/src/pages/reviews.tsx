// The review queue: cases on the left, everything needed to agree or not on the right, and keys to go through them
// without the mouse.
import { Button, Modal } from "antd";
import { useState, type ReactNode } from "react";
import { reads, type ReviewCase } from "../api/reads.ts";
import { desks, options, priorities, queues, reviewStates } from "../app/choices.ts";
import { useFilters } from "../app/filters.ts";
import { useKeys } from "../app/keys.ts";
import { useRead } from "../app/read.ts";
import { useSession } from "../app/session.tsx";
import { useText, useWord } from "../app/text.ts";
import { ExportButton } from "../parts/export-button.tsx";
import { FilterBar, type Filter } from "../parts/filter-bar.tsx";
import { Pager } from "../parts/list-page.tsx";
import { Page } from "../parts/page.tsx";
import { Answered, Nothing } from "../parts/states.tsx";
import { BulkBar } from "./review-bulk.tsx";
import { ReviewEvidence } from "./review-evidence.tsx";
import { ReviewList } from "./review-list.tsx";
import type { Verdict } from "./review-acts.tsx";

const pageSize = "25";
const openFirst = { state: "open" } as const;
const mineFirst = { state: "open", desk: "queues" } as const;

export function ReviewsPage(): ReactNode {
  const t = useText();
  const { me } = useSession();
  const worksHere = me.roles.some((role) => (queues as readonly string[]).includes(role));
  const url = useFilters(worksHere ? mineFirst : openFirst);
  const { at, ...asked } = url.asked;
  const filters = { limit: pageSize, ...asked };
  const query = useRead(["reviews", "list", filters], () => reads.reviews(filters), { keep: true });
  return (
    <Page title={t("nav.reviews")} about={t("reviews.about")}>
      <FilterBar filters={useReviewFilters()} url={url}>
        <ExportButton path="/v1/review-cases" filters={filters} />
      </FilterBar>
      <Answered query={query}>
        {({ data, next }) =>
          data.length === 0 && url.previous === null ? (
            <Nothing>{t("reviews.none")}</Nothing>
          ) : (
            <Queue rows={data} at={at ?? null} onMove={(id) => url.set({ at: id })}>
              <Pager url={url} next={next} shown={data.length} />
            </Queue>
          )
        }
      </Answered>
    </Page>
  );
}

function useReviewFilters(): readonly Filter[] {
  const t = useText();
  const word = useWord();
  const yes = [{ value: "true", label: t("yes") }];
  return [
    {
      kind: "choice",
      name: "state",
      label: "review.state",
      options: options(word, "reviewState", reviewStates),
    },
    {
      kind: "choice",
      name: "queue",
      label: "review.queue",
      options: options(word, "role", queues),
    },
    { kind: "choice", name: "appeals", label: "review.appeals", options: yes },
    { kind: "choice", name: "overdue", label: "review.overdue", options: yes },
    {
      kind: "choice",
      name: "priority",
      label: "review.priority",
      options: options(word, "priority", priorities),
    },
    {
      kind: "choice",
      name: "desk",
      label: "review.desk",
      options: options(word, "review.desk", desks),
    },
    { kind: "text", name: "portfolio", label: "line.portfolio" },
  ];
}

const noneChosen: ReadonlySet<string> = new Set();

type QueueProps = Readonly<{
  rows: readonly ReviewCase[];
  at: string | null;
  onMove: (id: string) => void;
  children: ReactNode;
}>;

function Queue({ rows, at, onMove, children }: QueueProps): ReactNode {
  const t = useText();
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const [help, setHelp] = useState(false);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(noneChosen);
  const selected = rows.filter(({ id, state }) => chosen.has(id) && state === "open");
  const found = rows.findIndex(({ id }) => id === at);
  const place = Math.max(0, found);
  const current = rows[place];
  const step = (by: number): void => {
    const next = rows[Math.min(rows.length - 1, Math.max(0, place + by))];
    if (next !== undefined) onMove(next.id);
  };
  useKeys(
    {
      j: () => step(1),
      k: () => step(-1),
      a: () => setVerdict("approve"),
      r: () => setVerdict("reject"),
      o: () => setVerdict("override"),
      f: () => setVerdict("refer"),
      u: () => setVerdict("uphold"),
      t: () => setVerdict("overturn"),
      "?": () => setHelp(true),
    },
    verdict === null && !help,
  );
  return (
    <div className="queue">
      <div className="queue-list">
        <BulkBar selected={selected} onDone={() => setChosen(noneChosen)} />
        <ReviewList
          rows={rows}
          current={current?.id ?? null}
          chosen={chosen}
          onPick={onMove}
          onChoose={setChosen}
        />
        {children}
        <Button type="text" onClick={() => setHelp(true)}>
          {t("reviews.keys")} <kbd>?</kbd>
        </Button>
      </div>
      <div className="queue-evidence">
        {current !== undefined && (
          <ReviewEvidence
            key={current.id}
            id={current.id}
            verdict={verdict}
            onVerdict={setVerdict}
            onDone={() => step(1)}
          />
        )}
      </div>
      <KeyHelp open={help} onClose={() => setHelp(false)} />
    </div>
  );
}

function KeyHelp({ open, onClose }: Readonly<{ open: boolean; onClose: () => void }>): ReactNode {
  const t = useText();
  const keys = [
    ["j", t("key.next")],
    ["k", t("key.previous")],
    ["a", t("review.approve")],
    ["r", t("review.reject")],
    ["o", t("review.override")],
    ["f", t("review.refer")],
    ["u", t("review.uphold")],
    ["t", t("review.overturn")],
    ["/", t("find.label")],
    ["?", t("reviews.keys")],
  ] as const;
  return (
    <Modal open={open} title={t("reviews.keys")} footer={null} onCancel={onClose}>
      <dl className="keys">
        {keys.map(([key, label]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{label}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
