import { database } from '../../src/database';
import { registerUser, type TestUser } from '../helpers/accounts';
import { as } from '../helpers/client';
import { picture, uploading } from '../helpers/files';
import { makeEvent } from '../helpers/events';
import { anUnpaidOrderAt, paid, type PricedBooking } from '../helpers/orders';
import { booked } from '../helpers/bookings';
import { readPages, readTexts } from '../helpers/pdf';

let organizer: TestUser;
beforeAll(async () => {
  organizer = await registerUser({ role: 'organizer' });
});

interface Documents {
  tickets: Buffer;
  invoice: Buffer;
}

async function documentsOf(
  { title, firstName, locale }: { title: string; firstName?: string; locale?: string },
  fields: Record<string, unknown> = {},
): Promise<Documents> {
  const owner = await registerUser();
  if (firstName)
    await database('users').where({ id: owner.user.id }).update({ first_name: firstName, last_name: null });
  if (locale) await as(owner).put('/api/auth/profile').send({ locale }).expect(200);
  const event = await makeEvent(organizer, { title, basePrice: '1234.50', currency: 'EUR', ...fields });
  const { id, order } = (await booked(owner, event.id)) as PricedBooking;
  await paid({ owner, orderId: order.id });
  const pdf = async (path: string): Promise<Buffer> => (await as(owner).get(`/api/${path}`).expect(200)).body as Buffer;
  return { tickets: await pdf(`bookings/${id}/tickets.pdf`), invoice: await pdf(`orders/${order.id}/invoice.pdf`) };
}

/** Returns the text without spaces, because lines may end anywhere. */
const written = (pdf: Buffer): string => readTexts(pdf).join('').normalize('NFC').replace(/\s+/g, '');
const squeezed = (text: string): string => text.normalize('NFC').replace(/\s|\p{Default_Ignorable_Code_Point}/gu, '');

