// What every answer tells browsers: this is data, for nobody else's page, and not to be kept. Pages of other
// kinds replace the policy for their own route.

/** Header names in lower case. `secure` is true behind HTTPS. */
export function securityHeaders(secure: boolean): Readonly<Record<string, string>> {
  return {
    "cache-control": "no-store",
    "content-security-policy":
      "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "referrer-policy": "no-referrer",
    vary: "accept-language",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    ...(secure ? { "strict-transport-security": "max-age=31536000; includeSubDomains" } : {}),
  };
}
