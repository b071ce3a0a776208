// A new sweep begins with its preview: how many lines, which amounts, and examples by name. Only then can it be started,
// and only as it was previewed.
import { Button, DatePicker, InputNumber } from "antd";
import dayjs from "dayjs";
import { useId, useState, type ReactNode } from "react";
import { useNavigate } from "react-router";
import { changes, type SweepRequest } from "../api/changes.ts";
import { ProblemError } from "../api/problem.ts";
import { reads, type StrategySummary, type SweepPreview } from "../api/reads.ts";
import { useFilters } from "../app/filters.ts";
import { to } from "../app/paths.ts";
import { useRead } from "../app/read.ts";
import { useSession } from "../app/session.tsx";
import { useText, useWord } from "../app/text.ts";
import { ActButton } from "../parts/act-button.tsx";
import { Amount, exponentOf } from "../parts/amount.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Page, Panel } from "../parts/page.tsx";
import { Answered, Failure, Nothing, Waiting } from "../parts/states.tsx";
import { SweepCounts } from "./sweep-counts.tsx";
import { SweepExamples, SweepWould } from "./sweep-examples.tsx";

type Previewed = Readonly<{ asked: SweepRequest; preview: SweepPreview }>;

export function NewSweepPage(): ReactNode {
  const t = useText();
  const [previewed, setPreviewed] = useState<Previewed | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ProblemError | null>(null);
  const preview = async (asked: SweepRequest): Promise<void> => {
    setBusy(true);
    setError(null);
    setPreviewed(null);
    try {
      setPreviewed({ asked, preview: await changes.previewSweep(asked) });
    } catch (failure) {
      setError(failure instanceof ProblemError ? failure : new ProblemError(0, null, null));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Page title={t("sweep.new")} about={t("sweep.newAbout")}>
      <SweepForm busy={busy} onPreview={(asked) => void preview(asked)} />
      {error !== null && <Failure error={error} />}
      {busy && <Waiting />}
      {previewed !== null && <PreviewOf previewed={previewed} />}
    </Page>
  );
}

type SweepFormProps = Readonly<{ busy: boolean; onPreview: (asked: SweepRequest) => void }>;

function SweepForm({ busy, onPreview }: SweepFormProps): ReactNode {
  const t = useText();
  const strategies = useRead(["strategies", "list"], reads.strategies);
  return (
    <Panel title={t("sweep.what")}>
      <Answered query={strategies}>
        {({ data }) => {
          const active = data.filter(({ state }) => state === "active").map(({ id }) => id);
          if (active.length === 0) return <Nothing>{t("sweep.noStrategy")}</Nothing>;
          return <SweepFields active={active} all={data} busy={busy} onPreview={onPreview} />;
        }}
      </Answered>
    </Panel>
  );
}

type SweepFieldsProps = SweepFormProps &
  Readonly<{ active: readonly string[]; all: readonly StrategySummary[] }>;

function SweepFields({ active, all, busy, onPreview }: SweepFieldsProps): ReactNode {
  const t = useText();
  const id = useId();
  const url = useFilters();
  const { installation } = useSession();
  const { currency, today } = installation;
  const [cap, setCap] = useState<number | null>(null);
  const strategy = url.get("strategy") || (active[0] ?? "");
  const asOf = url.get("asOf") || today;
  const portfolio = url.get("portfolio");
  const dailyCap = { amount: Math.round((cap ?? 0) * 10 ** exponentOf(currency)), currency };
  const shadow = all.find((one) => nameOf(one) === url.get("shadow"));
  const asked: SweepRequest = {
    strategy,
    asOf,
    shadows: shadow === undefined ? [] : [{ id: shadow.id, version: shadow.version }],
    ...(portfolio === "" ? {} : { portfolio }),
    ...(cap === null ? {} : { dailyCap: dailyCap as NonNullable<SweepRequest["dailyCap"]> }),
  };
  return (
    <form
      className="fields"
      onSubmit={(event) => {
        event.preventDefault();
        onPreview(asked);
      }}
    >
      <StrategyField
        active={active}
        chosen={strategy}
        onChoose={(chosen) => url.set({ strategy: chosen })}
      />
      <div className="filter">
        <label htmlFor={`${id}asOf`}>{t("line.asOf")}</label>
        <DatePicker
          id={`${id}asOf`}
          value={dayjs(asOf)}
          allowClear={false}
          maxDate={dayjs(today)}
          onChange={(date) => url.set({ asOf: date === null ? null : date.format("YYYY-MM-DD") })}
        />
      </div>
      <div className="filter">
        <label htmlFor={`${id}portfolio`}>{t("sweep.portfolio")}</label>
        <input
          id={`${id}portfolio`}
          key={portfolio}
          defaultValue={portfolio}
          placeholder={t("sweep.everything")}
          onBlur={(event) => url.set({ portfolio: event.target.value.trim() })}
        />
      </div>
      <CapField cap={cap} onCap={setCap} />
      <ShadowField
        all={all}
        chosen={url.get("shadow")}
        onChoose={(name) => url.set({ shadow: name })}
      />
      <Button type="primary" htmlType="submit" loading={busy}>
        {t("sweep.preview")}
      </Button>
    </form>
  );
}

type StrategyFieldProps = Readonly<{
  active: readonly string[];
  chosen: string;
  onChoose: (id: string) => void;
}>;

function StrategyField({ active, chosen, onChoose }: StrategyFieldProps): ReactNode {
  const t = useText();
  const id = useId();
  return (
    <div className="filter">
      <label htmlFor={id}>{t("decision.strategy")}</label>
      <select id={id} value={chosen} onChange={(event) => onChoose(event.target.value)}>
        {active.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </select>
    </div>
  );
}

function nameOf({ id, version }: StrategySummary): string {
  return `${id}@${version}`;
}

type ShadowFieldProps = Readonly<{
  all: readonly StrategySummary[];
  chosen: string;
  onChoose: (name: string) => void;
}>;

function ShadowField({ all, chosen, onChoose }: ShadowFieldProps): ReactNode {
  const t = useText();
  const word = useWord();
  const id = useId();
  return (
    <div className="filter">
      <label htmlFor={id}>{t("experiment.shadows")}</label>
      <select id={id} value={chosen} onChange={(event) => onChoose(event.target.value)}>
        <option value="">–</option>
        {all.map((one) => (
          <option key={nameOf(one)} value={nameOf(one)}>
            {one.id} v{one.version} · {word("strategyState", one.state)}
          </option>
        ))}
      </select>
    </div>
  );
}

type CapFieldProps = Readonly<{ cap: number | null; onCap: (cap: number | null) => void }>;

function CapField({ cap, onCap }: CapFieldProps): ReactNode {
  const t = useText();
  const id = useId();
  const { currency } = useSession().installation;
  return (
    <div className="filter">
      <label htmlFor={id}>
        {t("sweep.dailyCap")} ({currency})
      </label>
      <InputNumber
        id={id}
        min={0}
        value={cap}
        onChange={onCap}
        placeholder={t("sweep.unlimited")}
      />
    </div>
  );
}

function PreviewOf({ previewed }: Readonly<{ previewed: Previewed }>): ReactNode {
  const t = useText();
  const navigate = useNavigate();
  const [open, setOpen] = useState(false);
  const { asked, preview } = previewed;
  const { counts, examples, asks = [] } = preview;
  const start = async (key: string): Promise<void> => {
    const { id } = await changes.startSweep({ key }, asked);
    await navigate(to.sweep(id));
  };
  // What the sources say may change what is proposed.
  const nothing = counts.proposed === 0 && asks.length === 0 ? t("sweep.nothingToDo") : null;
  const startButton = (
    <ActButton
      operation="startSweep"
      because={nothing}
      look={{ type: "primary", danger: true }}
      onAct={() => setOpen(true)}
    >
      {t("sweep.start")}
    </ActButton>
  );
  return (
    <>
      <Panel title={t("sweep.would")} extra={startButton}>
        <SweepCounts counts={counts} />
        {asks.map((one) => (
          <p key={one.source}>
            {t("sweep.asksFirst", { source: one.source, asks: one.asks })}{" "}
            <Amount money={one.cost} /> · {t("sweep.asksLeft")} <Amount money={one.left} />
          </p>
        ))}
      </Panel>
      <Panel title={t("sweep.examples")}>
        <SweepExamples examples={examples} />
      </Panel>
      <Dialog
        open={open}
        title={t("sweep.start")}
        danger
        stale={["sweeps", "work"]}
        onClose={() => setOpen(false)}
        send={start}
      >
        <p>
          {t("sweep.startAbout", {
            strategy: asked.strategy,
            asOf: asked.asOf,
            evaluated: counts.evaluated,
            proposed: counts.proposed,
            toReview: counts.toReview,
          })}
        </p>
        <SweepWould preview={preview} />
      </Dialog>
    </>
  );
}
