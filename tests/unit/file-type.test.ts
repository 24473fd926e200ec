import { isPlainText, detectByMagic } from '../../src/lib/files/file-type';

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const isText = (text: string | Buffer, size = 1) => isPlainText(inPieces(Buffer.from(text), size));

describe('typeByMagic', () => {
  it.each([
    ['image/jpeg', 'ffd8ffe000104a464946'],
    ['image/png', '89504e470d0a1a0a0000000d49484452'],
    ['image/webp', '524946462400000057454250565038'],
    ['application/pdf', '255044462d312e34'],
    [undefined, '474946383961'],
    [undefined, '504b0304'],
    [undefined, ''],
    ['nothing behind the start', '0a255044462d312e34'],
  ])('detects %s', (type, hex) => {
    expect(detectByMagic(Buffer.from(hex, 'hex'))).toBe(type === 'nothing behind the start' ? undefined : type);
  });
});

describe('isPlainText', () => {
  it.each(['Grüße, 日本語 and 🎟', 'a\tb\r\nc\f', '1 < 2 and <3', '\ufeffwith a mark', 'x = "<b>"'])(
    'accepts %j, split anywhere',
    async (text) => {
      expect(await isText(text)).toBe(true);
      expect(await isText(text, 1000)).toBe(true);
    },
  );

  it.each(['a\0b', 'a\x07', '<html>', '  <!DOCTYPE html>', '\ufeff<?xml?>', '<svg onload=x>', '</a>', '<b/>'])(
    'refuses %j',
    async (text) => {
      expect(await isText(text)).toBe(false);
    },
  );

  it('refuses text that is not UTF-8 or ends in the middle of a character', async () => {
    expect(await isText(Buffer.from('ü').subarray(0, 1))).toBe(false);
    expect(await isText(Buffer.from([0xff, 0xfe, 0x41, 0x00]))).toBe(false);
  });
});
