// The HTTP server on one screen: what every request goes through, in order, and where the routes come from.
// It holds no rule of its own; rules refuse in the flow, and this layer says so in HTTP.

import cookie from "@fastify/cookie";
import Fastify, {
  LogController,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
} from "fastify";
import type { Halt } from "../../flow/hold-ports.ts";
import { guardRoutes } from "./access.ts";
import { answerBrokenClient } from "./client-error.ts";
import { addConsoleFiles } from "./console-files.ts";
import type { HttpSettings, ServerDependencies } from "./dependencies.ts";
import { answerError } from "./error-answer.ts";
import { preferredLanguage } from "./language.ts";
import { addOpenApiRoute, addReferencePage, describeRoutes } from "./openapi.ts";
import { guardPreparation } from "./preparation.ts";
import { guardReadOnly } from "./read-only.ts";
import { sendProblem } from "./problem.ts";
import "./request-context.ts";
import { requestIdOf } from "./request-id.ts";
import { liveEvents } from "./live-events.ts";
import { liveStreams } from "./live-streams.ts";
import { addBlackoutRoutes } from "./routes/blackout-routes.ts";
import { addClockRoutes } from "./routes/clock-routes.ts";
import { addCommandRoutes } from "./routes/command-routes.ts";
import { addCustomerRoutes } from "./routes/customer-routes.ts";
import { addConnectorRoutes } from "./routes/connector-routes.ts";
import { addDeadLetterRoutes } from "./routes/dead-letter-routes.ts";
import { addDeclaredFactRoutes } from "./routes/declared-fact-routes.ts";
import { addDecisionRoutes } from "./routes/decision-routes.ts";
import { addEmergencyRoutes } from "./routes/emergency-routes.ts";
import { addEventRoutes } from "./routes/event-routes.ts";
import { addHaltRoutes } from "./routes/halt-routes.ts";
import { addHealthRoutes } from "./routes/health-routes.ts";
import { addLineDetailRoutes } from "./routes/line-detail-routes.ts";
import { addLineRoutes } from "./routes/line-routes.ts";
import { addNoticeRoutes } from "./routes/notice-routes.ts";
import { addNoticeTextsRoutes } from "./routes/notice-texts-routes.ts";
import { addAlertRoutes } from "./routes/alert-routes.ts";
import { addAppealRoutes } from "./routes/appeal-routes.ts";
import { addOfferRoutes } from "./routes/offer-routes.ts";
import { addPackRoutes } from "./routes/pack-routes.ts";
import { addOverviewRoutes } from "./routes/overview-routes.ts";
import { addProblemRoutes } from "./routes/problem-routes.ts";
import { addReminderRoutes } from "./routes/reminder-routes.ts";
import { addReceiptRoutes } from "./routes/receipt-routes.ts";
import { addReportRoutes } from "./routes/report-routes.ts";
import { addReviewCaseRoutes } from "./routes/review-case-routes.ts";
import { addReviewDeskRoutes } from "./routes/review-desk-routes.ts";
import type { Api } from "./routes/route-shape.ts";
import { addSessionRoutes } from "./routes/session-routes.ts";
import { addEnvironmentRoutes } from "./routes/environment-routes.ts";
import { addSignalRoutes } from "./routes/signal-routes.ts";
import { addStaffRoutes } from "./routes/staff-routes.ts";
import { addComparisonRoutes } from "./routes/comparison-routes.ts";
import { addExperimentRoutes } from "./routes/experiment-routes.ts";
import { addStrategyEditorRoutes } from "./routes/strategy-editor-routes.ts";
import { addStrategyRoutes } from "./routes/strategy-routes.ts";
import { addStrategyStepRoutes } from "./routes/strategy-step-routes.ts";
import { addSweepControlRoutes } from "./routes/sweep-control-routes.ts";
import { addSweepRoutes } from "./routes/sweep-routes.ts";
import { addTransparencyRoutes } from "./routes/transparency-routes.ts";
import { addWaveHoldRoutes } from "./routes/wave-hold-routes.ts";
import { addWaveRoutes } from "./routes/wave-routes.ts";
import { securityHeaders } from "./security-headers.ts";
import { unstorable } from "./storable.ts";
import { parseInput, writeAnswer } from "./validator.ts";

const requestTimeoutMs = 30_000;
const pluginTimeoutMs = 120_000;
const longestParameter = 200;

/**
 * The server over its dependencies, not yet listening. Routes are ready after `await server.ready()`.
 * Throws when a route states no access.
 */
export function buildServer(dependencies: ServerDependencies): FastifyInstance {
  const { settings, metrics } = dependencies;
  const app = Fastify(optionsOf(dependencies)) as unknown as FastifyInstance;
  app.decorate("metrics", metrics);
  app.decorateRequest("language", settings.language);
  app.decorateRequest("principal", null);
  app.setValidatorCompiler(parseInput);
  app.setSerializerCompiler(writeAnswer);
  app.setErrorHandler(answerError);
  app.setNotFoundHandler((request, reply) => sendProblem(request, reply, "no-such-route"));
  app.register(cookie);
  addFrame(app, dependencies);
  guardRoutes(app, { ...dependencies, ...settings });
  guardPreparation(app, dependencies);
  guardReadOnly(app, dependencies);
  app.register(async (api) => {
    await describeRoutes(api, settings.secure);
    addRoutes(api, dependencies);
    await addReferencePage(api);
  });
  const { consoleFolder } = settings;
  if (consoleFolder !== null) app.register((pages) => addConsoleFiles(pages, consoleFolder));
  return app;
}

