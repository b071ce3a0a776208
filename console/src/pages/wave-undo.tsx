// Undoing the wave of a sweep: what it would do is asked of the server first, one person proposes it with a reason,
// another one approves it, and what was left as it is can be seen line by line.
import { Button, Input } from "antd";
import { useState, type ReactNode } from "react";
import { useIntl } from "react-intl";
import { Link } from "react-router";
import { changes } from "../api/changes.ts";
import { reads, type SweepDetail, type UndoneLine, type WaveUndo } from "../api/reads.ts";
import { useFilters } from "../app/filters.ts";
import { to } from "../app/paths.ts";
import { useRead } from "../app/read.ts";
import { useText, useWord } from "../app/text.ts";
import { ActButton } from "../parts/act-button.tsx";
import { Amount } from "../parts/amount.tsx";
import { DataTable, type Column } from "../parts/data-table.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Moment } from "../parts/moment.tsx";
import { moneyColumn } from "../parts/money-column.tsx";
import { Pairs, Panel } from "../parts/page.tsx";
import { PartList } from "../parts/part-list.tsx";
import { ReasonDialog } from "../parts/reason-dialog.tsx";
import { Who } from "../parts/short-id.tsx";
import { StateTag } from "../parts/state-tag.tsx";
import { Answered, Nothing } from "../parts/states.tsx";

const everyMs = 3_000;
const stale = ["wave-undos", "decisions", "notices", "lines", "work"];

/** Every undoing of one sweep, and the way to another one. */
export function WaveUndos({ sweep }: Readonly<{ sweep: SweepDetail }>): ReactNode {
  const t = useText();
  const [atWork, setAtWork] = useState(false);
  const query = useRead(
    ["wave-undos", sweep.id],
    async () => {
      const found = await reads.waveUndos(sweep.id);
      setAtWork(found.data.some(({ state }) => state === "running"));
      return found;
    },
    atWork ? { everyMs } : {},
  );
  return (
    <Panel title={t("wave.title")}>
      <p className="quiet">{t("wave.about")}</p>
      <Propose sweep={sweep} />
      <Answered query={query}>
        {({ data }) =>
          data.length === 0 ? (
            <Nothing>{t("wave.none")}</Nothing>
          ) : (
            data.map((undo) => <Undo key={undo.id} undo={undo} />)
          )
        }
      </Answered>
    </Panel>
  );
}

function Propose({ sweep }: Readonly<{ sweep: SweepDetail }>): ReactNode {
  const t = useText();
  const [open, setOpen] = useState(false);
  const [region, setRegion] = useState("");
  const filter = region.trim() === "" ? {} : { region: region.trim() };
  const goesOn = ["done", "cancelled"].includes(sweep.state) ? null : t("wave.sweepGoesOn");
  return (
    <>
      <ActButton operation="undoWave" because={goesOn} onAct={() => setOpen(true)}>
        {t("wave.propose")}
      </ActButton>
      <ReasonDialog
        open={open}
        title={t("wave.propose")}
        danger
        stale={stale}
        onClose={() => setOpen(false)}
        send={(reason, key) => changes.undoWave(sweep.id, { ...filter, reason }, { key })}
      >
        <label>
          {t("wave.region")}
          <Input
            value={region}
            maxLength={200}
            onChange={(event) => setRegion(event.target.value)}
          />
        </label>
        {open && <Preview sweepId={sweep.id} filter={filter} />}
      </ReasonDialog>
    </>
  );
}

type PreviewProps = Readonly<{ sweepId: string; filter: Readonly<{ region?: string }> }>;

/** Nothing is stored by looking; the reason is asked for only when it is proposed. */
function Preview({ sweepId, filter }: PreviewProps): ReactNode {
  const t = useText();
  const query = useRead(["wave-preview", sweepId, filter.region ?? ""], () =>
    changes.previewUndo(sweepId, { ...filter, reason: "preview" }),
  );
  return (
    <Answered query={query}>
      {({ planned, examples }) => (
        <>
          <p>{t("wave.would", { restored: planned.restored, withdrawn: planned.withdrawn })}</p>
          <p>
            {t("wave.amount")}: <Amount money={planned.amount} />
          </p>
          <Examples lines={examples} />
        </>
      )}
    </Answered>
  );
}

