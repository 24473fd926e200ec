import { isInside, getNetwork } from '../../src/lib/network';

describe('networkOf', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::FFFF:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2::1', '20010db8000100/56'],
    ['2001:DB8:1:2ff:ffff:ffff:ffff:ffff', '20010db8000102/56'],
    ['2001:0db8:0001:0002:0003:0004:0005:0006', '20010db8000100/56'],
    ['::1', '00000000000000/56'],
    ['::', '00000000000000/56'],
    ['fe80::1%eth0', 'fe800000000000/56'],
    ['1::', '00010000000000/56'],
    ['', ''],
    ['unknown', 'unknown'],
  ])('%s is in %s', (address, network) => {
    expect(getNetwork(address)).toBe(network);
  });
});

describe('isInside', () => {
  it.each(['127.0.0.1', '::1', '10.1.2.3', '172.16.0.1', '192.168.1.1', '::ffff:10.0.0.1', 'fd00::1', 'fe80::1%eth0'])(
    '%s is',
    (address) => expect(isInside(address)).toBe(true),
  );
  it.each(['203.0.113.7', '172.32.0.1', '11.0.0.1', '2001:db8::1', '::ffff:203.0.113.7', '', 'unknown'])(
    '%s is not',
    (address) => expect(isInside(address)).toBe(false),
  );
});
