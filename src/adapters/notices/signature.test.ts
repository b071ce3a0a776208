// The signature is the specification's, and nothing that is older, changed or signed by somebody else passes.

import { expect, test } from "vitest";
import { isSigned, signingKey } from "./signature.ts";

// The example that the specification's own libraries are tested with.
const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const body = '{"test": 2432232314}';
const headers = {
  "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
  "webhook-timestamp": "1614265330",
  "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
};
const at = 1_614_265_330;

function passes(given: object, text: string, key: string, nowSeconds: number): boolean {
  return isSigned(signingKey(key)!, { ...given }, Buffer.from(text), nowSeconds);
}

test("what the secret signed passes, among other signatures too", () => {
  expect(passes(headers, body, secret, at)).toBe(true);
  const several = `v1a,AAAA v1,${"A".repeat(44)} ${headers["webhook-signature"]}`;
  expect(passes({ ...headers, "webhook-signature": several }, body, secret, at)).toBe(true);
});

test.each([
  ["another body", headers, `${body} `, secret, 0],
  ["another secret", headers, body, `${secret.slice(0, -2)}AA`, 0],
  ["another id", { ...headers, "webhook-id": "msg" }, body, secret, 0],
  ["too old", headers, body, secret, 301],
  ["too far ahead", headers, body, secret, -301],
  ["no signature", { ...headers, "webhook-signature": undefined }, body, secret, 0],
  ["an empty one", { ...headers, "webhook-signature": "v1," }, body, secret, 0],
  ["no number", { ...headers, "webhook-timestamp": "soon" }, body, secret, 0],
])("%s does not", (_, given, text, key, seconds) => {
  expect(passes(given, text, key, at + seconds)).toBe(false);
});
