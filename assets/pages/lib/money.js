/** Adds up prices exactly: decimal strings of one currency, each times a number. @param {[price: string, times: number][]} lines */
export function addPrices(lines) {
  const decimals = Math.max(0, ...lines.map(([price]) => (price.split('.')[1] ?? '').length));
  const toUnits = (/** @type {string} */ price) => {
    const [whole = '0', fraction = ''] = price.split('.');
    return BigInt(whole + fraction.padEnd(decimals, '0'));
  };
  const sum = lines.reduce((total, [price, times]) => total + toUnits(price) * BigInt(times), 0n);
  const digits = sum.toString().padStart(decimals + 1, '0');
  return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** @param {string} price */
export const isZero = (price) => /^[0.]*$/.test(price);
