// Who has several lines, and who is tied to whom. Lines come in blocks of eight; a block's own stream of chance shares
// its lines among customers and ties some of them, so that all this is known of any line without making the others.

import type { CustomerLinkKind } from "../domain/customer.ts";
import { randomOf, type Random } from "./demo-random.ts";

const linesPerBlock = 8;

/** A tie from one customer of the block to another, by customer number. */
export type DemoTie = Readonly<{ from: number; kind: CustomerLinkKind; to: number }>;

/** The customers of eight lines: `owners[n]` is the number of the customer who has the n-th line. */
export type DemoBlock = Readonly<{ owners: readonly number[]; ties: readonly DemoTie[] }>;

/** The block of a line, by the line's number from 0. */
export function demoBlock(seed: number, line: number): DemoBlock {
  const block = Math.floor(line / linesPerBlock);
  const random = randomOf(seed, 2, block);
  const owners = ownersOf(random, block * linesPerBlock);
  return { owners, ties: tiesOf(random, [...new Set(owners)]) };
}

/** The number of the customer who has a line: that of the customer's first line. */
export function demoOwner(seed: number, line: number): number {
  return demoBlock(seed, line).owners[line % linesPerBlock]!;
}

/** About one customer in eight has a second line, one in fifty a third. */
function ownersOf(random: Random, first: number): readonly number[] {
  const owners: number[] = [];
  while (owners.length < linesPerBlock) {
    const number = first + owners.length;
    const draw = random.next();
    const lines = draw < 0.02 ? 3 : draw < 0.13 ? 2 : 1;
    for (let one = 0; one < lines && owners.length < linesPerBlock; one += 1) owners.push(number);
  }
  return owners;
}

type Pair = Readonly<{ chance: number; there: CustomerLinkKind; back: CustomerLinkKind }>;

/** Ties between neighbours of a block, with how often each comes. */
const pairs: readonly Pair[] = [
  { chance: 0.2, there: "spouse", back: "spouse" },
  { chance: 0.18, there: "guarantor", back: "guarantees" },
  { chance: 0.12, there: "same-company", back: "same-company" },
  { chance: 0.05, there: "same-device", back: "same-device" },
];

function tiesOf(random: Random, customers: readonly number[]): readonly DemoTie[] {
  const ties: DemoTie[] = [];
  pairs.forEach(({ chance, there, back }, at) => {
    const [one, other] = [customers[at], customers[at + 1]];
    if (!random.chance(chance) || one === undefined || other === undefined) return;
    ties.push({ from: one, kind: there, to: other }, { from: other, kind: back, to: one });
  });
  return ties;
}
