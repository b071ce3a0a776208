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
      if (response.ok) return save(response, await response.blob(), `${fileName(path)}.${format}`);
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

function save(response: Response, blob: Blob, fallback: string): void {
  const named = /filename="?([^";]+)"?/.exec(response.headers.get("content-disposition") ?? "");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = named?.[1] ?? fallback;
  link.click();
  URL.revokeObjectURL(link.href);
}
