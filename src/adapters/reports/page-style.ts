// The one style of a report's page, and the policy that lets a browser apply it and nothing else. Apart from the page, so
// that whoever sends a page need not load what draws it.

import { createHash } from "node:crypto";

/** Blue and orange stay apart for every kind of colour vision (Okabe and Ito 2008). */
export const pageStyle = `
:root { --paper: #fff; --ink: #1b2330; --soft: #56606e; --rule: #d4d9e0; --band: #f4f6f9; --bar1: #0072b2; --bar2: #e69f00; --link: #005a9c; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #12161c; --ink: #e6e9ee; --soft: #a9b3c0; --rule: #3a4350; --band: #1b212a; --bar1: #56b4e9; --bar2: #e69f00; --link: #8cc8f5; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 72rem; padding: 1.5rem; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }
h1 { font-size: 1.6rem; margin: 0 0 .75rem; }
h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; padding-bottom: .25rem; border-bottom: 2px solid var(--rule); }
a { color: var(--link); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: 0; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1rem; list-style: none; padding: 0; }
.notes { padding-left: 1.2rem; }
.wide { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; min-width: 24rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding: .25rem 0; }
th, td { padding: .25rem .6rem; border-bottom: 1px solid var(--rule); text-align: left; font-weight: 400; vertical-align: top; }
thead th { font-weight: 600; background: var(--band); }
.number { text-align: right; white-space: nowrap; }
figure { margin: 1rem 0; max-width: 45rem; }
figcaption { font-weight: 600; }
svg { width: 100%; height: auto; }
svg text { fill: var(--ink); stroke: none; font: 12px system-ui, sans-serif; }
svg .rule { stroke: var(--rule); }
svg .bar1 { fill: var(--bar1); }
svg .bar2 { fill: var(--bar2); }
footer { margin-top: 2rem; color: var(--soft); font-size: .85rem; }
@media print {
  :root { --paper: #fff; --ink: #000; --soft: #444; --rule: #bbb; --band: #eee; --bar1: #0072b2; --bar2: #e69f00; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  nav { display: none; }
  .wide { overflow: visible; }
  figure, tr, h2, caption { break-inside: avoid; }
  h2, caption { break-after: avoid; }
}
`;

/** Content-Security-Policy of the page: its own style, framed by our own pages, and nothing else. */
export const pageStylePolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(pageStyle).digest("base64")}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join("; ");
