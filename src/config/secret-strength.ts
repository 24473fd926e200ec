import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common';

// Phrases from examples, tutorials and defaults, reduced to letters and digits.
const KNOWN_PHRASES = [
  'secret',
  'password',
  'passwort',
  'passphrase',
  'changeme',
  'changeit',
  'changethis',
  'replaceme',
  'replacethis',
  'letmein',
  'qwerty',
  'default',
  'example',
  'placeholder',
  'yourjwt',
  'yourkey',
  'yourtoken',
  'supersafe',
  'signingkey',
  'privatekey',
  'keyboardcat',
  'choosealong',
  'insertyour',
  'correcthorse',
  'thequickbrown',
  'development',
  'knowntoeverybody',
  'bilten',
  'jwtkey',
  'jwttoken',
  'production',
  'doesnotmatter',
  'tobechanged',
];

const LOOK_ALIKES: Record<string, string> = { '0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', $: 's', '@': 'a' };

/** Returns a well-known phrase in the text, also if spelled like `S3cr3t` or `change-me`. */
export function findKnownPhrase(text: string): string | undefined {
  const lower = text.toLowerCase();
  const spellings = [lower, lower.replaceAll(/[01345$@]/g, (sign) => LOOK_ALIKES[sign]!)].map((spelling) =>
    spelling.replaceAll(/[^a-z0-9]/g, ''),
  );
  return KNOWN_PHRASES.find((phrase) => spellings.some((spelling) => spelling.includes(phrase)));
}

/** Returns the power of ten of the guesses needed by an attacker who tries words, repetitions, sequences and dates first. */
export function countGuessesLog10(text: string): number {
  return new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs }).check(text.slice(0, 256)).guessesLog10;
}
