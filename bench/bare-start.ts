// What starting costs at least: the embedded PostgreSQL of a data folder and a web server with one page. A process of its
// own, as Tidemark is: `node bench/bare-start.ts FOLDER PORT`, ended by SIGINT.

import { once } from "node:events";
import Fastify from "fastify";
import { startEmbedded } from "../src/adapters/postgres/embedded.ts";

const [folder, port] = process.argv.slice(2);
const server = await startEmbedded(folder!);
const app = Fastify();
app.get("/", async (_, reply) => reply.type("text/html").send("<!doctype html><title>·</title>"));
await app.listen({ host: "127.0.0.1", port: Number(port) });
await once(process, "SIGINT");
await app.close();
await server.stop();
