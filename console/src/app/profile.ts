// What the newest facts say of a line, field by field: unknown is told apart from what this reader is not told.
import type { Line } from "../api/reads.ts";
import { useText } from "./text.ts";

type Profile = NonNullable<Line["profile"]>;
type Field = Exclude<keyof Profile, "withheld">;

export type TellField = <Name extends Field>(
  profile: Profile | null,
  field: Name,
  say?: (value: NonNullable<Profile[Name]>) => string,
) => string;

/** A field in words: "–" where nothing is known of it. */
export function useProfileField(): TellField {
  const t = useText();
  return (profile, field, say = String) => {
    if (profile?.withheld.includes(field) === true) return t("state.withheld");
    const value = profile?.[field];
    return value == null ? "–" : say(value);
  };
}
