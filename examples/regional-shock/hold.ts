// Holds the database of a data folder open until its input ends, so that the commands of the example join it instead of
// starting and stopping it each: `node hold.ts FOLDER`.
import { startEmbedded } from "../../src/adapters/postgres/embedded.ts";

const server = await startEmbedded(process.argv[2]);
process.stdin.resume();
process.stdin.once("end", () => void server.stop());
