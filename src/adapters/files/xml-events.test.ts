// XML in pieces of any size gives the same events, and what a workbook never needs is refused.

import { describe, expect, test } from "vitest";
import { XmlError, xmlReader } from "./xml-events.ts";

function eventsOf(text: string | Buffer, pieceBytes: number): readonly string[] {
  const events: string[] = [];
  const said = (text: string): void => {
    const last = events.at(-1);
    // Where text is cut into pieces is no business of its reader.
    if (last?.startsWith("=") === true) events[events.length - 1] = last + text;
    else events.push(`=${text}`);
  };
  const reader = xmlReader({
    open: (name, attribute) =>
      events.push(`<${name} ${attribute("a") ?? ""} ${attribute("x:a") ?? ""}`),
    close: (name) => events.push(`>${name}`),
    text: said,
  });
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += pieceBytes)
    reader.push(bytes.subarray(at, at + pieceBytes));
  reader.end();
  return events;
}

describe("XML", () => {
  const text =
    '<?xml version="1.0"?><!-- <c> --><x:r a="1 &gt; &quot;2&quot;" x:a=\'3>\'>潮&amp;位 &#x6f6e;&#20301;<e/><e a = "b" /><![CDATA[<&amp;]]></x:r>\n';

  test.each([1, 2, 3, 7, 1_000])("is read the same in pieces of %d bytes", (pieceBytes) => {
    expect(eventsOf(text, pieceBytes)).toEqual([
      '<r 1 > "2" 3>',
      "=潮&位 潮位",
      "<e  ",
      ">e",
      "<e b ",
      ">e",
      "=<&amp;",
      ">r",
      "=\n",
    ]);
  });

  test.each<[string, string | Buffer]>([
    ["a document type", "<!DOCTYPE r><r/>"],
    ["an entity of its own", "<r>&lol;</r>"],
    ["an entity in an attribute", '<r a="&lol;"/>'],
    ["a tag that is not closed", "<r><e></r>"],
    ["a tag that was not open", "<r/></r>"],
    ["an end in the middle of a tag", "<r><e a="],
    ["bytes that are not UTF-8", Buffer.from([60, 114, 62, 0xff, 0xfe, 60])],
  ])("with %s is refused", (_, broken) => {
    expect(() => eventsOf(broken, 5)).toThrow(XmlError);
  });

  test("with a tag without end is refused before it fills the memory", () => {
    const reader = xmlReader({ open: () => {}, close: () => {}, text: () => {} });
    reader.push(Buffer.from('<r a="'));
    const piece = Buffer.alloc(1024 * 1024, "x");
    expect(() => {
      for (let count = 0; count < 10; count++) reader.push(piece);
    }).toThrow(/a tag has no end/);
  });
});
