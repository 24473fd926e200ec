// Times of day at a place, as an input of type datetime-local has them.

/** @param {Date} date @param {string} timeZone @returns {string} such as `2030-05-01T19:00` */
function toWallClock(date, timeZone) {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  const parts = Object.fromEntries(format.formatToParts(date).map(({ type, value }) => [type, value]));
  return `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}`;
}

/** @param {string | null | undefined} time in ISO 8601 @param {string} timeZone */
export const toLocalTime = (time, timeZone) => (time ? toWallClock(new Date(time), timeZone) : '');

/** Returns the moment at which a clock at a place shows a time. A time that a change of the clocks skips becomes the one after it. @param {string} local @param {string} timeZone */
export function toMoment(local, timeZone) {
  if (!local) return null;
  const wanted = Date.parse(`${local}Z`);
  let moment = wanted;
  // The offset depends on the moment; the second pass corrects guesses near a change of the clocks.
  for (let pass = 0; pass < 2; pass++)
    moment = wanted - (Date.parse(`${toWallClock(new Date(moment), timeZone)}Z`) - moment);
  return new Date(moment).toISOString();
}

/** @returns {string} the time zone of the browser */
export const getTimeZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Returns when a day begins where the browser is. @param {string} date such as `2030-05-01` @param {number} [later] days after it */
export function toDayStart(date, later = 0) {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  return new Date(year, month - 1, day + later).toISOString();
}
