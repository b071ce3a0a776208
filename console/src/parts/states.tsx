// The states of every page beside its content: waiting, empty, failed, not allowed. A failure shows the server's own
// words and the id of the request, so that a reader can report it.
import { Alert, Button, Empty, Skeleton } from "antd";
import type { ReactNode } from "react";
import type { ProblemError } from "../api/problem.ts";
import { useText } from "../app/text.ts";

export function Waiting(): ReactNode {
  const t = useText();
  return (
    <div className="waiting" role="status" aria-label={t("state.loading")}>
      <Skeleton active paragraph={{ rows: 6 }} title={false} />
    </div>
  );
}

export function Nothing({ children }: Readonly<{ children: ReactNode }>): ReactNode {
  return <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={children} />;
}

type FailureProps = Readonly<{ error: ProblemError; onRetry?: () => void }>;

/** What went wrong, in words, with a way on. */
export function Failure({ error, onRetry }: FailureProps): ReactNode {
  const t = useText();
  const { status, problem, requestId } = error;
  const title = status === 403 ? t("state.forbidden") : (problem?.title ?? t("state.unreachable"));
  return (
    <Alert
      className="failure"
      type={status === 403 ? "info" : "error"}
      showIcon
      role="alert"
      title={title}
      description={
        <>
          <p>{problem?.detail ?? t("state.unreachableHelp")}</p>
          {requestId !== null && (
            <p className="quiet">
              {t("state.requestId")} <code>{requestId}</code>
            </p>
          )}
        </>
      }
      {...(onRetry !== undefined && status !== 403
        ? { action: <Button onClick={onRetry}>{t("act.retry")}</Button> }
        : {})}
    />
  );
}

type Asked<Answer> = Readonly<{
  data: Answer | undefined;
  error: ProblemError | null;
  refetch: () => unknown;
}>;

type AskedProps<Answer> = Readonly<{
  query: Asked<Answer>;
  children: (answer: Answer) => ReactNode;
}>;

/** The content once it is there; waiting or failure until then. */
export function Answered<Answer>({ query, children }: AskedProps<Answer>): ReactNode {
  const { data, error } = query;
  if (data !== undefined) return children(data);
  if (error !== null) return <Failure error={error} onRetry={() => void query.refetch()} />;
  return <Waiting />;
}
