// The address in a problem's `type` opens a page that says what the problem means and what helps, in both
// languages. Plain HTML without style or script: it must show under the strictest policy.

import { z } from "zod";
import { languages, type Language, type Text } from "../../../domain/text.ts";
import { forEverybody } from "../access.ts";
import {
  isProblemCode,
  problemCatalogue,
  type ProblemCode,
  type ProblemEntry,
} from "../problem-catalogue.ts";
import { sendProblem } from "../problem.ts";
import { problemAnswers, summary, type Api } from "./route-shape.ts";
import { bilingual } from "../bilingual.ts";

const page = {
  description: bilingual("A page in both languages", "中英文页面"),
  content: { "text/html": { schema: z.string() } },
};

const codeParams = z.object({ code: z.string().max(100) });

/** Adds GET /problems and /problems/{code}. */
export function addProblemRoutes(api: Api): void {
  api.route({
    method: "GET",
    url: "/problems",
    config: { access: forEverybody },
    schema: {
      operationId: "listProblems",
      summary: summary({ en: "All problems", zh: "全部问题类型" }),
      tags: ["problems"],
      response: { 200: page, ...problemAnswers },
    },
    handler: async (_request, reply) => html(reply).send(listPage()),
  });
  api.route({
    method: "GET",
    url: "/problems/:code",
    config: { access: forEverybody },
    schema: {
      operationId: "readProblem",
      summary: summary({ en: "What a problem means", zh: "问题说明" }),
      tags: ["problems"],
      params: codeParams,
      response: { 200: page, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { code } = request.params;
      if (!isProblemCode(code)) return sendProblem(request, reply, "not-found");
      return html(reply).send(problemPage(code, problemCatalogue[code]));
    },
  });
}

type Typed<Reply> = { type: (mediaType: string) => Typed<Reply> } & Readonly<{
  serializer: (write: (body: unknown) => string) => Reply;
}>;

function html<Reply>(reply: Typed<Reply>): Reply {
  return reply.type("text/html; charset=utf-8").serializer((body) => String(body));
}

/** The page of one problem. */
export function problemPage(code: ProblemCode, entry: ProblemEntry): string {
  const sections = languages.map(
    (language) => `<section lang="${langTag[language]}">
<h1>${escaped(entry.title[language])}</h1>
<p>${escaped(entry.help[language])}</p>
</section>`,
  );
  return document({ en: entry.title.en, zh: entry.title.zh }, [
    `<p><code>${code}</code> · HTTP ${entry.status}</p>`,
    ...sections,
    `<p><a href="/problems">/problems</a></p>`,
  ]);
}

function listPage(): string {
  const items = (Object.keys(problemCatalogue) as ProblemCode[]).map((code) => {
    const { title, status } = problemCatalogue[code];
    return `<li><a href="/problems/${code}"><code>${code}</code></a> · ${status} · <span lang="zh-CN">${escaped(title.zh)}</span> · <span lang="en">${escaped(title.en)}</span></li>`;
  });
  return document({ en: "Problems", zh: "问题类型" }, ["<ul>", ...items, "</ul>"]);
}

const langTag: Readonly<Record<Language, string>> = { zh: "zh-CN", en: "en" };

function document(title: Text, lines: readonly string[]): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${escaped(title.zh)} · ${escaped(title.en)}</title></head>
<body>
${lines.join("\n")}
</body>
</html>
`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
