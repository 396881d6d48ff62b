import { paraglideVitePlugin } from "@inlang/paraglide-js";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import { defineConfig } from "vitest/config";

export default defineConfig(({ mode }) => ({
  plugins: [
    // Tests have the catalogues compiled before they start: the plugin's watcher would outlive them.
    ...(mode === "test" ? [] : [paraglideVitePlugin({ project: "./project.inlang", outdir: "./src/lib/paraglide", strategy: ["globalVariable", "baseLocale"] })]),
    svelte(),
    ...(mode === "test" ? [svelteTesting()] : []),
  ],
  clearScreen: false,
  server: { host: "127.0.0.1", port: 5173, strictPort: true },
  build: {
    outDir: "dist",
    emptyOutDir: true,
    // The oldest web views that know light-dark(): the theme's one table needs it.
    target: ["chrome123", "safari17.5"],
    // The content security policy allows no data: addresses for scripts and styles.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  test: {
    include: ["tests/**/*.test.ts"],
    environment: "happy-dom",
    // One of them builds the page, which writes the catalogues the others read.
    fileParallelism: false,
    restoreMocks: true,
    // On a busy machine everything comes, but later.
    testTimeout: 60_000,
  },
}));
