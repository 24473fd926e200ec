import { startWorker, yieldToApi } from '#src/worker';
import { reportToParent } from './report-to-parent';

yieldToApi();
startWorker().then(
  ({ stop }) => reportToParent(0, stop),
  (error: Error) => {
    console.error(error);
    process.exit(1);
  },
);