function Undo({ undo }: Readonly<{ undo: WaveUndo }>): ReactNode {
  const t = useText();
  const word = useWord();
  const intl = useIntl();
  const isProposed = undo.state === "proposed";
  const counts = isProposed ? undo.planned : undo.done;
  const { action, region, segment, reason } = undo.filter;
  const only = [segment, region, action === null ? null : word("action", action), reason].filter(
    (part) => part !== null,
  );
  const refused = Object.values(counts.refused).reduce((sum, count) => sum + count, 0);
  const hasLines = undo.state === "running" || undo.state === "done";
  const counted = (did: string, count: number): ReactNode =>
    hasLines && count > 0 ? <Count key={did} did={did} count={count} /> : intl.formatNumber(count);
  return (
    <>
      <Pairs
        pairs={[
          [t("sweep.state"), <StateTag key="state" group="waveState" state={undo.state} />],
          [t("wave.only"), only.length === 0 ? t("wave.everything") : only.join(", ")],
          [t("form.reason"), undo.reason],
          [t("wave.author"), <Who key="author" id={undo.author} />],
          [t("wave.proposedAt"), <Moment key="at" at={undo.proposedAt} />],
          [
            t("wave.decidedBy"),
            undo.decidedBy === null ? "–" : <Who key="by" id={undo.decidedBy} />,
          ],
          [t("wave.restored"), counted("restored", counts.restored)],
          [t("wave.withdrawn"), counted("withdrawn", counts.withdrawn)],
          [t("wave.amount"), <Amount key="amount" money={counts.amount} />],
          [t("wave.refused"), counted("refused", refused)],
        ]}
      />
      {isProposed && <Verdicts undo={undo} />}
      {hasLines && <Undone id={undo.id} />}
    </>
  );
}

function Verdicts({ undo }: Readonly<{ undo: WaveUndo }>): ReactNode {
  const t = useText();
  const [verdict, setVerdict] = useState<"approve" | "reject" | null>(null);
  const shown = verdict ?? "approve";
  const { planned } = undo;
  return (
    <>
      {(["approve", "reject"] as const).map((one) => (
        <ActButton
          key={one}
          operation={`${one}WaveUndo`}
          look={{ danger: one === "reject" }}
          onAct={() => setVerdict(one)}
        >
          {t(`wave.${one}`)}
        </ActButton>
      ))}
      <Dialog
        open={verdict !== null}
        title={t(`wave.${shown}`)}
        danger={shown === "reject"}
        stale={stale}
        onClose={() => setVerdict(null)}
        send={(key) => changes.decideUndo(undo.id, shown, { key })}
      >
        <p>{t(`wave.${shown}About`)}</p>
        <p>
          {t("wave.would", { restored: planned.restored, withdrawn: planned.withdrawn })}{" "}
          {t("wave.amount")}: <Amount money={planned.amount} />
        </p>
        <p className="quiet">{undo.reason}</p>
      </Dialog>
    </>
  );
}

/** What became of every line, page by page; `?did=` of the address narrows them. */
function Undone({ id }: Readonly<{ id: string }>): ReactNode {
  const t = useText();
  const did = useFilters().get("did");
  return (
    <PartList<UndoneLine>
      caption={t("wave.lines")}
      queryKey={["wave-undos", id, "lines"]}
      read={(asked) => reads.undoneLines(id, asked)}
      filters={did === "" ? {} : { did }}
      columns={useUndoneColumns()}
      keyOf={({ decisionId }) => decisionId}
      path={`/v1/wave-undos/${id}/lines`}
      empty="wave.noLines"
    />
  );
}

/** A count that leads to its lines in the list below; once more, and all lines are listed again. */
function Count({ did, count }: Readonly<{ did: string; count: number }>): ReactNode {
  const intl = useIntl();
  const url = useFilters();
  const chosen = url.get("did") === did;
  return (
    <Button
      type="link"
      size="small"
      aria-pressed={chosen}
      onClick={() => url.set({ did: chosen ? "" : did })}
    >
      {intl.formatNumber(count)}
    </Button>
  );
}

function useUndoneColumns(): readonly Column<UndoneLine>[] {
  const t = useText();
  const word = useWord();
  return [
    {
      key: "reference",
      title: t("line.reference"),
      cell: ({ lineId, reference }) => <Link to={to.line(lineId)}>{reference}</Link>,
    },
    { key: "did", title: t("wave.did"), cell: ({ did }) => word("undone", did) },
    moneyColumn<UndoneLine>({
      key: "amount",
      title: t("wave.amount"),
      of: ({ amount }) => amount,
    }),
    { key: "because", title: t("wave.because"), cell: ({ because }) => because ?? "–" },
  ];
}

function Examples({ lines }: Readonly<{ lines: readonly UndoneLine[] }>): ReactNode {
  return (
    <DataTable
      caption={useText()("sweep.examples")}
      rows={lines}
      keyOf={({ decisionId }) => decisionId}
      columns={useUndoneColumns()}
    />
  );
}
