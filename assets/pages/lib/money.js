const countDecimals = (/** @type {string} */ price) => (price.split('.')[1] ?? '').length;

/** @param {string} price @param {number} decimals */
function toUnits(price, decimals) {
  const [whole = '0', fraction = ''] = price.split('.');
  return BigInt(whole + fraction.padEnd(decimals, '0'));
}

/** Adds up prices exactly: decimal strings of one currency, each times a number. @param {[price: string, times: number][]} lines */
export function addPrices(lines) {
  const decimals = Math.max(0, ...lines.map(([price]) => countDecimals(price)));
  const sum = lines.reduce((total, [price, times]) => total + toUnits(price, decimals) * BigInt(times), 0n);
  const digits = sum.toString().padStart(decimals + 1, '0');
  return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** True if the first price is lower than the second of the same currency. @param {string} first @param {string} second */
export function isLess(first, second) {
  const decimals = Math.max(countDecimals(first), countDecimals(second));
  return toUnits(first, decimals) < toUnits(second, decimals);
}

/** @param {string} price */
export const isZero = (price) => /^[0.]*$/.test(price);
