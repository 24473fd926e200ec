import tlds from 'tlds';

// Names reach strangers in our mail, whose programs make links of whatever looks like one.

// Names of RFC 2606 and the like are in no list of domains, and still no one's name.
const RESERVED = ['example', 'invalid', 'internal', 'lan', 'local', 'localhost', 'onion', 'test'];
const topLevels: ReadonlySet<string> = new Set([...tlds, ...RESERVED]);

/** What browsers and mail programs take for a dot in a host name, beside the dot itself. */
const DOTS = /[\u3002\uff0e\uff61\u2024\ufe52\ua4f8\u06d4\u0701\u0702]/gu;
/** Dots as people write them who do not want programs to see a host: `evil[.]com`, `evil(dot)com`, `evil%2Ecom`. */
const HIDDEN_DOTS = /\s*[[({<]\s*(?:\.|dot)\s*[\])}>]\s*|%(?:25)*2e|&(?:#0*46|#x0*2e|period);/giu;

const SCHEME =
  /(?<![a-z0-9+.-])[a-z][a-z0-9+.-]*\s*:\s*\/\s*\/|\bhxxps?\b|\b(?:https?|ftp|mailto|javascript|vbscript|data|file|tel|sms|whatsapp|tg):\S/iu;
const WWW = /(?<![\p{L}\p{N}])www\d*\.\S/iu;
const MARKDOWN = /\[[^\]]*\]\s*[([:]/u;
const ANCHOR = /<\s*a\b/iu;
// Browsers take `evil .com` for a host. Not `.NET`, and only what hardly begins the next sentence.
const SPACED_HOST =
  /[\p{L}\p{N}](?:\s{1,3}\.\s{0,3}|\.\s{1,3})(?:com|net|org|biz|io|ru|cn|xyz|tk|COM|ORG)(?![\p{L}\p{N}])/u;
const LOCAL_HOST = /(?<![\p{L}\p{N}.-])(?:localhost[:/]|[a-z][a-z0-9-]*:\d{2,5}\/(?!\d))\S/iu;
const IPV6_HOST = /\[(?=[^\]]*::|(?:[0-9a-f]*:){7})[0-9a-f:.]+(?:%\w+)?\]/iu;
/** One number for all of an address: `2130706433/x`, `0x7f000001/x`, `127.1/x`. */
const NUMBER_HOST = /(?<![\p{L}\p{N}.:/-])(?:\d{9,10}|0x[0-9a-f]{1,8}|(?:127|0177|0x7f)(?:\.\d+){1,2})[/:?#]\S/iu;
const NUMERIC_HOST = /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])/u;
/** Letters of other scripts beside the Latin ones that they look like: `evil.c\u043em` is read as `evil.com`. */
const LOOKALIKES = new Map(
  'аa еe оo рp сc хx уy іi ѕs јj һh ԁd ԛq ԝw ӏl мm тt кk вb нh гr пn οo αa νv ιi ρp κk τt υu ωw ςc ıi ɡg'
    .split(' ')
    .map((pair) => [pair[0]!, pair[1]!] as const),
);
const HOST =
  /(?<![\p{L}\p{N}\p{M}_-])((?:[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}_-]*)\.)+)([\p{L}\p{M}][\p{L}\p{N}\p{M}-]*)([/:?#]\S)?/gu;

/** `J. R. R.Ma`, `Dr.Li`: initials and titles written without a blank before a name that is a domain, too. */
const INITIALS = /^(?:\p{Lu}|dr|prof|mag|med|phil|jur|ing|dipl|mr|mrs|ms|mme|mlle|st|jr|sr|feat|ft|vs|nr|no|vol|pt)$/iu;

function isInitials(labels: string, last: string): boolean {
  const parts = labels.split('.').filter(Boolean);
  const isName = /^\p{Lu}\p{Ll}+$/u.test(last) || INITIALS.test(last);
  return isName && parts.every((part) => INITIALS.test(part) && /^\p{Lu}/u.test(part));
}

const toLatin = (label: string): string =>
  [...label.toLowerCase()].map((letter) => LOOKALIKES.get(letter) ?? letter).join('');

function hasHost(text: string): boolean {
  for (const [, labels = '', last = '', rest] of text.matchAll(HOST)) {
    if (rest !== undefined) return true;
    const isTopLevel = topLevels.has(last.toLowerCase()) || topLevels.has(toLatin(last)) || /^xn--/i.test(last);
    if (isTopLevel && !isInitials(labels, last)) return true;
  }
  return false;
}

const LINKS = [SCHEME, WWW, MARKDOWN, ANCHOR, LOCAL_HOST, IPV6_HOST, NUMBER_HOST, NUMERIC_HOST, SPACED_HOST];

/** Whether somebody's mail program, or somebody, would see a link in it. */
export function hasLink(text: string): boolean {
  const plain = text.normalize('NFKC').replace(DOTS, '.').replace(HIDDEN_DOTS, '.');
  return LINKS.some((pattern) => pattern.test(plain)) || hasHost(plain);
}

// Controls, line breaks, what turns the direction of writing, and what is not seen.
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\p{Co}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\u2800\ufff9-\ufffc]/u;
// Where scripts and emoji need a joiner or a variation selector, it is no trick.
const JOINED_LETTERS =
  /(?<=[\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gujarati}\p{Script=Gurmukhi}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Oriya}\p{Script=Sinhala}\p{Script=Tamil}\p{Script=Telugu}\p{M}])[\u200c\u200d](?=[\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gujarati}\p{Script=Gurmukhi}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Oriya}\p{Script=Sinhala}\p{Script=Tamil}\p{Script=Telugu}])/gu;
const JOINED_EMOJI =
  /(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}])\ufe0f?(?:\u200d(?=\p{Extended_Pictographic}))?/gu;

/** Whether it has characters that nobody sees or that turn others around. */
export function hasUnseenCharacters(text: string): boolean {
  return UNSEEN.test(text.replace(JOINED_EMOJI, '').replace(JOINED_LETTERS, ''));
}

// Seats are named by the ten thousand.
const PLAIN = /^[\w -]{0,30}$/;

/** Why a text can not be the name of somebody or something; undefined where it can. */
export function findNameProblem(name: string): string | undefined {
  if (PLAIN.test(name) && !/hxxp/i.test(name)) return undefined;
  if (hasUnseenCharacters(name)) return 'must not contain control, invisible or direction characters';
  return hasLink(name) ? 'must not contain a link or a web address' : undefined;
}

const WORDS = /\S+/gu;
const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}]/gu;

/** Free text without what could be followed: for mail to people who have not said that they want any from us. */
export function removeLinks(text: string): string {
  const lines = text.split('\n').map((line) => {
    // What joins letters or emoji stays.
    const seen = hasUnseenCharacters(line) ? line.replace(CONTROLS, '') : line;
    if (!hasLink(seen)) return seen;
    const shorter = seen.replace(WORDS, (word) => (hasLink(word) ? '…' : word));
    // A link that is spread over several words takes its line with it.
    return hasLink(shorter) ? '…' : shorter;
  });
  return lines.join('\n');
}
