// Writing an experiment down: the champion takes what challenger and holdout leave. Nothing happens before somebody else has
// approved it and it was started.
import { Input, InputNumber } from "antd";
import { useId, useState, type ReactNode } from "react";
import { changes, type ExperimentDraft } from "../api/changes.ts";
import { reads, type StrategySummary } from "../api/reads.ts";
import { useRead } from "../app/read.ts";
import { useText, useWord, type TextKey } from "../app/text.ts";
import { ActButton } from "../parts/act-button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Answered } from "../parts/states.tsx";

/** What is typed; versions as `id@version`, shares in percent. */
type Typed = Readonly<{
  id: string;
  champion: string | null;
  challenger: string | null;
  challengerShare: number;
  holdoutShare: number;
  shadow: string | null;
}>;

const empty: Typed = {
  ...{ id: "", champion: null, challenger: null, challengerShare: 10, holdoutShare: 5 },
  shadow: null,
};

const challengerName = "challenger";

export function NewExperiment(): ReactNode {
  const t = useText();
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState(empty);
  const draft = draftOf(typed);
  const start = (): void => {
    setTyped(empty);
    setOpen(true);
  };
  return (
    <>
      <ActButton operation="createExperiment" look={{ type: "primary" }} onAct={start}>
        {t("experiment.create")}
      </ActButton>
      <Dialog
        open={open}
        title={t("experiment.create")}
        ready={draft !== null}
        stale={["experiments"]}
        onClose={() => setOpen(false)}
        send={(key) => changes.createExperiment(draft!, key)}
      >
        <p>{t("experiment.createAbout")}</p>
        <Form typed={typed} onChange={setTyped} />
      </Dialog>
    </>
  );
}

type FormProps = Readonly<{ typed: Typed; onChange: (typed: Typed) => void }>;

function Form({ typed, onChange }: FormProps): ReactNode {
  const t = useText();
  const nameId = useId();
  const query = useRead(["strategies", "list"], reads.strategies);
  return (
    <>
      <label htmlFor={nameId}>{t("experiment.id")}</label>
      <Input
        id={nameId}
        maxLength={40}
        value={typed.id}
        onChange={(event) => onChange({ ...typed, id: event.target.value })}
      />
      <Answered query={query}>
        {({ data }) => <Choosing typed={typed} onChange={onChange} versions={data} />}
      </Answered>
    </>
  );
}

function Choosing(
  props: FormProps & Readonly<{ versions: readonly StrategySummary[] }>,
): ReactNode {
  const { typed, onChange, versions } = props;
  const active = versions.filter(({ state }) => state === "active");
  const usable = versions.filter(({ state }) => state === "active" || state === "approved");
  return (
    <>
      <Version
        label="experiment.champion"
        versions={active}
        value={typed.champion}
        onChange={(champion) => onChange({ ...typed, champion })}
      />
      <Version
        label="experiment.challenger"
        versions={usable}
        value={typed.challenger}
        onChange={(challenger) => onChange({ ...typed, challenger })}
      />
      <Share
        label="experiment.challengerShare"
        value={typed.challengerShare}
        onChange={(challengerShare) => onChange({ ...typed, challengerShare })}
      />
      <Share
        label="experiment.holdoutShare"
        value={typed.holdoutShare}
        onChange={(holdoutShare) => onChange({ ...typed, holdoutShare })}
      />
      <Version
        label="experiment.shadow"
        versions={versions}
        value={typed.shadow}
        onChange={(shadow) => onChange({ ...typed, shadow })}
      />
    </>
  );
}

type VersionProps = Readonly<{
  label: TextKey;
  versions: readonly StrategySummary[];
  value: string | null;
  onChange: (value: string | null) => void;
}>;

function Version({ label, versions, value, onChange }: VersionProps): ReactNode {
  const t = useText();
  const word = useWord();
  const id = useId();
  return (
    <>
      <label htmlFor={id}>{t(label)}</label>
      <select
        id={id}
        value={value ?? ""}
        onChange={(event) => onChange(event.target.value === "" ? null : event.target.value)}
      >
        <option value="">–</option>
        {versions.map((one) => (
          <option key={`${one.id}@${one.version}`} value={`${one.id}@${one.version}`}>
            {one.id} v{one.version} · {word("strategyState", one.state)}
          </option>
        ))}
      </select>
    </>
  );
}

type ShareProps = Readonly<{ label: TextKey; value: number; onChange: (value: number) => void }>;

function Share({ label, value, onChange }: ShareProps): ReactNode {
  const t = useText();
  const id = useId();
  return (
    <>
      <label htmlFor={id}>{t(label)}</label>
      <InputNumber
        id={id}
        min={0}
        max={100}
        step={0.01}
        precision={2}
        suffix="%"
        value={value}
        onChange={(share) => onChange(share ?? 0)}
      />
    </>
  );
}

/** Null while something is missing; what else is wrong is said by the server. */
function draftOf(typed: Typed): ExperimentDraft | null {
  const champion = choiceOf(typed.champion);
  if (champion === null || typed.id === "") return null;
  const challenger = choiceOf(typed.challenger);
  const challengerBp = challenger === null ? 0 : Math.round(typed.challengerShare * 100);
  const holdoutBp = Math.round(typed.holdoutShare * 100);
  const shadow = choiceOf(typed.shadow);
  const active = { id: champion.id, version: null };
  return {
    id: typed.id,
    arms: [
      { name: "champion", strategy: active, shareBp: 10_000 - challengerBp - holdoutBp },
      ...(challengerBp === 0
        ? []
        : [{ name: challengerName, strategy: challenger, shareBp: challengerBp }]),
      ...(holdoutBp === 0 ? [] : [{ name: "holdout", strategy: null, shareBp: holdoutBp }]),
    ],
    shadows: shadow === null ? [] : [shadow],
  };
}

function choiceOf(text: string | null): Readonly<{ id: string; version: number }> | null {
  if (text === null) return null;
  const at = text.lastIndexOf("@");
  return { id: text.slice(0, at), version: Number(text.slice(at + 1)) };
}
