import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { encode } from 'uqr';
import { database } from '../../../src/database';
import { registerUser, type TestUser } from '../../helpers/accounts';
import { expectAccessible } from '../../helpers/pages/axe';
import { anOpenEvent, booked, cancelling, theOrganizer, type TestBooking } from '../../helpers/bookings';
import { describeWithBrowser } from '../../helpers/pages/browser';
import { as } from '../../helpers/client';
import type { TestEvent } from '../../helpers/events';
import { eventually } from '../../helpers/servers/processes';
import { openSite, type Site, type Visit } from '../../helpers/servers/site';
import { checkingIn } from '../../helpers/tickets';
import { createVisitor } from '../../helpers/pages/visitor';

// A browser is slow on a busy machine.
jest.setTimeout(180_000);

const VIDEO = path.join(process.env.TEST_FOLDER!, 'ticket.y4m');
const PHONE = { viewport: { width: 390, height: 844 }, locale: 'en-GB', permissions: ['camera'] };

/** Writes a film of a phone with this code, which is held up, taken away and held up again. */
function film(code: string): void {
  const [width, height, scale] = [320, 240, 3];
  const { data, size } = encode(code, { ecc: 'M', border: 4 });
  const white = Buffer.alloc(width * height, 235);
  const held = Buffer.from(white);
  const [left, top] = [Math.floor((width - size * scale) / 2), Math.floor((height - size * scale) / 2)];
  for (let y = 0; y < size * scale; y += 1)
    for (let x = 0; x < size * scale; x += 1)
      if (data[Math.floor(y / scale)]![Math.floor(x / scale)]) held[(top + y) * width + left + x] = 16;
  const gray = Buffer.alloc((width * height) / 2, 128);
  const frame = (picture: Buffer) => Buffer.concat([Buffer.from('FRAME\n'), picture, gray]);
  const shown = Array.from({ length: 8 }, () => frame(held));
  const away = Array.from({ length: 16 }, () => frame(white));
  writeFileSync(
    VIDEO,
    Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F4:1 C420jpeg\n`), ...shown, ...away]),
  );
}

const rowOf = (id: number) =>
  database('tickets').where({ id }).first('checked_in_at', 'checked_in_gate', 'checked_in_by');

describeWithBrowser('the phone of the door', () => {
  let site: Site;
  let organizer: TestUser;
  let event: TestEvent;
  let guests: TestBooking;
  let codes: string[];
  /** Opens a phone at an entrance of the event. */
  async function openGate(gate: string): Promise<Visit & { scan(code: string): Promise<void> }> {
    const { page, complaints } = await site.visit(PHONE);
    await createVisitor(site, page).signIn(organizer);
    await page.goto(`${site.base}/scan`);
    await page.getByLabel('Name of this entrance').fill(gate);
    await page.getByRole('button', { name: `Scan for ${event.title}` }).click();
    await page.getByRole('heading', { level: 1, name: event.title }).waitFor();
    return {
      page,
      complaints,
      async scan(code) {
        await page.getByLabel('Code').fill(code);
        await page.getByLabel('Code').press('Enter');
      },
    };
  }

  /** Waits for a result, and goes on to the next scan. */
  async function see(page: Page, kind: string, ...texts: (string | RegExp)[]): Promise<void> {
    const result = page.locator(`.scan-result[data-kind=${kind}]`);
    await result.waitFor();
    for (const text of texts) await result.getByText(text).waitFor();
    await result.getByRole('button', { name: 'Next' }).click();
    await result.waitFor({ state: 'detached' });
  }

  beforeAll(async () => {
    organizer = await theOrganizer();
    event = await anOpenEvent({ title: 'The door', startDate: new Date(Date.now() + 600_000).toISOString() });
    const names = ['Ada Lovelace', 'Grace Hopper', 'Zoë Ångström'];
    const attendees = names.map((name, index) => ({ name, email: `guest${index}@example.com` }));
    const body = { eventId: event.id, ticketsCount: 8, attendees };
    guests = (await as(await registerUser()).call('POST /api/bookings', { body })).data as TestBooking;
    codes = guests.tickets.map(({ code }) => code);
    film(codes[0]!);
    site = await openSite({}, [
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      `--use-file-for-fake-video-capture=${VIDEO}`,
    ]);
  });

  afterAll(() => site?.close());

  it('checks in the ticket that the camera sees, once, and says why others are not valid', async () => {
    const { page, complaints, scan } = await openGate('North');
    await expectAccessible(page, 'the door');
    await page.setViewportSize(PHONE.viewport);
    await page.getByText('0 of 8 in').waitFor();
    await page.getByRole('button', { name: 'Start scanning' }).click();
    const good = page.locator('.scan-result.good');
    await good.getByText('Ada Lovelace').waitFor();
    const row = await rowOf(guests.tickets[0]!.id);
    expect(row).toMatchObject({ checked_in_gate: 'North', checked_in_by: organizer.user.id });
    // It goes by itself; then the ticket is held up again.
    await page
      .locator('.scan-result.warn')
      .getByText(/Scanned \d\d:\d\d at North/)
      .waitFor();
    await page.getByText('1 of 8 in', { exact: true }).waitFor();
    expect(await rowOf(guests.tickets[0]!.id)).toEqual(row);
    await expectAccessible(page, 'a result');
    await page.setViewportSize(PHONE.viewport);
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('button', { name: 'Pause' }).click();

    const elsewhere = await booked(await registerUser(), (await anOpenEvent()).id, 1);
    const cancelled = await booked(await registerUser(), event.id, 1);
    await cancelling(organizer, cancelled.id).expect(200);
    await scan(elsewhere.tickets[0]!.code);
    await see(page, 'elsewhere', 'This ticket is for another event.');
    await scan(cancelled.tickets[0]!.code);
    await see(page, 'void', 'This ticket was cancelled');
    await scan('let me in');
    await see(page, 'unknown', 'This is not one of our tickets.');

    // By name, and taken back.
    await page.getByRole('button', { name: 'Find a name' }).click();
    await page.getByLabel('Name or reference').fill('zoe ang');
    await page.getByRole('button', { name: 'Check in: Zoë Ångström' }).waitFor();
    await expectAccessible(page, 'finding a name');
    await page.setViewportSize(PHONE.viewport);
    await page.getByRole('button', { name: 'Check in: Zoë Ångström' }).click();
    await see(page, 'in', 'Zoë Ångström');
    expect(await rowOf(guests.tickets[2]!.id)).toMatchObject({ checked_in_gate: 'North' });
    await page.getByRole('button', { name: 'Undo: Zoë Ångström' }).click();
    await page.getByText('Zoë Ångström is not in any more.').waitFor();
    expect(await rowOf(guests.tickets[2]!.id)).toMatchObject({ checked_in_at: null, checked_in_gate: null });
    await page.getByText('1 of 8 in', { exact: true }).waitFor();

    // A hand scanner types wherever the focus is.
    await page.locator('h1').click();
    await page.keyboard.type(codes[3]!);
    await page.keyboard.press('Enter');
    await see(page, 'in', guests.reference);
    // No errors, no policy violations, no requests to other hosts.
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('goes on while the server is stopped, also after a reload, and sends its scans later', async () => {
    const north = await openGate('North');
    const { page } = north;
    await page.evaluate('navigator.serviceWorker.ready.then(() => true)');
    await page.reload();
    await page.getByRole('button', { name: 'Start scanning' }).waitFor();
    await site.stopServer();
    await north.scan(codes[1]!);
    await see(page, 'in', 'Grace Hopper');
    await north.scan(codes[1]!);
    await see(page, 'already', /at North/);
    await page.getByText('No connection').waitFor();
    await page.reload();
    await page.getByText('1 to send').waitFor();
    const forged = codes[2]!.replace(
      /^(.{60})(.)/,
      (_all, start: string, letter: string) => start + (letter === 'A' ? 'B' : 'A'),
    );
    await north.scan(forged);
    await see(page, 'unknown');
    await north.scan(codes[4]!);
    await see(page, 'in');
    await north.scan(codes[5]!);
    await see(page, 'in');
    await page.getByRole('button', { name: /^Undo/ }).click();
    await page.getByText('2 to send').waitFor();
    await expectAccessible(page, 'without a connection');
    await page.setViewportSize(PHONE.viewport);
    // Meanwhile, another entrance with a connection admits the same person.
    await checkingIn(organizer, event.id, codes[4]).expect(200);
    expect(await rowOf(guests.tickets[1]!.id)).toMatchObject({ checked_in_at: null });
    await site.startServer();
    await page.getByText('Connected', { exact: true }).waitFor();
    await page.getByText(/to send/).waitFor({ state: 'detached' });
    // This phone was earlier, and shows that somebody else has come in with the ticket.
    await page
      .getByRole('alert')
      .getByText(/here \d\d:\d\d, elsewhere \d\d:\d\d/)
      .waitFor();
    await expectAccessible(page, 'a conflict');
    await page.setViewportSize(PHONE.viewport);
    expect(await rowOf(guests.tickets[1]!.id)).toMatchObject({ checked_in_gate: 'North' });
    expect(await rowOf(guests.tickets[4]!.id)).toMatchObject({ checked_in_gate: 'North' });
    expect(await rowOf(guests.tickets[5]!.id)).toMatchObject({ checked_in_at: null });
    await page.getByRole('button', { name: /^Seen/ }).click();
    await page.getByText('Let in twice').waitFor({ state: 'detached' });
    await page.context().close();
  });

  it('agrees with another phone, and tells both of a double admission', async () => {
    const [north, south] = [await openGate('North'), await openGate('South')];
    await north.scan(codes[6]!);
    await see(north.page, 'in');
    await south.scan(codes[6]!);
    await see(south.page, 'already', /at North/);
    await north.page.context().setOffline(true);
    await north.scan(codes[7]!);
    await see(north.page, 'in');
    await south.scan(codes[7]!);
    await see(south.page, 'in');
    await north.page.context().setOffline(false);
    await north.page.getByText(/here \d\d:\d\d, South \d\d:\d\d/).waitFor();
    // The list of the other phone is loaded again now and then, and at once when the page is opened.
    await south.page.reload();
    await south.page.getByText(/here \d\d:\d\d, North \d\d:\d\d/).waitFor();
    expect(await rowOf(guests.tickets[7]!.id)).toMatchObject({ checked_in_gate: 'North' });
    const inside = await database('tickets')
      .where({ event_id: event.id, status: 'valid' })
      .whereNotNull('checked_in_at');
    for (const { page } of [north, south]) await page.getByText(`${inside.length} of 8 in`, { exact: true }).waitFor();

    // Nothing about the guests stays when somebody signs out in another tab.
    const { page } = south;
    const other = await page.context().newPage();
    await other.goto(`${site.base}/account`);
    await other.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Password').waitFor();
    await eventually(async () => !JSON.stringify(await page.evaluate('indexedDB.databases()')).includes('bilten-door'));
    await expectAccessible(page, 'signing in at the door');
    await page.context().close();
    await north.page.context().close();
  });

  it('is installable in both languages, and tells customers that the door is not theirs', async () => {
    const german = await site.visit({ ...PHONE, locale: 'de-DE' });
    await createVisitor(site, german.page).open('/scan');
    await german.page.getByRole('heading', { level: 1, name: 'Einlass' }).waitFor();
    const href = await german.page.locator('link[rel=manifest]').getAttribute('href');
    const manifest = (await (await fetch(site.base + href!)).json()) as { name: string; icons: { src: string }[] };
    expect(manifest.name).toBe('Einlass · Bilten');
    for (const { src } of manifest.icons)
      expect((await fetch(site.base + src)).headers.get('content-type')).toBe('image/png');
    await german.page.context().close();

    const { page, complaints } = await site.visit(PHONE);
    await createVisitor(site, page).signIn(await registerUser());
    await page.goto(`${site.base}/scan`);
    await page.getByText('Only organizers and admins can scan tickets.').waitFor();
    await expectAccessible(page, 'the door of a customer');
    // Only this page may compile WebAssembly.
    const policies = await Promise.all(
      ['/scan', '/account'].map(async (place) =>
        (await fetch(site.base + place)).headers.get('content-security-policy'),
      ),
    );
    expect(policies.map((policy) => policy!.includes('wasm-unsafe-eval'))).toEqual([true, false]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});
