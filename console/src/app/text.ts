// Words of the catalogue by key, checked by the compiler; and words for what the server names by a code.
import { useIntl } from "react-intl";
import type en from "../texts/en.json";

export type TextKey = keyof typeof en;
type Values = Readonly<Record<string, string | number>>;

/** The text of a key in the reader's language. */
export type Say = (key: TextKey, values?: Values) => string;

export function useText(): Say {
  const intl = useIntl();
  return (key, values) => intl.formatMessage({ id: key }, values);
}

/** The word for a code of a group; the code itself where the catalogue has none, as a lender's own names have none. */
export type Word = (group: string, code: string) => string;

export function useWord(): Word {
  const intl = useIntl();
  return (group, code) => {
    const id = `${group}.${code}`;
    return Object.hasOwn(intl.messages, id) ? intl.formatMessage({ id }) : code;
  };
}
