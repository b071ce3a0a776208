// Proposing an emergency profile: what it would do, to which lines, how much in a day and until when. Somebody else approves it.
import { Input, InputNumber } from "antd";
import { useId, useState, type ReactNode } from "react";
import { changes } from "../api/changes.ts";
import { reads } from "../api/reads.ts";
import { namesIn } from "../app/names-in.ts";
import { useRead } from "../app/read.ts";
import { useSession } from "../app/session.tsx";
import { useText } from "../app/text.ts";
import { ActButton } from "../parts/act-button.tsx";
import { exponentOf } from "../parts/amount.tsx";
import { ReasonDialog } from "../parts/reason-dialog.tsx";

export function ProposeEmergency({ stale }: Readonly<{ stale: readonly string[] }>): ReactNode {
  const t = useText();
  const [open, setOpen] = useState(false);
  return (
    <>
      <ActButton operation="proposeEmergencyProfile" onAct={() => setOpen(true)}>
        {t("emergency.propose")}
      </ActButton>
      {open && <ProposeDialog stale={stale} onClose={() => setOpen(false)} />}
    </>
  );
}

const texts = ["name", "portfolio", "regions", "industries", "validUntil"] as const;

type Typed = Readonly<Record<(typeof texts)[number], string>>;

type ProposeDialogProps = Readonly<{ stale: readonly string[]; onClose: () => void }>;

function ProposeDialog({ stale, onClose }: ProposeDialogProps): ReactNode {
  const t = useText();
  const id = useId();
  const { today, currency } = useSession().installation;
  const strategies = useRead(["strategies", "list"], reads.strategies);
  const active = (strategies.data?.data ?? []).filter(({ state }) => state === "active");
  const [typed, setTyped] = useState<Typed>({
    ...{ name: "", portfolio: "", regions: "", industries: "", validUntil: today },
  });
  const [strategy, setStrategy] = useState("");
  const [cap, setCap] = useState<number | null>(null);
  const chosen = strategy === "" ? (active[0]?.id ?? "") : strategy;
  const { name, portfolio, regions, industries, validUntil } = typed;
  const amount = Math.round((cap ?? 0) * 10 ** exponentOf(currency));
  return (
    <ReasonDialog
      open
      title={t("emergency.propose")}
      ready={name.trim() !== "" && chosen !== "" && amount > 0 && validUntil >= today}
      stale={stale}
      onClose={onClose}
      send={(reason, key) =>
        changes.proposeEmergency(
          { key },
          {
            ...{ name: name.trim(), strategy: chosen, validUntil, reason },
            ...{ regions: namesIn(regions), industries: namesIn(industries) },
            ...(portfolio.trim() === "" ? {} : { portfolio: portfolio.trim() }),
            dailyCap: { amount, currency: currency as never },
          },
        )
      }
    >
      <p>{t("emergency.proposeAbout")}</p>
      <label htmlFor={`${id}strategy`}>{t("decision.strategy")}</label>
      <select
        id={`${id}strategy`}
        value={chosen}
        onChange={(event) => setStrategy(event.target.value)}
      >
        {active.map((one) => (
          <option key={one.id} value={one.id}>
            {one.id}
          </option>
        ))}
      </select>
      {texts.map((field) => (
        <div key={field}>
          <label htmlFor={`${id}${field}`}>{t(`emergency.${field}`)}</label>
          <Input
            id={`${id}${field}`}
            type={field === "validUntil" ? "date" : "text"}
            value={typed[field]}
            onChange={(event) => setTyped({ ...typed, [field]: event.target.value })}
          />
        </div>
      ))}
      <label htmlFor={`${id}cap`}>
        {t("emergency.dailyCap")} ({currency})
      </label>
      <InputNumber id={`${id}cap`} min={0} value={cap} onChange={setCap} />
    </ReasonDialog>
  );
}
