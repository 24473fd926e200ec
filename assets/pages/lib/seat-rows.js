// The names of rows that somebody describes by the first and the last one.

const MAX_ROWS = 500;

/** @param {string} letters @returns {number} A is 1, Z is 26, AA is 27 */
const toPlace = (letters) => [...letters].reduce((place, letter) => place * 26 + letter.charCodeAt(0) - 64, 0);

/** @param {number} place @returns {string} */
const toLetters = (place) =>
  place === 0 ? '' : toLetters(Math.floor((place - 1) / 26)) + String.fromCharCode(65 + ((place - 1) % 26));

/** @param {number} length @param {number} start @param {(place: number) => string} name */
const listRange = (length, start, name) =>
  length >= 1 && length <= MAX_ROWS ? Array.from({ length }, (_, index) => name(start + index)) : undefined;

/** Returns the names of the rows from the first to the last one; undefined if they are not in order. @param {string} first @param {string | null} last */
export function listRowNames(first, last) {
  if (!last || first === last) return [first];
  if (/^\d{1,5}$/.test(first) && /^\d{1,5}$/.test(last))
    return listRange(Number(last) - Number(first) + 1, Number(first), String);
  if (!/^[A-Za-z]{1,2}$/.test(first) || !/^[A-Za-z]{1,2}$/.test(last)) return undefined;
  const start = toPlace(first.toUpperCase());
  return listRange(toPlace(last.toUpperCase()) - start + 1, start, toLetters);
}
