// Looking somebody up by personal data. What is looked for stays on the page: it is sent in a body and stands in no
// address, so that histories, links and logs do not hold it, and it is gone when the page is left.
import { useId, useState, type ReactNode } from "react";
import type { FindCustomers } from "../api/reads.ts";
import { useText } from "../app/text.ts";
import { ActButton } from "./act-button.tsx";

const fields = ["name", "phone", "email", "document"] as const;

type PersonSearchProps = Readonly<{
  found: FindCustomers | null;
  /** null: nobody is looked for any more */
  onFind: (asked: FindCustomers | null) => void;
}>;

export function PersonSearch({ found, onFind }: PersonSearchProps): ReactNode {
  const t = useText();
  const id = useId();
  const [field, setField] = useState<FindCustomers["field"]>("name");
  const [text, setText] = useState("");
  const find = (): void => {
    if (text.trim() !== "") onFind({ field, text: text.trim() });
  };
  const clear = (): void => {
    setText("");
    onFind(null);
  };
  return (
    <form
      className="filters"
      role="search"
      aria-label={t("customer.find")}
      autoComplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        find();
      }}
    >
      <div className="filter">
        <label htmlFor={`${id}-field`}>{t("customer.find")}</label>
        <select
          id={`${id}-field`}
          value={field}
          onChange={(event) => setField(event.target.value as FindCustomers["field"])}
        >
          {fields.map((one) => (
            <option key={one} value={one}>
              {t(`customer.${one}`)}
            </option>
          ))}
        </select>
      </div>
      <div className="filter">
        <label htmlFor={`${id}-text`}>{t(`customer.${field}`)}</label>
        <input
          id={`${id}-text`}
          type="search"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      <ActButton operation="findCustomers" onAct={find}>
        {t("customer.findNow")}
      </ActButton>
      {found !== null && <ActButton onAct={clear}>{t("act.clear")}</ActButton>}
    </form>
  );
}
