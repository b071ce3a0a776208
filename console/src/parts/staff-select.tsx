// Choosing one of the staff who work at the review desk, by name.
import { useId, type ReactNode } from "react";
import { reads } from "../api/reads.ts";
import { queues } from "../app/choices.ts";
import { useLook } from "../app/language.tsx";
import { useRead } from "../app/read.ts";

type StaffSelectProps = Readonly<{
  label: string;
  value: string;
  /** account that is not offered: oneself */
  except?: string;
  onChange: (id: string) => void;
}>;

export function StaffSelect({ label, value, except, onChange }: StaffSelectProps): ReactNode {
  const id = useId();
  const { language } = useLook();
  const staff = useRead(["staff"], reads.staff);
  const offered = (staff.data?.data ?? []).filter(
    (one) =>
      one.id !== except && one.roles.some((role) => (queues as readonly string[]).includes(role)),
  );
  return (
    <>
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">–</option>
        {offered.map((one) => (
          <option key={one.id} value={one.id}>
            {one.name[language]}
          </option>
        ))}
      </select>
    </>
  );
}
