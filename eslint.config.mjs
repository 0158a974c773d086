import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import regexp from 'eslint-plugin-regexp';
import tseslint from 'typescript-eslint';

const canParse = {
  object: 'URL',
  property: 'canParse',
  message: 'Node 20 answers wrongly: parseUrl (src/lib/parse-url.ts).',
};

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', '.drawbridge/', 'coverage/', 'test/contract/clients/'] },
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Fires on every schema of mongoose, whose type declarations are classes.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      'no-console': 'error',
      'no-restricted-properties': ['error', canParse],
    },
  },
  // A pattern whose time grows faster than its input lets one text stop a process.
  {
    files: ['src/**/*.{ts,tsx,js}', 'workflows/**/*.ts', 'activities/**/*.ts', 'dev/**/*.{ts,mjs}', 'bench/**/*.ts'],
    plugins: { regexp },
    rules: {
      'regexp/no-super-linear-backtracking': ['error', { report: 'potential' }],
      'regexp/no-super-linear-move': ['error', { report: 'potential' }],
    },
  },
  // Only src/config reads the environment; everything else is handed what it needs.
  {
    files: ['src/**/*.{ts,tsx}', 'workflows/**/*.ts', 'activities/**/*.ts'],
    ignores: ['src/config/**', 'src/cli/**', 'src/doctor.ts', 'src/re-encrypt.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        canParse,
        { object: 'process', property: 'env', message: 'Only src/config reads it.' },
      ],
    },
  },
  // Answers of the API are read as they come; what they hold is what the tests check.
  {
    files: ['test/**/*.ts'],
    rules: Object.fromEntries(
      ['member-access', 'assignment', 'call', 'argument', 'return'].map((kind) => [
        `@typescript-eslint/no-unsafe-${kind}`,
        'off',
      ]),
    ),
  },
  // Programs that talk to a person in a terminal.
  { files: ['dev/**', 'bench/**', 'src/cli/**'], rules: { 'no-console': 'off' } },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly', module: 'readonly' } },
  },
  // Runs in browsers.
  {
    files: ['src/console/assets/*.js'],
    languageOptions: {
      globals: Object.fromEntries(
        [
          ...[
            'document',
            'location',
            'navigator',
            'getSelection',
            'confirm',
            'addEventListener',
            'setInterval',
            'setTimeout',
          ],
          ...['Intl', 'CSS', 'EventSource', 'Element', 'HTMLElement', 'HTMLButtonElement', 'HTMLFormElement'],
          ...['HTMLTimeElement'],
        ].map((name) => [name, 'readonly']),
      ),
    },
  },
  prettier,
);
