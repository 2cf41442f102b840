"""The style of a page: light and dark as the reader's system is, and for paper."""

STYLE = """
:root {
  --paper: #fffefb; --ink: #1c1c1a; --quiet: #66645e; --line: #dcd9d0; --mark: #0072b2; --soft: #f3f1ea;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #16181b; --ink: #e6e4de; --quiet: #a09d95; --line: #383b40; --mark: #56b4e9; --soft: #202328;
  }
}
* { box-sizing: border-box; }
html { background: var(--paper); color: var(--ink); color-scheme: light dark; }
body { margin: 0; font: 16px/1.5 Charter, "Bitstream Charter", "Noto Serif", Georgia, serif; }
main { max-width: 46rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .5rem; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2.4rem 0 .6rem; border-bottom: 1px solid var(--line); }
h2 { overflow-wrap: anywhere; }
h3 { font-size: 1rem; font-weight: 600; margin: 1rem 0 .3rem; overflow-wrap: anywhere; }
code { font: .85rem/1.4 ui-monospace, "DejaVu Sans Mono", Menlo, monospace; overflow-wrap: anywhere; }
.asked { margin: 0 0 1rem; padding: .5rem .75rem; background: var(--soft); border-radius: .3rem; }
dl { display: flex; flex-wrap: wrap; gap: .4rem 2rem; margin: 0; }
dl div { min-width: 0; }
dt { color: var(--quiet); font-size: .8rem; }
dd { margin: 0; overflow-wrap: anywhere; }
figure { margin: .8rem 0; }
figcaption, .note, .formula p, footer { color: var(--quiet); font-size: .88rem; overflow-wrap: anywhere; }
svg { display: block; width: 100%; height: auto; }
svg text { fill: var(--ink); font: 12px "DejaVu Sans", Verdana, sans-serif; }
.edge { fill: none; stroke: var(--quiet); opacity: .55; }
.tip { fill: var(--quiet); }
.unit { stroke: var(--ink); fill: color-mix(in srgb, var(--mark) var(--share), var(--paper)); }
.network text { paint-order: stroke; stroke: var(--paper); stroke-width: 3px; stroke-linejoin: round; }
.grid { stroke: var(--line); }
.stem { stroke: var(--mark); opacity: .45; }
.dot { fill: var(--mark); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums lining-nums; }
th, td { text-align: left; padding: .15rem .9rem .15rem 0; vertical-align: baseline; }
thead th { color: var(--quiet); font-weight: 400; font-size: .8rem; border-bottom: 1px solid var(--line); }
td { white-space: nowrap; }
tbody th { font-weight: 400; max-width: 18rem; overflow-wrap: break-word; }
.exact { color: var(--quiet); margin-left: .6rem; }
.bar { display: block; width: 8rem; max-width: 22vw; }
.bar span { display: block; height: .65rem; background: var(--mark); }
.heat td, .heat th { padding: 0; font-size: .75rem; }
.heat tbody th { padding-right: .6rem; max-width: 9rem; }
.heat thead th { vertical-align: bottom; border: 0; }
.heat thead span { writing-mode: vertical-rl; transform: rotate(180deg); max-height: 9rem; overflow: hidden; }
.shade {
  display: block; min-width: 2.5rem; padding: .3rem .25rem; text-align: center;
  background: color-mix(in srgb, var(--mark) calc(var(--share) * .62), var(--paper));
}
.formula { margin: .6rem 0; }
.formula > math, .formula .wide { padding: .2rem 0; overflow-x: auto; overflow-y: hidden; max-width: 100%; }
math { font-size: 1.05rem; }
footer { margin-top: 3rem; border-top: 1px solid var(--line); padding-top: .6rem; }
@media (max-width: 30rem) {
  .bar { display: none; }
  th, td { padding-right: .5rem; }
  .exact { display: block; margin: 0; max-width: 15rem; white-space: normal; overflow-wrap: anywhere; }
  svg text { font-size: 17px; }
}
@media print {
  :root { --paper: #fff; --ink: #000; --quiet: #444; --line: #bbb; --mark: #0072b2; --soft: #fff; }
  html { color-scheme: light; }
  main { max-width: none; padding: 0; }
  * { print-color-adjust: exact; }
  section > figure, .formula, tr { break-inside: avoid; }
  h2 { break-after: avoid; }
  .wide { overflow: visible; }
}
"""
