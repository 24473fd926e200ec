import { anOpenEvent, theOrganizer } from '../../helpers/bookings';
import { describeWithBrowser } from '../../helpers/pages/browser';
import { as } from '../../helpers/client';
import { picture } from '../../helpers/files';
import { getScores } from '../../helpers/pages/lighthouse';
import { openSite, type Site } from '../../helpers/servers/site';

// Each page is loaded once for the categories, and up to three times for its performance.
jest.setTimeout(300_000);

const MIN_PERFORMANCE = 95;

async function anEventWithCover(title: string): Promise<number> {
  const event = await anOpenEvent({
    title,
    description: `${title}, in four acts.`,
    basePrice: '12.50',
    currency: 'EUR',
  });
  const request = as(await theOrganizer()).post(`/api/events/${event.id}/cover`);
  await request.attach('file', await picture({ width: 1600, height: 900 }), 'cover.png').expect(200);
  return event.id;
}

describeWithBrowser('Lighthouse', () => {
  let site: Site;
  let eventId: number;

  beforeAll(async () => {
    site = await openSite();
    for (const title of ['Three sisters', 'The cherry orchard', 'Uncle Vanya', 'The seagull'])
      eventId = await anEventWithCover(title);
  });

  afterAll(() => site?.close());

  it.each([
    ['what is on', () => '/'],
    ['an event', () => `/e/${eventId}`],
  ])('finds nothing to mend on %s', async (_name, getPath) => {
    const { performance, ...others } = await getScores(`${site.base}${getPath()}`, MIN_PERFORMANCE);
    const perfect = { score: 100, lost: [] };
    expect(others).toEqual({ accessibility: perfect, 'best-practices': perfect, seo: perfect });
    expect([performance!.score >= MIN_PERFORMANCE, performance]).toEqual([true, performance]);
  });
});
