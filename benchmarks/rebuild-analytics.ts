import './settings';
import { closeDatabase } from '#src/database/index';
import { rebuildAnalytics } from '#src/services/analytics/count-analytics';

rebuildAnalytics()
  .then(closeDatabase)
  .catch((error: Error) => {
    console.error(error);
    process.exit(1);
  });
