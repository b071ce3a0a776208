// The rows of a filter as CSV: the same address with `format=csv`, fetched in the reader's language, so that a refusal
// is shown here and not downloaded.
import { DownloadOutlined } from "@ant-design/icons";
import { App, Button } from "antd";
import { useState, type ReactNode } from "react";
import { problemIn } from "../api/problem.ts";
import type { Filters } from "../api/reads.ts";
import { useLook } from "../app/language.tsx";
import { withFilters } from "../app/paths.ts";
import { useText } from "../app/text.ts";
import { saveFile } from "./save-file.ts";

type ExportButtonProps = Readonly<{ path: string; filters: Filters; format?: string }>;

export function ExportButton({ path, filters, format = "csv" }: ExportButtonProps): ReactNode {
  const t = useText();
  const { language } = useLook();
  const { message } = App.useApp();
  const [busy, setBusy] = useState(false);
  const { after: _, at: __, limit: ___, ...rest } = filters;
  const fetchFile = async (): Promise<void> => {
    setBusy(true);
    try {
      const asked = { headers: { "accept-language": language } };
      const response = await fetch(withFilters(path, { ...rest, format }), asked);
      if (response.ok) {
        const name = nameIn(response) ?? `${fileName(path)}.${format}`;
        return saveFile(await response.blob(), name);
      }
      const problem = problemIn(await response.json().catch(() => null));
      void message.error(problem?.detail ?? t("state.unreachable"));
    } catch {
      void message.error(t("state.unreachable"));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button icon={<DownloadOutlined />} loading={busy} onClick={() => void fetchFile()}>
      {format.toUpperCase()}
    </Button>
  );
}

function fileName(path: string): string {
  return `tidemark-${path.split("/").slice(2).join("-")}`;
}

function nameIn(response: Response): string | undefined {
  const disposition = response.headers.get("content-disposition") ?? "";
  return /filename="?([^";]+)"?/.exec(disposition)?.[1];
}
