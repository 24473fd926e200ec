'use strict';

const js = require('@eslint/js');
const tseslint = require('typescript-eslint');

// Rules that only need the syntax: those that need types take seven times as long, and the compiler checks types anyway.

const noEnvironment = {
  object: 'process',
  property: 'env',
  message: 'src/config/index.ts reads the environment: add a setting to src/config/settings.ts.',
};

const always = [
  {
    selector: 'ClassDeclaration:not([superClass.name=/Error$/]), ClassExpression:not([superClass.name=/Error$/])',
    message: 'Modules and named functions; a class is for errors only.',
  },
  { selector: 'ExportDefaultDeclaration', message: 'Export by name.' },
  { selector: 'TSEnumDeclaration', message: 'Use a union of strings.' },
  { selector: 'TSModuleDeclaration[kind="namespace"]', message: 'Modules are files.' },
];
const optionalTransaction = {
  selector: ':function > Identifier[name=/^(trx|db)$/][optional=true], :function > AssignmentPattern[left.name="trx"]',
  message: 'A step receives its transaction, a use-case opens it: never an optional one.',
};
const manyParameters = {
  selector: 'ExportNamedDeclaration > FunctionDeclaration[params.length>3]',
  message: 'At most three parameters, the last an object.',
};
const looseSchema = {
  selector: 'CallExpression[callee.object.name="Joi"][callee.property.name="object"][typeArguments.params.length=1]',
  message: 'Joi.object<T, true>: a forgotten key does not compile then.',
};
const skippedTest = {
  selector:
    'MemberExpression[object.name=/^(describe|it|test)$/][property.name=/^(skip|only|todo|failing)$/], CallExpression[callee.name=/^(xit|fit|xdescribe|fdescribe|xtest)$/]',
  message: 'Every test runs; what needs Redis uses describeWithRedis.',
};

const BROWSER =
  'AbortController AbortSignal AudioContext BroadcastChannel Chart File FormData HTMLInputElement Intl Request Response URL URLSearchParams addEventListener atob caches clearInterval clearTimeout confirm crypto document fetch getComputedStyle history indexedDB io localStorage location matchMedia navigator performance removeEventListener requestAnimationFrame scrollTo self sessionStorage setInterval setTimeout window'.split(
    ' ',
  );

module.exports = tseslint.config(
  { ignores: ['.dist-*/', 'dist/', 'client/', 'coverage/', '.cache/', '.bilten/', '**/*.html'] },
  js.configs.recommended,
  tseslint.configs.recommended,
  {
    languageOptions: { ecmaVersion: 2023 },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: 'error',
      'max-lines': ['error', 400],
      'no-else-return': 'error',
      'no-var': 'error',
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx', 'hack'] }],
      'object-shorthand': 'error',
      'prefer-const': 'error',
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' },
      ],
      'no-restricted-syntax': ['error', ...always],
    },
  },
  {
    files: ['src/**'],
    rules: {
      'no-console': 'error',
      'no-restricted-properties': ['error', noEnvironment],
      'no-restricted-syntax': ['error', ...always, optionalTransaction, manyParameters, looseSchema],
    },
  },
  { files: ['src/database/tables.ts'], rules: { 'max-lines': 'off' } },
  { files: ['src/config/index.ts', 'src/launch/**'], rules: { 'no-restricted-properties': 'off' } },
  { files: ['src/{server,worker,start,cli}.ts', 'src/launch/**'], rules: { 'no-console': 'off' } },
  // Express knows an error handler by its four parameters; a handler's answer is told from its data by its class.
  { files: ['src/http/{error-handler,route}.ts'], rules: { 'no-restricted-syntax': 'off' } },
  // Knex looks for its configuration as a default export; what it takes as a client is a class.
  { files: ['knexfile.ts', 'src/migrate/client.ts'], rules: { 'no-restricted-syntax': 'off' } },
  { files: ['tests/**'], rules: { 'no-restricted-syntax': ['error', ...always, skippedTest] } },
  // Jest wants these as default exports, and the environment and the runtime as classes.
  {
    files: [
      'tests/helpers/jest/{global-setup,global-teardown,environment,database-environment}.ts',
      'tests/helpers/jest/runtime.js',
    ],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: ['tests/helpers/{pages/browser,servers/redis}.ts'],
    rules: { 'no-restricted-syntax': ['error', ...always] },
  },
  {
    files: ['**/*.js'],
    languageOptions: {
      sourceType: 'commonjs',
      globals: {
        require: 'readonly',
        module: 'writable',
        exports: 'writable',
        __dirname: 'readonly',
        process: 'readonly',
        console: 'readonly',
        Buffer: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
        fetch: 'readonly',
      },
    },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  // The documentation and the pages run in browsers.
  {
    files: ['assets/docs/*.js', 'assets/pages/**/*.js'],
    languageOptions: {
      sourceType: 'module',
      globals: Object.fromEntries(BROWSER.map((name) => [name, 'readonly'])),
    },
  },
);
