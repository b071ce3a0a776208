// Writing an experiment down: the champion takes what challenger and holdout leave. Nothing happens before somebody else has
// approved it and it was started.
import { Button, Input, InputNumber } from "antd";
import { Fragment, useId, useState, type ReactNode } from "react";
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
  challengers: readonly Challenger[];
  holdoutShare: number;
  shadows: readonly (string | null)[];
}>;

type Challenger = Readonly<{ version: string | null; share: number }>;

const noChallenger: Challenger = { version: null, share: 10 };

const empty: Typed = {
  ...{ id: "", champion: null, challengers: [noChallenger], holdoutShare: 5, shadows: [null] },
};

/** As many as the server takes. */
const mostShadows = 5;
const mostChallengers = 5;

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
  const t = useText();
  const challenge = (at: number, one: Challenger): void =>
    onChange({ ...typed, challengers: typed.challengers.toSpliced(at, 1, one) });
  const follow = (at: number, one: string | null): void =>
    onChange({ ...typed, shadows: typed.shadows.toSpliced(at, 1, one) });
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
      {typed.challengers.map(({ version, share }, at) => (
        <Fragment key={at}>
          <Version
            label="experiment.challenger"
            number={at + 1}
            versions={usable}
            value={version}
            onChange={(chosen) => challenge(at, { version: chosen, share })}
          />
          <Share
            label="experiment.challengerShare"
            number={at + 1}
            value={share}
            onChange={(next) => challenge(at, { version, share: next })}
          />
        </Fragment>
      ))}
      {typed.challengers.length < mostChallengers && (
        <Button size="small" onClick={() => challenge(typed.challengers.length, noChallenger)}>
          {t("experiment.addChallenger")}
        </Button>
      )}
      <Share
        label="experiment.holdoutShare"
        value={typed.holdoutShare}
        onChange={(holdoutShare) => onChange({ ...typed, holdoutShare })}
      />
      {typed.shadows.map((shadow, at) => (
        <Version
          key={at}
          label="experiment.shadow"
          number={at + 1}
          versions={versions}
          value={shadow}
          onChange={(chosen) => follow(at, chosen)}
        />
      ))}
      {typed.shadows.length < mostShadows && (
        <Button size="small" onClick={() => follow(typed.shadows.length, null)}>
          {t("experiment.addShadow")}
        </Button>
      )}
    </>
  );
}

type VersionProps = Readonly<{
  label: TextKey;
  /** which of several, from 1; the first one needs no number */
  number?: number;
  versions: readonly StrategySummary[];
  value: string | null;
  onChange: (value: string | null) => void;
}>;

function Version({ label, number = 1, versions, value, onChange }: VersionProps): ReactNode {
  const t = useText();
  const word = useWord();
  const id = useId();
  return (
    <>
      <label htmlFor={id}>{numbered(t(label), number)}</label>
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

function numbered(label: string, number: number): string {
  return number === 1 ? label : `${label} ${number}`;
}

type ShareProps = Readonly<{
  label: TextKey;
  number?: number;
  value: number;
  onChange: (value: number) => void;
}>;

function Share({ label, number = 1, value, onChange }: ShareProps): ReactNode {
  const t = useText();
  const id = useId();
  return (
    <>
      <label htmlFor={id}>{numbered(t(label), number)}</label>
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
  const challengers = typed.challengers.flatMap(({ version, share }) => {
    const strategy = choiceOf(version);
    const shareBp = Math.round(share * 100);
    return strategy === null || shareBp === 0 ? [] : [{ strategy, shareBp }];
  });
  const holdoutBp = Math.round(typed.holdoutShare * 100);
  const active = { id: champion.id, version: null };
  const championBp = challengers.reduce((left, one) => left - one.shareBp, 10_000 - holdoutBp);
  return {
    id: typed.id,
    arms: [
      { name: "champion", strategy: active, shareBp: championBp },
      ...challengers.map((one, at) => ({ name: challengerName(at), ...one })),
      ...(holdoutBp === 0 ? [] : [{ name: "holdout", strategy: null, shareBp: holdoutBp }]),
    ],
    shadows: typed.shadows.flatMap((one) => choiceOf(one) ?? []),
  };
}

function challengerName(at: number): string {
  return at === 0 ? "challenger" : `challenger-${at + 1}`;
}

function choiceOf(text: string | null): Readonly<{ id: string; version: number }> | null {
  if (text === null) return null;
  const at = text.lastIndexOf("@");
  return { id: text.slice(0, at), version: Number(text.slice(at + 1)) };
}
