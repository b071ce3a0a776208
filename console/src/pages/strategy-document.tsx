// A strategy's parts for reading: labels in the reader's language, tables as tables, everything else as it stands in
// the document.
import type { ReactNode } from "react";
import { useLook, type Language } from "../app/language.tsx";
import { useWord } from "../app/text.ts";
import { Panel } from "../parts/page.tsx";

type Part = Readonly<Record<string, unknown>>;

const first = [
  "label",
  "area",
  "cause",
  "facts",
  "eligibility",
  "exclusions",
  "segments",
  "scores",
];

export function StrategyDocument({ document }: Readonly<{ document: Part }>): ReactNode {
  const word = useWord();
  const names = Object.keys(document).filter((name) => typeof document[name] === "object");
  const plain = Object.keys(document).filter((name) => typeof document[name] !== "object");
  const rank = (name: string): number => {
    const at = first.indexOf(name);
    return at === -1 ? first.length : at;
  };
  return (
    <>
      <Panel title={word("part", "head")}>
        <Members part={Object.fromEntries(plain.map((name) => [name, document[name]]))} />
      </Panel>
      {names
        .toSorted((one, other) => rank(one) - rank(other))
        .map((name) => (
          <Panel key={name} title={word("part", name)}>
            <Value value={document[name]} />
          </Panel>
        ))}
    </>
  );
}

function isText(value: unknown): value is Readonly<Record<Language, string>> {
  return typeof value === "object" && value !== null && "zh" in value && "en" in value;
}

function Value({ value }: Readonly<{ value: unknown }>): ReactNode {
  const { language } = useLook();
  if (isText(value)) return <>{value[language]}</>;
  if (Array.isArray(value)) return <Items items={value} />;
  if (typeof value === "object" && value !== null) return <Members part={value as Part} />;
  return <span className="figures">{String(value)}</span>;
}

function Members({ part }: Readonly<{ part: Part }>): ReactNode {
  return (
    <dl className="nested">
      {Object.entries(part).map(([name, value]) => (
        <div key={name}>
          <dt>
            <code>{name}</code>
          </dt>
          <dd>
            <Value value={value} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Items({ items }: Readonly<{ items: readonly unknown[] }>): ReactNode {
  const { language } = useLook();
  if (items.every((item) => typeof item !== "object")) {
    return <span className="figures">{items.join(", ")}</span>;
  }
  return (
    <ul className="items">
      {items.map((item, at) => {
        const { id, name, label, grade } = item as Part;
        const title = [grade, name, id].find((one) => typeof one === "string");
        return (
          <li key={typeof title === "string" ? title : at}>
            <details>
              <summary>
                {isText(label) ? label[language] : ""}{" "}
                {typeof title === "string" && <code>{title}</code>}
                {title === undefined && !isText(label) && <code>{at + 1}</code>}
              </summary>
              <Value value={item} />
            </details>
          </li>
        );
      })}
    </ul>
  );
}
