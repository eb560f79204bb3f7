// Lint rules: typescript-eslint strict, and the rules of the house that a linter can hold.
import js from '@eslint/js';
import tseslint from 'typescript-eslint';
import { house } from './scripts/lib/floors.mjs';

const NO_DEFAULT_EXPORTS = {
  selector: 'ExportDefaultDeclaration',
  message: 'No default exports: names are part of the interface.',
};

export default tseslint.config(
  { ignores: ['out/', 'node_modules/', '.tools/', 'model/graph/onnx_pb.ts', 'test/output/', 'media/sample/'] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked.map((config) => ({ ...config, files: ['**/*.ts'] })),
  {
    files: ['**/*.ts'],
    languageOptions: {
      parserOptions: {
        project: ['model/tsconfig.json', 'extension/tsconfig.json', 'webview/tsconfig.json', 'test/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-duplicate-imports': ['error', { allowSeparateTypeImports: true }],
      // Typed-array arithmetic indexes within known bounds; the assertion is the honest way to say so.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Numbers in messages are the common case here.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      'no-restricted-syntax': ['error', NO_DEFAULT_EXPORTS],
    },
  },
  {
    files: ['extension/**/*.ts'],
    ignores: ['extension/notifications.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        NO_DEFAULT_EXPORTS,
        {
          selector: 'MemberExpression[property.name=/^show(Information|Warning|Error)Message$/]',
          message: 'VS Code reads links in notifications; extension/notifications.ts shows text as it is.',
        },
      ],
    },
  },
  {
    files: ['model/protocol/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: ':matches(VariableDeclaration, FunctionDeclaration, ClassDeclaration, ExportDefaultDeclaration)',
          message: 'The protocol is types only; what is pure and shared goes to model/measures/.',
        },
      ],
    },
  },
  { files: ['{model,extension,webview}/**/*.ts'], plugins: { house }, rules: { 'house/floors': 'error' } },
  {
    files: ['**/*.mjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        Buffer: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        performance: 'readonly',
        fetch: 'readonly',
      },
    },
  },
  {
    // The test driver is an extension of its own, loaded by VS Code as it is.
    files: ['test/e2e/driver/*.js'],
    languageOptions: {
      sourceType: 'commonjs',
      globals: { process: 'readonly', require: 'readonly', exports: 'readonly' },
    },
  },
);
