// The files beside a case. Opening one is a download that the server writes down first.
import { Button } from "antd";
import { useRef, useState, type ReactNode } from "react";
import { useQueryClient } from "@tanstack/react-query";
import { changes } from "../api/changes.ts";
import { newKey } from "../api/client.ts";
import { ProblemError } from "../api/problem.ts";
import { reads, type ReviewCase } from "../api/reads.ts";
import { useRead } from "../app/read.ts";
import { mayDo, useSession } from "../app/session.tsx";
import { useText } from "../app/text.ts";
import { Moment } from "../parts/moment.tsx";
import { Who } from "../parts/short-id.tsx";
import { Answered, Failure, Nothing } from "../parts/states.tsx";
import { staleAfterDesk } from "./review-desk-dialogs.tsx";

type OfCase = Readonly<{ review: ReviewCase }>;

export function ReviewFiles({ review }: OfCase): ReactNode {
  const t = useText();
  const { me } = useSession();
  const { id } = review;
  const mayList = mayDo(me, "listReviewAttachments");
  const query = useRead(["reviews", id, "files"], () => reads.reviewFiles(id), { when: mayList });
  if (!mayList) return null;
  return (
    <>
      <h3>{t("review.files")}</h3>
      <Answered query={query}>
        {({ data }) =>
          data.length === 0 ? (
            <Nothing>{t("review.noFiles")}</Nothing>
          ) : (
            <ul className="marks">
              {data.map((file) => (
                <li key={file.id}>
                  {file.name === null ? (
                    <span className="quiet">{t("review.fileErased")}</span>
                  ) : (
                    <a href={`/v1/review-cases/${id}/attachments/${file.id}`} download>
                      {file.name}
                    </a>
                  )}{" "}
                  <span className="quiet">
                    <Who id={file.addedBy} /> <Moment at={file.addedAt} />
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Answered>
      <Upload review={review} />
    </>
  );
}

function Upload({ review }: OfCase): ReactNode {
  const t = useText();
  const queries = useQueryClient();
  const field = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ProblemError | null>(null);
  const send = async (file: File): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await changes.attachToReview(review.id, { key: newKey() }, file.name, await base64Of(file));
      await queries.invalidateQueries({
        predicate: ({ queryKey }) => staleAfterDesk.includes(String(queryKey[0])),
      });
    } catch (failure) {
      setError(failure instanceof ProblemError ? failure : new ProblemError(0, null, null));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      {error !== null && <Failure error={error} />}
      <input
        ref={field}
        type="file"
        hidden
        aria-label={t("review.attach")}
        accept="application/pdf,image/jpeg,image/png,text/plain"
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = "";
          if (file !== undefined) void send(file);
        }}
      />
      <Button size="small" loading={busy} onClick={() => field.current?.click()}>
        {t("review.attach")}
      </Button>{" "}
      <span className="quiet">{t("review.filesHelp")}</span>
    </>
  );
}

async function base64Of(file: File): Promise<string> {
  const url = await new Promise<string>((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(reader.result as string));
    reader.addEventListener("error", () => reject(reader.error ?? new Error("Unreadable file")));
    reader.readAsDataURL(file);
  });
  return url.slice(url.indexOf(",") + 1);
}
