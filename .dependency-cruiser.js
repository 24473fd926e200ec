'use strict';

// Imports go down only (docs/architecture.md). A type says nothing of what runs, so where `notTypes` stands, types may be shared.

const notTypes = { dependencyTypesNot: ['type-only'] };
const entries = '^src/(app|server|worker|start|cli|launch/.*)';

/** @param {string} name @param {string} comment @param {{ from: object, to: object }} edge */
const forbid = (name, comment, { from, to }) => ({ name, comment, severity: 'error', from, to });

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    forbid('no-circular', 'Modules that need each other are one module, or lack a third.', {
      from: {},
      to: { circular: true, viaOnly: notTypes },
    }),
    forbid('no-unresolvable', 'An import has to lead somewhere.', { from: {}, to: { couldNotResolve: true } }),
    forbid('nothing-imports-entries', 'Processes are started, not imported.', {
      from: { pathNot: entries },
      to: { path: entries },
    }),
    forbid('lib-is-pure', 'lib/ knows the table of errors at most.', {
      from: { path: '^src/lib/' },
      to: { path: '^src/', pathNot: '^src/(lib/|errors)' },
    }),
    forbid('runtime-stands-on-lib', 'State of the process knows nothing of the domains.', {
      from: { path: '^src/runtime/' },
      to: { path: '^src/', pathNot: '^src/(runtime|lib)/', ...notTypes },
    }),
    forbid('database-is-lowest', 'The ground stands on lib/ and runtime/ alone.', {
      from: { path: '^src/(config|database|errors|logger)' },
      to: { path: '^src/', pathNot: '^src/(config|database|errors|logger|lib/|runtime/)' },
    }),
    forbid('models-go-down', 'A model knows the database.', {
      from: { path: '^src/models/' },
      to: { path: '^src/', pathNot: '^src/(models/|database|errors|config|logger|lib/|runtime/)', ...notTypes },
    }),
    forbid('integrations-go-down', 'The outside world does not know the trade.', {
      from: { path: '^src/integrations/' },
      to: { path: '^src/', pathNot: '^src/(integrations/|database|errors|config|logger|lib/|runtime/)', ...notTypes },
    }),
    forbid('services-go-down', 'A service knows services, integrations and its model.', {
      from: { path: '^src/services/' },
      to: {
        path: '^src/',
        pathNot: '^src/(services/|integrations/|models/|database|errors|config|logger|lib/|runtime/)',
      },
    }),
    forbid(
      'services-own-model',
      "A service touches its own domain's model only; the inventory engine decides across domains.",
      {
        from: { path: '^src/services/([^./]+)', pathNot: '^src/services/inventory/' },
        to: { path: '^src/models/', pathNot: '^src/models/$1(/|[.]model)', ...notTypes },
      },
    ),
    forbid('booking-rules-are-pure', 'The rules of the booking engine decide on what they are given.', {
      from: { path: '^src/services/inventory/rules/' },
      to: { path: '^src/', pathNot: '^src/(services/inventory/rules/|lib/|errors)', ...notTypes },
    }),
    forbid('jobs-call-services', 'A job is another way to call a service.', {
      from: { path: '^src/jobs/' },
      to: { path: '^src/(models|controllers|routes|schemas|http)/' },
    }),
    forbid('schemas-are-shapes', 'A schema describes; it asks nobody.', {
      from: { path: '^src/schemas/' },
      to: { path: '^src/', pathNot: '^src/(schemas/|config|errors|lib/)', ...notTypes },
    }),
    forbid('controllers-call-services', 'HTTP in, one service call, HTTP out.', {
      from: { path: '^src/controllers/' },
      to: { path: '^src/', pathNot: '^src/(controllers/|services/|http/|errors|config|lib/)', ...notTypes },
    }),
    forbid('controllers-never-models', 'Rules live in services.', {
      from: { path: '^src/controllers/' },
      to: { path: '^src/(models/|database)', ...notTypes },
    }),
    forbid('routes-are-data', 'A route names a schema and a handler.', {
      from: { path: '^src/routes/' },
      to: { path: '^src/(models|jobs|integrations)/', ...notTypes },
    }),
    forbid('http-never-models', 'The machinery of HTTP asks services.', {
      from: { path: '^src/http/' },
      to: { path: '^src/(models|routes|controllers|jobs)/', ...notTypes },
    }),
    forbid('embedded-stands-alone', 'The own PostgreSQL is started before anything else is loaded.', {
      from: { path: '^src/embedded/' },
      to: { path: '^src/', pathNot: '^src/embedded/' },
    }),
    forbid('express-stays-above', 'Nothing below controllers knows Express.', {
      from: { path: '^src/', pathNot: '^src/(app|server|http/|routes/|controllers/)' },
      to: { path: 'node_modules/(@types/)?express/' },
    }),
    forbid('no-test-code', 'The program does not need its tests.', {
      from: { path: '^src/' },
      to: { path: '^(tests|benchmarks|scripts)/' },
    }),
    forbid('no-dev-dependencies', 'What runs is a dependency.', {
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev'], ...notTypes },
    }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: `${__dirname}/tsconfig.build.json` },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['require', 'node', 'types'],
    },
  },
};
