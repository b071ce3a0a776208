// One connection that is kept open and sends ready-made requests: what a client costs at least, so that a bench measures
// the server.

import { connect, type Socket } from "node:net";
import { once } from "node:events";

/** Sends one request and resolves with the status of its answer once all of it has come. */
export type Lane = Readonly<{
  send: (request: Buffer) => Promise<number>;
  close: () => void;
}>;

/** The bytes of a POST with a JSON body. */
export function postBytes(
  port: number,
  path: string,
  key: string,
  media: string,
  body: unknown,
): Buffer {
  const text = JSON.stringify(body);
  const head = [
    `POST ${path} HTTP/1.1`,
    `host: 127.0.0.1:${port}`,
    `authorization: Bearer ${key}`,
    `content-type: ${media}`,
    `content-length: ${Buffer.byteLength(text)}`,
  ];
  return Buffer.from(`${head.join("\r\n")}\r\n\r\n${text}`);
}

/** Opens a connection. One request at a time; a connection that ends early rejects the request at hand. */
export async function openLane(port: number): Promise<Lane> {
  const socket: Socket = connect(port, "127.0.0.1");
  socket.setNoDelay(true);
  await once(socket, "connect");
  let waiting: Readonly<{
    resolve: (status: number) => void;
    reject: (error: unknown) => void;
  }> | null = null;
  let text = "";
  socket.on("data", (chunk: Buffer) => {
    text += chunk.toString("latin1");
    const end = text.indexOf("\r\n\r\n");
    const length = /content-length: (\d+)/i.exec(text.slice(0, end));
    if (end < 0 || length === null || text.length < end + 4 + Number(length[1])) return;
    const status = Number(text.slice(9, 12));
    text = "";
    waiting?.resolve(status);
  });
  socket.on("error", (error) => waiting?.reject(error));
  socket.on("close", () => waiting?.reject(new Error("Connection closed")));
  return {
    send: (request) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        socket.write(request);
      }),
    close: () => void socket.destroy(),
  };
}
