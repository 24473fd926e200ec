import { createApp } from '#src/app';
import { routes } from '#src/routes/index';
import { startServer } from '#src/server';
import { comparisonRoutes } from './comparison.routes';
import { reportToParent } from './report-to-parent';

startServer(createApp([...routes, ...comparisonRoutes])).then(
  ({ port, stop }) => reportToParent(port, stop),
  (error: Error) => {
    console.error(error);
    process.exit(1);
  },
);
