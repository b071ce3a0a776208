// What is left of personal data for those who may not read it.

import { expect, test } from "vitest";
import { maskedIdentity } from "./customer.ts";

test("of personal data so much is left that two people can be told apart, and no more", () => {
  const identity = {
    ...{ name: "欧阳修远", phone: "13812345678", email: "lena@example.org" },
    ...{ address: "上海市某路 1 号", document: "310101199001011234" },
  };
  expect(maskedIdentity(identity)).toEqual({
    ...{ name: "欧**", phone: "***5678", email: "l***@example.org" },
    ...{ address: "***", document: "***34" },
  });
});

test("short values are masked whole", () => {
  expect(maskedIdentity({ phone: "12345", document: "12", email: "nobody" })).toEqual({
    ...{ phone: "***", document: "***", email: "n***" },
  });
});
