// The one way to the server: typed by its OpenAPI document, in the reader's language, with the session cookie of this
// origin. Whoever is no longer signed in is sent to the sign-in page by the listener.
import createClient, { type Middleware } from "openapi-fetch";
import { problemIn, ProblemError } from "./problem.ts";
import type { paths } from "./schema.ts";

let language = "zh";
let onSignedOut: () => void = () => undefined;

/** Language of answers from now on. */
export function speak(to: string): void {
  language = to;
}

/** What happens when the server says that nobody is signed in. */
export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener;
}

const asReader: Middleware = {
  onRequest({ request }) {
    request.headers.set("accept-language", language);
  },
};

/** The typed client; use `answer` around its calls. */
export const client = createClient<paths>({ baseUrl: window.location.origin });
client.use(asReader);

type Called<Body> = Readonly<{ data?: Body; error?: unknown; response: Response }>;

/** The JSON of a success; a list can be had as a table too, which is text. Throws a ProblemError for every other answer and when none came. */
export async function answer<Body>(call: Promise<Called<Body>>): Promise<Exclude<Body, string>> {
  const { data, error, response } = await call.catch(() => {
    throw new ProblemError(0, null, null);
  });
  if (response.ok) return data as Exclude<Body, string>;
  const problem = problemIn(error);
  // Asking who is signed in is how the console finds out: that answer is no news to it.
  const isNews = !response.url.endsWith("/v1/me");
  if (isNews && problem?.code === "not-signed-in") onSignedOut();
  throw new ProblemError(response.status, problem, response.headers.get("request-id"));
}

/** A key for one change; made once and kept for its retries. */
export function newKey(): string {
  return crypto.randomUUID();
}
