import svelte from "eslint-plugin-svelte";
import ts from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

export default ts.config(
  { ignores: ["dist", "src/lib/paraglide", "src/lib/bindings.ts", "node_modules", "project.inlang"] },
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: [".svelte"], svelteConfig } },
  },
  {
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      eqeqeq: "error",
      "no-console": "error",
      "svelte/no-at-html-tags": "error",
      "svelte/require-each-key": "error",
      // One door to Rust.
      "no-restricted-imports": ["error", { patterns: [{ group: ["@tauri-apps/*"], message: "Only the generated bindings reach Rust, through lib/ipc.ts." }] }],
    },
  },
  { files: ["dev/**"], rules: { "no-restricted-imports": "off" } },
  { files: ["dev/**"], rules: { "no-console": "off" } },
);
