import svelte from "eslint-plugin-svelte";
import ts from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

const RUST = { group: ["@tauri-apps/*"], message: "Only the generated bindings reach Rust, through lib/ipc.ts." };

/** Imports point one way: areas, components, lib. `refused`: relative imports that leave the way. */
function way(files, refused, message) {
  return { files, rules: { "no-restricted-imports": ["error", { patterns: [RUST, { regex: refused, message }] }] } };
}

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
      "no-restricted-imports": ["error", { patterns: [RUST] }],
    },
  },
  way(["src/lib/*"], "^\\.\\./", "lib imports neither components nor areas."),
  way(["src/components/*"], "^\\.\\./(?!lib/)", "Components import lib and one another only."),
  way(["src/areas/*/*"], "^\\.\\./(?!\\.\\./(lib|components)/)", "An area imports lib, components and itself: what two areas need belongs there."),
  way(["src/areas/*/*/*"], "^\\.\\./\\.\\./(?!\\.\\./(lib|components)/)", "An area imports lib, components and itself: what two areas need belongs there."),
  // A token is created there as it is under Tokens: the one exception.
  way(["src/areas/integration/*"], "^\\.\\./(?!\\.\\./(lib|components)/|tokens/(CreateDialog|OnceDialog)\\.svelte$)", "Of other areas only the dialogs that create a token."),
  { files: ["dev/**"], rules: { "no-restricted-imports": "off" } },
  { files: ["dev/**"], rules: { "no-console": "off" } },
);
