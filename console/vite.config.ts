// How the console is built and, while it is worked on, served: the server's own addresses are passed on to a running
// Tidemark. Files carry a hash in their name, so that browsers may keep them for ever.
import { defineConfig } from "vite";

const server = process.env["TIDEMARK_URL"] ?? "http://127.0.0.1:4270";
const passedOn = ["/v1", "/problems", "/openapi.json", "/reference"];

export default defineConfig({
  build: {
    target: "es2023",
    // A data: address would need leave in the content security policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1_500,
    rolldownOptions: {
      // antd marks its modules for frameworks that render on a server; here it means nothing.
      onLog: (level, message, log) => {
        if (message.code !== "MODULE_LEVEL_DIRECTIVE") log(level, message);
      },
      output: {
        codeSplitting: {
          groups: [
            { name: "charts", test: /node_modules[\\/](?:echarts|zrender)[\\/]/ },
            {
              name: "react",
              test: /node_modules[\\/](?:react|react-dom|react-router|scheduler)[\\/]/,
            },
          ],
        },
      },
    },
  },
  server: { proxy: Object.fromEntries(passedOn.map((path) => [path, server])) },
});
