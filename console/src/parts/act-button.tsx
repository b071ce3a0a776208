// A button for something that not everybody may do at every time. When it cannot be done it stays in reach of keyboard
// and screen reader and says why.
import { Button, Tooltip, type ButtonProps } from "antd";
import { useId, type ReactNode } from "react";
import { mayDo, rolesFor, useSession } from "../app/session.tsx";
import { useText, useWord } from "../app/text.ts";

type ActButtonProps = Readonly<{
  /** operation of the server, whose roles decide; absent: everybody may */
  operation?: string;
  /** another reason why it cannot be done now; null when it can */
  because?: string | null;
  onAct: () => void;
  children: ReactNode;
  look?: Pick<ButtonProps, "type" | "danger" | "icon" | "loading" | "size">;
}>;

/** Why the signed-in account may not do it; null when it may. */
export function useRoleReason(operation: string | undefined): string | null {
  const t = useText();
  const word = useWord();
  const { me } = useSession();
  if (operation === undefined || mayDo(me, operation)) return null;
  const roles = rolesFor(operation)
    .filter((role) => role !== "service")
    .map((role) => word("role", role));
  return t("act.needsRole", { roles: roles.join(t("app.listComma")) });
}

export function ActButton(props: ActButtonProps): ReactNode {
  const { operation, because = null, onAct, children, look = {} } = props;
  const id = useId();
  const reason = useRoleReason(operation) ?? because;
  if (reason === null) {
    return (
      <Button {...look} onClick={onAct}>
        {children}
      </Button>
    );
  }
  return (
    <Tooltip title={reason}>
      <Button
        {...look}
        danger={false}
        className="cannot"
        aria-disabled="true"
        aria-describedby={id}
      >
        {children}
        <span id={id} className="unseen">
          {reason}
        </span>
      </Button>
    </Tooltip>
  );
}
