// A separate process that uses the embedded database of one folder, for tests that start, share, stop and kill it:
// `node embedded-user.ts FOLDER [PACKAGE]`. Prints one line of JSON when ready, leaves when its standard input ends.
import { binariesOfPackage, type Binaries } from "../../src/adapters/postgres/embedded-binaries.ts";
import { startEmbedded } from "../../src/adapters/postgres/embedded.ts";

const [folder, nativeDirectory] = process.argv.slice(2);
if (folder === undefined) throw new Error("Cannot start: expected a folder as the first argument");

const locate =
  nativeDirectory === undefined
    ? {}
    : {
        locate: (libraries: string): Binaries | undefined =>
          binariesOfPackage(nativeDirectory, libraries),
      };

const server = await startEmbedded(folder, locate);
process.stdout.write(
  `${JSON.stringify({ pid: process.pid, owned: server.owned, url: server.url })}\n`,
);
process.stdin.resume().once("end", () => void server.stop());
