// The frame of every table: a caption, a region that scrolls by keyboard when it is wider than the screen, and the table
// taken along as CSV. A list that the server has more rows of is taken along by its own button, from the server.
import { DownloadOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useRef, type ReactNode } from "react";
import { useText } from "../app/text.ts";
import { csvFile } from "./csv-file.ts";
import { saveFile } from "./save-file.ts";
import { takenTable } from "./taken-table.ts";

type TableFrameProps = Readonly<{
  caption: string;
  /** rows stand close */
  tight?: boolean;
  /** true: only some of the rows are here */
  partly?: boolean;
  children: ReactNode;
}>;

export function TableFrame(props: TableFrameProps): ReactNode {
  const { caption, tight = false, partly = false, children } = props;
  const t = useText();
  const table = useRef<HTMLTableElement>(null);
  const take = (): void => {
    const [head = [], ...rows] = takenTable(table.current!);
    saveFile(new Blob([csvFile(head, rows)], { type: "text/csv" }), `${caption}.csv`);
  };
  return (
    <>
      <div className="table-region" role="region" aria-label={caption} tabIndex={0}>
        <table className={tight ? "table tight" : "table"} ref={table}>
          <caption className="unseen">{caption}</caption>
          {children}
        </table>
      </div>
      {!partly && (
        <div className="table-take">
          <Button
            type="text"
            size="small"
            icon={<DownloadOutlined />}
            aria-label={t("table.take", { table: caption })}
            onClick={take}
          >
            {t("table.form")}
          </Button>
        </div>
      )}
    </>
  );
}
