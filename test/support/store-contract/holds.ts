// Blackout windows, emergency profiles and what customers say of a wave: kept and counted alike by every store.

import { describe, expect, test } from "vitest";
import type { Blackout } from "../../../src/domain/blackout.ts";
import type { EmergencyProfile } from "../../../src/portfolio/emergency-ports.ts";
import { at, date, idOf, noon, today, type OpenStore } from "./rows.ts";

const window: Blackout = {
  id: idOf(0, "window 1"),
  event: "Flood 洪水",
  fromOn: today,
  toOn: date("2026-04-10"),
  regions: ["guangdong", "fujian"],
  industries: [],
  exempt: ["fraud"],
  reason: "Relief",
  by: "zhao.min",
  at: noon,
};

const profile: EmergencyProfile = {
  id: idOf(0, "profile 1"),
  name: "Flood",
  strategy: { id: "emergency", version: 2, hash: "h" },
  portfolio: null,
  regions: ["guangdong"],
  industries: [],
  dailyCapMinor: 5_000_000_00,
  validUntil: date("2026-12-31"),
  reason: "Agreed",
  author: "wang.wei",
  proposedAt: noon,
  state: "proposed",
  decidedBy: null,
  decidedAt: null,
};

export function holdsContract(open: OpenStore): void {
  describe("blackout windows", () => {
    test("hold from their first to their last day, and transactions see them", async () => {
      const store = await open();
      await store.blackouts.set(window);
      await store.blackouts.set({ ...window, event: "another" });
      const later = { ...window, id: idOf(0, "window 2"), fromOn: date("2026-04-05") };
      await store.blackouts.set({ ...later, at: at("2026-04-01") });
      expect(await store.blackouts.inForce(today)).toEqual([window]);
      const seen = await store.transaction(3, true, ({ blackouts }) => blackouts(today));
      expect(seen).toEqual([window]);
      expect(await store.blackouts.inForce(date("2026-04-10"))).toHaveLength(2);
      expect(await store.blackouts.inForce(date("2026-04-11"))).toEqual([]);
      expect(await store.blackouts.inForce(date("2026-03-30"))).toEqual([]);
      const all = await store.blackouts.list(null, 10);
      expect(all.map(({ id }) => id)).toEqual([later.id, window.id]);
      expect(await store.blackouts.list(later.id, 10)).toEqual([{ ...window, lifted: null }]);
      expect(await store.blackouts.list(idOf(0, "none"), 10)).toEqual([]);
    });

    test("are lifted once, and say by whom and why", async () => {
      const { blackouts } = await open();
      await blackouts.set(window);
      const lifted = { by: "li.na", at: at("2026-04-01"), because: "over" };
      const lift = () => blackouts.lift(window.id, lifted.by, lifted.at, lifted.because);
      expect(await lift()).toBe(true);
      expect(await lift()).toBe(false);
      expect(await blackouts.find(window.id)).toEqual({ ...window, lifted });
      expect(await blackouts.find(idOf(0, "none"))).toBeNull();
      expect(await blackouts.inForce(today)).toEqual([]);
    });
  });

  test("a halt remembers when it was lifted last", async () => {
    const { halts } = await open();
    const halt = { area: "wave:1", reason: "r", by: "b", at: noon, expiresAt: at("2026-04-09") };
    expect(await halts.liftedAt(halt.area)).toBeNull();
    await halts.set(halt);
    expect(await halts.liftedAt(halt.area)).toBeNull();
    await halts.lift(halt.area, "li.na", at("2026-04-01"), "answered");
    expect(await halts.liftedAt(halt.area)).toBe(at("2026-04-01"));
  });

  describe("emergency profiles", () => {
    test("are proposed once, listed newest first, and move on only from where they stand", async () => {
      const { emergencies } = await open();
      const second = { ...profile, id: idOf(0, "profile 2"), proposedAt: at("2026-04-01") };
      await emergencies.propose(profile);
      await emergencies.propose({ ...profile, author: "somebody else" });
      await emergencies.propose(second);
      expect(await emergencies.find(profile.id)).toEqual(profile);
      expect(await emergencies.find(idOf(0, "none"))).toBeNull();
      expect(await emergencies.list(null, 5)).toEqual([second, profile]);
      expect(await emergencies.list(second.id, 5)).toEqual([profile]);
      const enter = (to: "approved" | "rejected") =>
        emergencies.enter(profile.id, ["proposed"], to, "li.na", noon);
      expect(await enter("approved")).toBe(true);
      expect(await enter("rejected")).toBe(false);
      expect(await emergencies.find(profile.id)).toMatchObject({
        ...{ state: "approved", decidedBy: "li.na", decidedAt: noon },
      });
      expect(await emergencies.startsOf(profile.id)).toEqual([]);
    });
  });
}
