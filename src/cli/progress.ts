// Progress of long work: a bar with rate and time left while a person watches, silence otherwise.

import { SingleBar } from "cli-progress";
import type { Text } from "../domain/text.ts";
import { type Frame, say } from "./frame.ts";

export type Progress = Readonly<{
  /** `note` stands behind the bar */
  update: (done: number, total: number, note?: string) => void;
  stop: () => void;
}>;

const silent: Progress = { update: () => undefined, stop: () => undefined };

/** A bar on stderr. `unit` is what is counted: lines, buckets, decisions. */
export function startProgress(frame: Frame, label: Text, unit: Text): Progress {
  if (!frame.terminal.interactive) return silent;
  const words = say(frame, { en: "left", zh: "剩余" });
  const started = performance.now();
  const bar = new SingleBar({
    format: `${say(frame, label)} {bar} {percentage}%  {value}/{total} ${say(frame, unit)}  {rate}/s  ${words} {left}  {note}`,
    barsize: 24,
    hideCursor: true,
    clearOnComplete: true,
    fps: 5,
  });
  let running = false;
  return {
    update: (done, total, note = "") => {
      if (!running) bar.start(total, 0, { rate: "–", left: "–", note });
      running = true;
      const seconds = (performance.now() - started) / 1000;
      const rate = done / seconds;
      bar.setTotal(total);
      bar.update(done, { rate: rateText(rate), left: leftText((total - done) / rate), note });
    },
    stop: () => {
      if (running) bar.stop();
      running = false;
    },
  };
}

function rateText(perSecond: number): string {
  return perSecond >= 100 ? String(Math.round(perSecond)) : perSecond.toFixed(1);
}

/** "1:05" for seconds; "–" where nothing is known yet. */
export function leftText(seconds: number): string {
  if (!Number.isFinite(seconds)) return "–";
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
