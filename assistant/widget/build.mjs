// Bundles src/ into the one file that is committed: node build.mjs [where to write]
import { readFile } from "node:fs/promises";

import { build } from "esbuild";

/** Styles and templates without the blanks between their lines. */
const dense = {
  name: "dense",
  setup: (building) =>
    building.onLoad({ filter: /src\/(styles|views)\/\w+\.js$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const isStyle = path.includes("styles");
      const contents = source.replace(/(css|html)`[^`]*`/g, (text) =>
        isStyle ? text.replace(/\/\*.*?\*\//gs, "").replace(/\s+/g, " ").replace(/ ?([{};,]) ?/g, "$1") : text,
      );
      return { contents, loader: "js" };
    }),
};

await build({
  entryPoints: ["src/index.js"],
  outfile: process.argv[2] || "dist/widget.js",
  plugins: [dense],
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2022", "chrome94", "firefox93", "safari16.4"],
  charset: "utf8",
  conditions: ["production"],
  legalComments: "none",
  banner: { js: "/* baclofen-chat, Apache-2.0. Built from assistant/widget/src; holds Lit (BSD-3-Clause, Google LLC). */" },
});
