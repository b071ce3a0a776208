// Single keys as commands, where a page is worked through by hand. They rest while the reader types or a dialog is open.
import { useEffect, useRef } from "react";
import { isTyping } from "./find-box.tsx";

/** Calls the function of a key; `on` is false while a dialog is open. */
export function useKeys(commands: Readonly<Record<string, () => void>>, on: boolean): void {
  const latest = useRef(commands);
  latest.current = commands;
  useEffect(() => {
    if (!on) return undefined;
    const listen = (event: KeyboardEvent): void => {
      if (isTyping(event)) return;
      const command = latest.current[event.key];
      if (command === undefined) return;
      event.preventDefault();
      command();
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, [on]);
}
