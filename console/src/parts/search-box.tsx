// A search within what the page has already: nothing is asked of the server, and the address stays as it is.
import { useId, type ReactNode } from "react";

type SearchBoxProps = Readonly<{ label: string; text: string; onText: (text: string) => void }>;

export function SearchBox({ label, text, onText }: SearchBoxProps): ReactNode {
  const id = useId();
  return (
    <div className="filter">
      <label htmlFor={id}>{label}</label>
      <input id={id} type="search" value={text} onChange={(event) => onText(event.target.value)} />
    </div>
  );
}
