'use strict';

// npm run licenses: lists the packages that production installs, with their licenses, and fails at one that is not on this list.

const { existsSync, readFileSync } = require('node:fs');
const path = require('node:path');

/** Licenses that allow this program to be used, changed and sold. The LGPL is that of libvips, a library of its own in sharp. */
const ACCEPTED = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'ISC',
  'LGPL-3.0-or-later',
  'MIT',
  'MIT-0',
  'OFL-1.1',
]);

const root = path.join(__dirname, '..');

/** @typedef {{ version: string, license?: string, dev?: boolean, link?: boolean }} Entry */

/** @param {string} place @param {Entry} entry @returns {string | undefined} undefined for another platform's package */
function licenseOf(place, { license }) {
  if (license) return license;
  const file = path.join(root, place, 'package.json');
  if (!existsSync(file)) return undefined;
  // Old packages have a list, and some have only the text.
  const { licenses = [] } = JSON.parse(readFileSync(file, 'utf8'));
  const named = licenses.map((/** @type {{ type: string }} */ { type }) => type).join(' OR ');
  const text = path.join(root, place, 'LICENSE');
  return named || (existsSync(text) && /^MIT License$/m.test(readFileSync(text, 'utf8')) ? 'MIT' : 'unknown');
}

/** @type {Record<string, Entry>} */
const packages = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages;
const lines = Object.entries(packages)
  .filter(([place, entry]) => place !== '' && !entry.dev)
  .flatMap(([place, entry]) => {
    const name = place.replace(/^.*node_modules\//, '');
    const license = licenseOf(place, entry);
    return license ? [{ name: `${name}@${entry.version}`, license }] : [];
  });
for (const { name, license } of lines) console.log(`${license.padEnd(20)} ${name}`);

/** @param {string} license an SPDX expression such as `(MIT OR CC0-1.0)`, in which OR binds first */
function isAccepted(license) {
  const parts = license.replace(/[()]/g, '').split(' AND ');
  return parts.every((part) => part.split(' OR ').some((each) => ACCEPTED.has(each)));
}

const refused = lines.filter(({ license }) => !isAccepted(license));
for (const { name, license } of refused) console.error(`${name} is under ${license}, which is not accepted.`);
process.exitCode = refused.length ? 1 : 0;
