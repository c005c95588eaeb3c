import tseslint from "typescript-eslint";

/** Typed lint for everything that is TypeScript; the tools in plain JavaScript are checked by the compiler alone. */
export default tseslint.config(
  { ignores: ["dist/", "out/", "node_modules/", "**/*.mjs", "src/wasm/", "test/fixtures/", "samples/"] },
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "@typescript-eslint/promise-function-async": "error",
      // What a subclass computes by a getter must be a getter in the base class, too; the rule does not see that.
      "@typescript-eslint/class-literal-property-style": "off",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "no-restricted-syntax": [
        "error",
        { selector: "ExportDefaultDeclaration", message: "No default exports." },
        {
          selector:
            "CallExpression:matches([callee.name='t'], [callee.object.property.name='l10n']):not([arguments.0.type='Literal'])",
          message: "Only a text that is written out is found for the translators.",
        },
      ],
      eqeqeq: "error",
    },
  },
  {
    files: ["test/**", "bench/**"],
    rules: {
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-empty-function": "off",
    },
  },
  { files: ["*.config.ts", "*.config.mts", "vitest.config.ts"], rules: { "no-restricted-syntax": "off" } },
);
