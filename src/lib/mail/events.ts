import type { Content } from './content';
import type { NewsEvent } from './news';

const WORDS: Record<string, string> = {
  title: 'title',
  description: 'description',
  startDate: 'time',
  endDate: 'time',
  timezone: 'time',
  venueName: 'venue',
  venueAddress: 'venue',
};

/** Whether those who have booked are to be told by mail too, so that they can decide again. */
export function isReschedule(changed: string[]): boolean {
  return changed.some((field) => WORDS[field] === 'time' || WORDS[field] === 'venue');
}

/** To everybody who has booked, in the app. `changed` are fields as the contract names them. */
export function eventUpdated({ title }: NewsEvent, changed: string[]): Content {
  const words = [...new Set(changed.map((field) => WORDS[field] ?? 'details'))];
  return { title: `${title} has changed`, paragraphs: [`The organizer has changed: ${words.join(', ')}.`], facts: [] };
}
