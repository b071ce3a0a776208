// Many cases at once: what would happen is asked of the server before anybody can agree to it, and a reason is needed.
import { Alert, Button } from "antd";
import { useState, type ReactNode } from "react";
import { changes, type BulkRequest, type BulkVerb } from "../api/changes.ts";
import { newKey } from "../api/client.ts";
import type { BulkReview, ReviewCase } from "../api/reads.ts";
import { useLook } from "../app/language.tsx";
import { useRead } from "../app/read.ts";
import { useText } from "../app/text.ts";
import { ActButton } from "../parts/act-button.tsx";
import { Amount } from "../parts/amount.tsx";
import { ReasonDialog } from "../parts/reason-dialog.tsx";
import { ShortId } from "../parts/short-id.tsx";
import { StaffSelect } from "../parts/staff-select.tsx";
import { Answered } from "../parts/states.tsx";
import { RestFields, restOf, staleAfterDesk, type Rest } from "./review-desk-dialogs.tsx";
import { staleAfterVerdict } from "./review-acts.tsx";

type BulkBarProps = Readonly<{ selected: readonly ReviewCase[]; onDone: () => void }>;

const verbs: readonly (readonly [BulkVerb, operation: string])[] = [
  ["approve", "approve"],
  ["reject", "reject"],
  ["assign", "assignReview"],
  ["snooze", "snoozeReview"],
];

export function BulkBar({ selected, onDone }: BulkBarProps): ReactNode {
  const t = useText();
  const [verb, setVerb] = useState<BulkVerb | null>(null);
  const [result, setResult] = useState<BulkReview | null>(null);
  return (
    <>
      {result !== null && <Told result={result} onClose={() => setResult(null)} />}
      {selected.length > 0 && (
        <div
          className="bulk"
          role="group"
          aria-label={t("bulk.selected", { count: selected.length })}
        >
          <span>{t("bulk.selected", { count: selected.length })}</span>
          <div className="actions">
            {verbs.map(([one, operation]) => (
              <ActButton
                key={one}
                operation={operation}
                look={{ size: "small" }}
                onAct={() => setVerb(one)}
              >
                {t(`review.${one}`)}
              </ActButton>
            ))}
            <Button size="small" type="text" onClick={onDone}>
              {t("bulk.clear")}
            </Button>
          </div>
        </div>
      )}
      {verb !== null && (
        <BulkDialog
          verb={verb}
          selected={selected}
          onClose={() => setVerb(null)}
          onResult={setResult}
          onDone={onDone}
        />
      )}
    </>
  );
}

/** What became of it, also of the cases that were refused. */
function Told({
  result,
  onClose,
}: Readonly<{ result: BulkReview; onClose: () => void }>): ReactNode {
  const t = useText();
  const refused = result.refused.reduce((sum, { count }) => sum + count, 0);
  return (
    <Alert
      type={refused > 0 ? "warning" : "success"}
      showIcon
      role="status"
      closable={{ onClose }}
      title={t("bulk.result", { done: result.done, refused })}
      description={<Refused result={result} />}
    />
  );
}

type BulkDialogProps = Readonly<{
  verb: BulkVerb;
  selected: readonly ReviewCase[];
  onClose: () => void;
  onResult: (result: BulkReview) => void;
  onDone: () => void;
}>;

function BulkDialog(props: BulkDialogProps): ReactNode {
  const { verb, selected, onClose, onResult, onDone } = props;
  const t = useText();
  const [to, setTo] = useState("");
  const [rest, setRest] = useState<Rest>({ until: "", pastDue: false });
  const ready = (verb !== "assign" || to !== "") && (verb !== "snooze" || rest.until !== "");
  const request: Omit<BulkRequest, "reason"> = {
    verb,
    cases: selected.map(({ id, ver }) => ({ id, ver })),
    ...(verb === "assign" ? { to } : {}),
    ...(verb === "snooze" ? restOf(rest) : {}),
  };
  return (
    <ReasonDialog
      open
      title={t(`review.${verb}`)}
      danger={verb === "reject"}
      ready={ready}
      stale={[...staleAfterVerdict, ...staleAfterDesk]}
      onClose={onClose}
      onDone={onDone}
      send={async (reason, key) =>
        onResult(await changes.bulkReview({ key }, { ...request, reason }, false))
      }
    >
      {verb === "assign" && (
        <StaffSelect label={t("review.assignTo")} value={to} onChange={setTo} />
      )}
      {verb === "snooze" && <RestFields rest={rest} onRest={setRest} />}
      {ready && <Preview request={request} />}
    </ReasonDialog>
  );
}

/** Nothing is changed by looking; the reason is asked for only when it is done. */
function Preview({ request }: Readonly<{ request: Omit<BulkRequest, "reason"> }>): ReactNode {
  const t = useText();
  const query = useRead(["bulk-preview", JSON.stringify(request)], () =>
    changes.bulkReview({ key: newKey() }, { ...request, reason: "preview" }, true),
  );
  return (
    <Answered query={query}>
      {(preview) => (
        <>
          <p>
            {t("bulk.would", { count: preview.done })}{" "}
            {preview.impact.map((money) => (
              <Amount key={money.currency} money={money} />
            ))}
          </p>
          {preview.examples.length > 0 && <p className="quiet">{t("bulk.examples")}</p>}
          <ul className="marks">
            {preview.examples.map(({ id, impact }) => (
              <li key={id}>
                <ShortId id={id} /> <Amount money={impact} />
              </li>
            ))}
          </ul>
          <Refused result={preview} />
        </>
      )}
    </Answered>
  );
}

function Refused({ result }: Readonly<{ result: BulkReview }>): ReactNode {
  const t = useText();
  const { language } = useLook();
  if (result.refused.length === 0) return null;
  return (
    <>
      <p className="quiet">{t("bulk.refused")}</p>
      <ul className="marks">
        {result.refused.map(({ code, count, title, first }) => (
          <li key={code}>
            {t("bulk.refusedOne", { count, title: title[language], first: first[language] })}
          </li>
        ))}
      </ul>
    </>
  );
}
