// An id as people handle it: its last characters to tell apart, the whole of it to copy.
import { App, Tooltip } from "antd";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { reads } from "../api/reads.ts";
import { useLook } from "../app/language.tsx";
import { useRead } from "../app/read.ts";
import { useSession } from "../app/session.tsx";
import { useText } from "../app/text.ts";

type ShortIdProps = Readonly<{ id: string; path?: string }>;

/** Links to a page, or copies the id. */
export function ShortId({ id, path }: ShortIdProps): ReactNode {
  const t = useText();
  const { message } = App.useApp();
  const text = id.slice(-8);
  if (path !== undefined) {
    return (
      <Link to={path} className="figures" title={id} data-value={id}>
        {text}
      </Link>
    );
  }
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(id);
    void message.success(t("act.copied"));
  };
  return (
    <Tooltip title={`${t("act.copy")} ${id}`}>
      <button type="button" className="plain figures" data-value={id} onClick={() => void copy()}>
        {text}
      </button>
    </Tooltip>
  );
}

/** A hash to tell versions apart by its beginning. */
export function HashMark({ hash }: Readonly<{ hash: string }>): ReactNode {
  return (
    <code title={hash} data-value={hash}>
      {hash.slice(0, 12)}
    </code>
  );
}

/** Who did something: oneself, a part of Tidemark, or another account by its name; by its id while that is unknown. */
export function Who({ id }: Readonly<{ id: string | null | undefined }>): ReactNode {
  const t = useText();
  const { me } = useSession();
  const { language } = useLook();
  const staff = useRead(["staff"], reads.staff);
  if (id === null || id === undefined) return <span className="quiet">–</span>;
  if (id === me.id) return <>{t("who.you")}</>;
  if (id.startsWith("service:")) return <>{t("who.part", { name: id.slice("service:".length) })}</>;
  const name = staff.data?.data.find((one) => one.id === id)?.name;
  return name === undefined ? <ShortId id={id} /> : <span title={id}>{name[language]}</span>;
}
