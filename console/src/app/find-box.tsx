// Finding a line from anywhere by the beginning of the lender's own reference; a slash leads here.
import { useEffect, useRef, type ReactNode } from "react";
import { useNavigate } from "react-router";
import { to } from "./paths.ts";
import { useText } from "./text.ts";

/** True while the reader types: keys are letters then and no commands. */
export function isTyping(event: KeyboardEvent): boolean {
  const { target } = event;
  if (event.ctrlKey || event.metaKey || event.altKey) return true;
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName);
}

export function FindBox(): ReactNode {
  const t = useText();
  const navigate = useNavigate();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.key !== "/" || isTyping(event)) return;
      event.preventDefault();
      field.current?.focus();
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);
  return (
    <form
      className="find"
      role="search"
      aria-label={t("find.label")}
      onSubmit={(event) => {
        event.preventDefault();
        const text = field.current?.value.trim() ?? "";
        if (text !== "") void navigate(to.lines({ q: text }));
      }}
    >
      <input
        ref={field}
        type="search"
        aria-label={t("find.label")}
        placeholder={t("find.hint")}
        enterKeyHint="search"
      />
    </form>
  );
}
