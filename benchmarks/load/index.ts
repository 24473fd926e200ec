import { autocannonLoad } from './autocannon';
import type { Generator } from './load';
import { hasWrk, wrkLoad } from './wrk';

export type { Load, Walk } from './load';

export const generator = hasWrk ? 'wrk' : 'autocannon';
export const generate: Generator = hasWrk ? wrkLoad : autocannonLoad;