function addRoutes(api: Api, dependencies: ServerDependencies): void {
  const { views, portfolio, world, log } = dependencies;
  const halts = async (): Promise<readonly Halt[]> =>
    world.store.halts.list(await world.clock.now());
  const source = { ...views, halts, standing: portfolio.sweeps.standing };
  const streams = liveStreams(liveEvents(source, world.ids.fresh(), log));
  // Open streams would keep the server from closing.
  api.addHook("preClose", async () => streams.stop());
  addSessionRoutes(api, dependencies, streams.endSession);
  addStaffRoutes(api, dependencies);
  addOverviewRoutes(api, dependencies);
  addLineRoutes(api, dependencies);
  addLineDetailRoutes(api, dependencies);
  addCustomerRoutes(api, dependencies);
  addDecisionRoutes(api, dependencies);
  addReviewCaseRoutes(api, dependencies);
  addReviewDeskRoutes(api, dependencies);
  addNoticeRoutes(api, dependencies);
  addAppealRoutes(api, dependencies);
  addOfferRoutes(api, dependencies);
  addAlertRoutes(api, dependencies);
  addNoticeTextsRoutes(api, dependencies);
  addPackRoutes(api, dependencies);
  addReminderRoutes(api, dependencies);
  addReceiptRoutes(api, dependencies);
  addCommandRoutes(api, dependencies);
  addSweepRoutes(api, dependencies);
  addSweepControlRoutes(api, dependencies);
  addWaveRoutes(api, dependencies);
  addWaveHoldRoutes(api, dependencies);
  addEmergencyRoutes(api, dependencies);
  addComparisonRoutes(api, dependencies);
  addStrategyRoutes(api, dependencies);
  addStrategyStepRoutes(api, dependencies);
  addExperimentRoutes(api, dependencies);
  addStrategyEditorRoutes(api, dependencies);
  addDeclaredFactRoutes(api, dependencies);
  addHaltRoutes(api, dependencies);
  addBlackoutRoutes(api, dependencies);
  addSignalRoutes(api, dependencies);
  addEnvironmentRoutes(api, dependencies);
  addDeadLetterRoutes(api, dependencies);
  addConnectorRoutes(api, dependencies);
  addReportRoutes(api, dependencies);
  addTransparencyRoutes(api, dependencies);
  addClockRoutes(api, dependencies);
  addEventRoutes(api, dependencies, streams);
  addProblemRoutes(api);
  addHealthRoutes(api, dependencies);
  addOpenApiRoute(api);
}

function optionsOf({ settings, log }: ServerDependencies): FastifyServerOptions {
  return {
    loggerInstance: log,
    logController: new LogController({
      disableRequestLogging: true,
      requestIdLogLabel: "requestId",
    }),
    genReqId: (request) => requestIdOf(request.headers),
    requestIdHeader: false,
    bodyLimit: settings.bodyLimitBytes,
    trustProxy: settings.trustProxy,
    requestTimeout: requestTimeoutMs,
    // A machine that does other work too starts later, and nothing is wrong with that.
    pluginTimeout: pluginTimeoutMs,
    routerOptions: { maxParamLength: longestParameter },
    onProtoPoisoning: "error",
    onConstructorPoisoning: "error",
    clientErrorHandler: (error, socket) => answerBrokenClient(error, socket, settings.language),
    // An address that cannot be decoded never reaches the hooks, so it is framed here.
    frameworkErrors: (error, request, reply) => {
      frame(request, reply, settings);
      answerError(error, request, reply);
    },
  };
}

/** What surrounds every request: its headers, its language, input that can be stored, its line in the log. */
function addFrame(app: FastifyInstance, { settings, metrics }: ServerDependencies): void {
  app.addHook("onRequest", async (request, reply) => frame(request, reply, settings));
  app.addHook("preValidation", async (request, reply) => {
    for (const part of [request.params, request.query, request.body]) {
      const found = unstorable(part);
      if (found === null) continue;
      const { en, zh } = found.because;
      const detail = { en: `${found.pointer}: ${en}`, zh: `${found.pointer}：${zh}` };
      return sendProblem(request, reply, "malformed", { detail });
    }
  });
  app.addHook("onResponse", async (request, reply) => {
    const { method, principal } = request;
    const route = request.routeOptions.url ?? "unknown";
    const seconds = reply.elapsedTime / 1_000;
    const status = reply.statusCode;
    metrics.request({ method, route, status, seconds });
    const actor = principal?.actor.id ?? null;
    request.log.info({ method, route, status, seconds, actor }, "answered");
  });
}

function frame(request: FastifyRequest, reply: FastifyReply, settings: HttpSettings): void {
  request.language = preferredLanguage(request.headers["accept-language"]) ?? settings.language;
  reply.headers({ ...securityHeaders(settings.secure), "request-id": request.id });
}
