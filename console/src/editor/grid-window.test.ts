// The cells of a grid that are drawn: all that the window shows, and never much more.
import fc from "fast-check";
import { expect, test } from "vitest";
import { leftsOf, rowHeight, shownIn } from "./grid-window.ts";

const lefts = leftsOf(
  [100, 150, 200, 120, 80, 300, 90].map((width, at) => ({ at: [at], title: "", width })),
);
const columns = lefts.length - 1;

test("the first column stays, and what it covers is not drawn", () => {
  const view = { top: 10 * rowHeight, left: 470, height: 5 * rowHeight, width: 300 };
  const shown = shownIn(view, 100, lefts);
  expect(shown).toEqual({ top: 6, bottom: 19, left: 2, right: 7, most: 13 });
});

test("an empty grid and one that was scrolled beyond its end draw nothing that is not there", () => {
  const view = { top: 900 * rowHeight, left: 9_000, height: 640, width: 800 };
  expect(shownIn(view, 3, lefts)).toMatchObject({ top: 0, bottom: 3, right: columns });
  expect(shownIn(view, 0, leftsOf([]))).toMatchObject({ top: 0, bottom: 0, left: 0, right: 0 });
});

test("every cell that the window shows is drawn, wherever it stands", () => {
  const view = fc.record({
    top: fc.nat(40_000),
    left: fc.nat(1_200),
    height: fc.integer({ min: 1, max: 1_500 }),
    width: fc.integer({ min: 1, max: 1_500 }),
  });
  fc.assert(
    fc.property(view, fc.nat(1_000), ({ top, left, height, width }, rows) => {
      const shown = shownIn({ top, left, height, width }, rows, lefts);
      for (let row = 0; row < rows; row += 1) {
        const isSeen = (row + 1) * rowHeight > top && row * rowHeight < top + height;
        if (isSeen) expect([row >= shown.top, row < shown.bottom]).toEqual([true, true]);
      }
      for (let column = 1; column < columns; column += 1) {
        const isSeen = lefts[column + 1]! > left + lefts[1]! && lefts[column]! < left + width;
        if (isSeen) expect([column >= shown.left, column < shown.right]).toEqual([true, true]);
      }
      expect(shown.bottom - shown.top).toBeLessThanOrEqual(shown.most);
    }),
  );
});
