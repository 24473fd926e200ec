import { reportFailure } from './launch/report';

// Loaded from here, so that a wrong setting, found while loading, is told in a sentence too.
import('./launch/program.js').then(({ runProgram }) => runProgram()).catch(reportFailure);
