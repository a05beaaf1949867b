/** Three builds from one file, chosen by `--mode`: each owner edits one entry of `builds`. */
import { defineConfig, type UserConfig } from "vite";

interface Graph {
  getModuleInfo(id: string): { isEntry: boolean; importers: string[] } | null;
}

/** What the page needs before it shows anything stays together: its styles then keep their order. */
function first(id: string, graph: Graph, on: Set<string> = new Set()): boolean {
  const known = graph.getModuleInfo(id);
  if (!known || on.has(id)) return false;
  on.add(id);
  return known.isEntry || known.importers.some((one) => first(one, graph, on));
}

const builds: Record<string, UserConfig> = {
  // One classic script that any page may load from anywhere: no chunks, no assets, no globals.
  widget: {
    build: {
      outDir: "../static",
      emptyOutDir: false,
      lib: { entry: "widget/main.ts", formats: ["iife"], name: "IntakeChat", fileName: () => "widget.js" },
    },
  },
  // The page lives at /desk, its files under /desk/assets/.
  desk: {
    root: "desk",
    base: "/desk/",
    build: {
      outDir: "../../static/desk",
      emptyOutDir: true,
      modulePreload: { polyfill: false },
      rolldownOptions: { output: { codeSplitting: { groups: [{ name: (id: string, graph: Graph) => (first(id, graph) ? "first" : null) }] } } },
    },
  },
  // The page lives at /, its files under /shop/assets/.
  shop: {
    root: "shop",
    base: "/shop/",
    build: { outDir: "../../static/shop", emptyOutDir: true, modulePreload: { polyfill: false } },
  },
};

export default defineConfig(({ mode }) => {
  const chosen = builds[mode] ?? {};
  return {
    ...chosen,
    define: { "process.env.NODE_ENV": JSON.stringify(mode === "test" ? "test" : "production") },
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    build: { target: "es2022", assetsInlineLimit: 0, reportCompressedSize: true, ...chosen.build },
    test: { environment: "happy-dom", include: ["{widget,shared,desk,shop}/**/*.test.{ts,tsx}"], root: ".", setupFiles: ["desk/tests/both-languages.ts"] },
  } as UserConfig;
});
