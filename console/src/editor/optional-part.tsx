// A part that a document may do without: what holds without it, and how it is begun and left out again.
import { Button } from "antd";
import type { ReactNode } from "react";
import { useText } from "../app/text.ts";
import { useEditing } from "./editing.ts";

type OptionalPartProps = Readonly<{
  /** its name in the document */
  name: string;
  /** what holds without it */
  about: string;
  blank: Readonly<Record<string, unknown>>;
  children: ReactNode;
}>;

export function OptionalPart({ name, about, blank, children }: OptionalPartProps): ReactNode {
  const t = useText();
  const { document, change } = useEditing();
  if (document[name] === undefined) {
    return (
      <>
        <p className="quiet">{about}</p>
        <Button size="small" className="first-row" onClick={() => change([name], blank)}>
          {t("editor.begin")}
        </Button>
      </>
    );
  }
  return (
    <>
      <p className="quiet">{about}</p>
      {children}
      <div className="editor-bar">
        <Button size="small" danger onClick={() => change([name], undefined)}>
          {t("editor.leaveOut")}
        </Button>
      </div>
    </>
  );
}
