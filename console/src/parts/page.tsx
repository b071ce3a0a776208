// The frame of a page: one heading, what it is about, what can be done; and panels under it.
import type { ReactNode } from "react";

type PageProps = Readonly<{
  title: ReactNode;
  about?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}>;

export function Page({ title, about, actions, children }: PageProps): ReactNode {
  return (
    <>
      <header className="page-head">
        <div>
          <h1>{title}</h1>
          {about !== undefined && <div className="quiet">{about}</div>}
        </div>
        {actions !== undefined && <div className="actions">{actions}</div>}
      </header>
      {children}
    </>
  );
}

type PanelProps = Readonly<{
  title: ReactNode;
  extra?: ReactNode;
  children: ReactNode;
  className?: string;
}>;

export function Panel({ title, extra, children, className = "" }: PanelProps): ReactNode {
  return (
    <section className={`panel ${className}`}>
      <div className="panel-head">
        <h2>{title}</h2>
        {extra}
      </div>
      <div className="panel-body">{children}</div>
    </section>
  );
}

export type Pair = readonly [label: string, value: ReactNode];

/** Labels with their values. */
export function Pairs({ pairs }: Readonly<{ pairs: readonly Pair[] }>): ReactNode {
  return (
    <dl className="pairs">
      {pairs.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