describe('documents', () => {
  it.each([
    ['Chinese', '東京音樂會 — 音乐会 龘', '王小明'],
    ['Japanese', '東京ジャズフェスティバル さくら', '山田太郎'],
    ['Korean', '서울 재즈 축제 (首爾)', '김철수'],
    ['Vietnamese', 'Đêm nhạc Việt — Huế', 'Nguyễn Thị Hương'],
    ['Vietnamese, decomposed', 'Đêm nhạc Việt'.normalize('NFD'), 'Nguyễn'.normalize('NFD')],
    ['Georgian and Armenian', 'ჯაზი და Ջազ', 'გიორგი'],
    ['Kazakh and Greek', 'Қазақ әні — Ώρα', 'Әлия'],
    ['symbols', '✗ Chess ♔ and dice ⚄', 'Ada'],
    ['currency symbols', '₫ ₹ ₽ ₩ ₺ ₴ ₪ ₦', 'Ada'],
  ])('contain %s without boxes', async (_what, title, firstName) => {
    const { tickets, invoice } = await documentsOf({ title, firstName });
    expect(written(tickets)).toContain(squeezed(title));
    const text = written(invoice);
    for (const part of [title, firstName]) expect(text).toContain(squeezed(part));
  });

  it.each([
    ['Hebrew', 'ערב ג׳אז (2030) בתל אביב', 'משה כהן'],
    ['Arabic', 'مهرجان الجاز 2030', 'محمد بن عبد الله'],
    ['Thai', 'เทศกาลดนตรีแจ๊ส กรุงเทพ', 'สมชาย ใจดี'],
    ['Devanagari', 'नमस्ते दुनिया', 'राम कुमार'],
    ['Bengali and Tamil', 'জ্যাজ உற்சவம்', 'রহিম'],
    ['Amharic and Khmer', 'ሙዚቃ ភ្លេង', 'አበበ'],
    ['Punjabi', 'ਪੰਜਾਬੀ ਸੰਗੀਤ', 'ਸਿੰਘ'],
    ['Odia', 'ଓଡ଼ିଆ ସଙ୍ଗୀତ', 'ସୁରେଶ'],
    ['Tibetan', 'བོད་ཀྱི་རོལ་དབྱངས', 'བསྟན་འཛིན'],
    ['Syriac and Dhivehi', 'ܣܘܪܝܝܐ ދިވެހި', 'ܐܦܪܝܡ'],
    ['letters for mathematics', '𝓗𝓮𝓵𝓵𝓸 𝐁𝐨𝐥𝐝 𝟏𝟐', 'Ada'],
    ['emoji', '🎉 Party 👩‍🚀 ☎ ❤️', '🎷'],
  ])('contain %s with all its characters', async (_what, title, firstName) => {
    const { tickets, invoice } = await documentsOf({ title, firstName });
    for (const text of [written(tickets), written(invoice)]) {
      // A reader may return the characters of shaped scripts in another order.
      const missing = [...squeezed(title)].filter(
        (character) => !text.normalize('NFKC').includes(character.normalize('NFKC')),
      );
      expect(missing).toEqual([]);
      expect(text).not.toContain('\0');
    }
  });

  it('do not truncate long text', async () => {
    const firstName = `${'Wolfeschlegelsteinhausenbergerdorff'.repeat(2)} ${'Maria '.repeat(5)}`.trim();
    const title = `The very long ${'evening of many words '.repeat(8)}`.trim();
    const venueAddress = '東京都千代田区丸の内三丁目5番1号 '.repeat(10).trim();
    const { tickets, invoice } = await documentsOf({ title, firstName }, { venueName: 'Hall', venueAddress });
    expect(written(invoice)).toContain(squeezed(firstName));
    for (const text of [written(tickets), written(invoice)]) expect(text).toContain(squeezed(title));
    expect(written(tickets)).toContain(squeezed(venueAddress));
    expect(readPages(tickets)).toHaveLength(1);
    expect(readPages(tickets)[0]!.code).toMatch(/^[A-Z2-7]{100,}$/);
  });

  it('use the buyer’s language and date format', async () => {
    const times = { startDate: '2031-03-05T19:00:00Z', timezone: 'Europe/Vienna' };
    const german = await documentsOf({ title: 'Jazz', locale: 'de-AT' }, times);
    expect(written(german.tickets)).toContain('Mittwoch,5.März2031um20:00');
    expect(written(german.tickets)).toContain('GiltfüreinePerson');
    const thai = await documentsOf({ title: 'Jazz', locale: 'th-TH' }, times);
    expect(written(thai.tickets)).toContain('2031');
    expect(written(thai.tickets)).toContain('Admitsoneperson');
    const french = await documentsOf({ title: 'Jazz', locale: 'fr-FR' }, times);
    expect(written(french.invoice)).toContain('1234,50€');
  });

  it('show the organizer’s logo, in any format, until it is removed', async () => {
    const seller = await registerUser({ role: 'organizer' });
    const event = await makeEvent(seller, { basePrice: 10 });
    const { owner, orderId, booking } = await anUnpaidOrderAt(event);
    await paid({ owner, orderId });
    const paths = [`/api/bookings/${booking.id}/tickets.pdf`, `/api/orders/${orderId}/invoice.pdf`];
    const images = async (): Promise<number[]> =>
      Promise.all(
        paths.map(async (path) => {
          const { body } = await as(owner).get(path).expect(200);
          return (body as Buffer).toString('latin1').split('/Subtype /Image').length - 1;
        }),
      );
    expect(await images()).toEqual([0, 0]);
    for (const format of ['png', 'webp', 'jpeg'] as const) {
      await uploading(seller, await picture({ width: 900, height: 300, format }), { to: '/api/users/me/logo' }).expect(
        200,
      );
      expect(await images()).toEqual([1, 1]);
    }
    const { body } = await as(seller).get('/api/files').expect(200);
    for (const { id } of (body as { data: { id: number }[] }).data)
      await as(seller).delete(`/api/files/${id}`).expect(204);
    expect(await images()).toEqual([0, 0]);
  });
});
