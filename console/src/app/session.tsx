// Who is signed in and where: the account and the installation that every page needs. Without a session there is only
// the sign-in page, which leads back to where the reader wanted to go.
import { useQueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useState, type ReactNode } from "react";
import { Navigate, useLocation, useNavigate } from "react-router";
import { whenSignedOut } from "../api/client.ts";
import rights from "../api/rights.json";
import { reads, type Installation, type Me } from "../api/reads.ts";
import { Failure, Waiting } from "../parts/states.tsx";
import { useLook } from "./language.tsx";
import { to } from "./paths.ts";
import { useRead } from "./read.ts";

export type Session = Readonly<{ me: Me; installation: Installation }>;

const SessionContext = createContext<Session | null>(null);

/** The signed-in account and its installation. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error("Session is missing above this component");
  return session;
}

/** Roles that may do something on the server; from its own description. */
export function rolesFor(operation: string): readonly string[] {
  return (rights as Readonly<Record<string, readonly string[]>>)[operation] ?? [];
}

/** True when the account holds a role for it. */
export function mayDo(me: Me, operation: string): boolean {
  const roles = rolesFor(operation);
  return me.roles.some((role) => roles.includes(role));
}

const preparingMs = 3_000;

/** Asks who is signed in; leads to the sign-in page when nobody is. */
export function SessionProvider({ children }: Readonly<{ children: ReactNode }>): ReactNode {
  const { setTimeZone } = useLook();
  const location = useLocation();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const me = useRead(["me"], reads.me);
  const signedIn = me.data !== undefined;
  const [preparing, setPreparing] = useState(false);
  const installation = useRead(["installation"], reads.installation, {
    when: signedIn,
    ...(preparing ? { everyMs: preparingMs } : {}),
  });
  const still = installation.data !== undefined && installation.data.preparing !== null;
  useEffect(() => {
    if (still === preparing) return;
    setPreparing(still);
    // Over: whatever was read meanwhile was only part of it.
    if (!still) void queries.invalidateQueries();
  }, [still, preparing, queries]);
  const timeZone = installation.data?.timeZone;
  useEffect(() => {
    if (timeZone !== undefined) setTimeZone(timeZone);
  }, [timeZone, setTimeZone]);
  useEffect(() => {
    whenSignedOut(() => {
      queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "me" });
      void queries.resetQueries({ queryKey: ["me"] });
    });
    return () => whenSignedOut(() => undefined);
  }, [queries, navigate]);
  if (me.error?.status === 401) {
    const from = `${location.pathname}${location.search}`;
    return <Navigate to={to.signIn()} replace state={{ from }} />;
  }
  const error = me.error ?? installation.error;
  if (error !== null) return <Failure error={error} onRetry={() => void me.refetch()} />;
  if (me.data === undefined || installation.data === undefined) return <Waiting />;
  return (
    <SessionContext.Provider value={{ me: me.data, installation: installation.data }}>
      {children}
    </SessionContext.Provider>
  );
}
