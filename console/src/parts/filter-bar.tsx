// Filters of a list over the address. Choices take effect at once, texts on Enter or when the field is left.
import { Button } from "antd";
import { useId, type ReactNode } from "react";
import type { UrlFilters } from "../app/filters.ts";
import { useText, type TextKey } from "../app/text.ts";

export type Filter = Readonly<{ name: string; label: TextKey }> &
  (
    | Readonly<{ kind: "text" | "number" | "date" }>
    | Readonly<{ kind: "choice"; options: readonly Readonly<{ value: string; label: string }>[] }>
  );

type FilterBarProps = Readonly<{
  filters: readonly Filter[];
  url: UrlFilters;
  children?: ReactNode;
}>;

export function FilterBar({ filters, url, children }: FilterBarProps): ReactNode {
  const t = useText();
  const set = url.named.some((name) => !["after", "sort", "at"].includes(name));
  return (
    <div className="filters" role="search" aria-label={t("list.filters")}>
      {filters.map((filter) => (
        <OneFilter key={filter.name} filter={filter} url={url} />
      ))}
      {set && (
        <Button type="text" onClick={url.clear}>
          {t("act.clear")}
        </Button>
      )}
      <div className="filters-end">{children}</div>
    </div>
  );
}

type OneFilterProps = Readonly<{ filter: Filter; url: UrlFilters }>;

function OneFilter({ filter, url }: OneFilterProps): ReactNode {
  const t = useText();
  const id = useId();
  const value = url.get(filter.name);
  const change = (to: string): void => {
    if (to !== value) url.set({ [filter.name]: to.trim() });
  };
  return (
    <div className="filter">
      <label htmlFor={id}>{t(filter.label)}</label>
      {filter.kind === "choice" ? (
        <select id={id} value={value} onChange={(event) => change(event.target.value)}>
          <option value="">{t("list.any")}</option>
          {filter.options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      ) : (
        <input
          // A new value in the address (back, clear) makes a new field.
          key={value}
          id={id}
          type={filter.kind}
          defaultValue={value}
          onBlur={(event) => change(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter") change(event.currentTarget.value);
          }}
        />
      )}
    </div>
  );
}
