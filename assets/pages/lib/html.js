import htm from 'htm';
import { h } from 'preact';

/** Builds elements from a tagged template: the markup of a component without a build step. */
export const html = htm.bind(h);
