import tlds from 'tlds';

// Names appear in mail to other people, whose mail programs turn anything that looks like a link into one.

// Reserved domains (RFC 2606 and similar) are in no list of domains, but are no names of people either.
const RESERVED = ['example', 'invalid', 'internal', 'lan', 'local', 'localhost', 'onion', 'test'];
const topLevels: ReadonlySet<string> = new Set([...tlds, ...RESERVED]);

/** Characters that browsers and mail programs treat as a dot in a host name. */
const DOTS = /[\u3002\uff0e\uff61\u2024\ufe52\ua4f8\u06d4\u0701\u0702]/gu;
/** Ways to write a dot that hide a host from programs: `evil[.]com`, `evil(dot)com`, `evil%2Ecom`. */
const HIDDEN_DOTS = /\s*[[({<]\s*(?:\.|dot)\s*[\])}>]\s*|%(?:25)*2e|&(?:#0*46|#x0*2e|period);/giu;

const SCHEME =
  /(?<![a-z0-9+.-])[a-z][a-z0-9+.-]*\s*:\s*\/\s*\/|\bhxxps?\b|\b(?:https?|ftp|mailto|javascript|vbscript|data|file|tel|sms|whatsapp|tg):\S/iu;
const WWW = /(?<![\p{L}\p{N}])www\d*\.\S/iu;
const MARKDOWN = /\[[^\]]*\]\s*[([:]/u;
const ANCHOR = /<\s*a\b/iu;
// Browsers read `evil .com` as a host. Excludes `.NET` and endings that could begin the next sentence.
const SPACED_HOST =
  /[\p{L}\p{N}](?:\s{1,3}\.\s{0,3}|\.\s{1,3})(?:com|net|org|biz|io|ru|cn|xyz|tk|COM|ORG)(?![\p{L}\p{N}])/u;
const LOCAL_HOST = /(?<![\p{L}\p{N}.-])(?:localhost[:/]|[a-z][a-z0-9-]*:\d{2,5}\/(?!\d))\S/iu;
const IPV6_HOST = /\[(?=[^\]]*::|(?:[0-9a-f]*:){7})[0-9a-f:.]+(?:%\w+)?\]/iu;
/** IP addresses in numeric forms: `2130706433/x`, `0x7f000001/x`, `127.1/x`. */
const NUMBER_HOST = /(?<![\p{L}\p{N}.:/-])(?:\d{9,10}|0x[0-9a-f]{1,8}|(?:127|0177|0x7f)(?:\.\d+){1,2})[/:?#]\S/iu;
const NUMERIC_HOST = /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])/u;
/** Letters of other scripts next to the Latin letters they resemble: `evil.c\u043em` looks like `evil.com`. */
const LOOKALIKES = new Map(
  'аa еe оo рp сc хx уy іi ѕs јj һh ԁd ԛq ԝw ӏl мm тt кk вb нh гr пn οo αa νv ιi ρp κk τt υu ωw ςc ıi ɡg'
    .split(' ')
    .map((pair) => [pair[0]!, pair[1]!] as const),
);
const HOST =
  /(?<![\p{L}\p{N}\p{M}_-])((?:[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}_-]*)\.)+)([\p{L}\p{M}][\p{L}\p{N}\p{M}-]*)([/:?#]\S)?/gu;

/** Initials and titles without a space before a name that is also a top-level domain: `J. R. R.Ma`, `Dr.Li`. */
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

/** True if a mail program or a person would see a link in the text. */
export function hasLink(text: string): boolean {
  const plain = text.normalize('NFKC').replace(DOTS, '.').replace(HIDDEN_DOTS, '.');
  return LINKS.some((pattern) => pattern.test(plain)) || hasHost(plain);
}

// Control characters, line breaks, direction overrides and invisible characters.
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\p{Co}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\u2800\ufff9-\ufffc]/u;
// Some scripts and emoji legitimately need joiners and variation selectors.
const JOINED_LETTERS =
  /(?<=[\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gujarati}\p{Script=Gurmukhi}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Oriya}\p{Script=Sinhala}\p{Script=Tamil}\p{Script=Telugu}\p{M}])[\u200c\u200d](?=[\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gujarati}\p{Script=Gurmukhi}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Oriya}\p{Script=Sinhala}\p{Script=Tamil}\p{Script=Telugu}])/gu;
const JOINED_EMOJI =
  /(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}])\ufe0f?(?:\u200d(?=\p{Extended_Pictographic}))?/gu;

/** True if the text has invisible characters or ones that change the direction of writing. */
export function hasUnseenCharacters(text: string): boolean {
  return UNSEEN.test(text.replace(JOINED_EMOJI, '').replace(JOINED_LETTERS, ''));
}

// A fast path, because seating plans have tens of thousands of names.
const PLAIN = /^[\w -]{0,30}$/;

/** Returns why a text cannot be a name, to complete a sentence; undefined if it can. */
export function findNameProblem(name: string): string | undefined {
  if (PLAIN.test(name) && !/hxxp/i.test(name)) return undefined;
  if (hasUnseenCharacters(name)) return 'must not contain control, invisible or direction characters';
  return hasLink(name) ? 'must not contain a link or a web address' : undefined;
}

const WORDS = /\S+/gu;
const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}]/gu;

/** Removes control, invisible and direction characters from a line. Joiners between letters or emoji stay. */
export function removeUnseen(line: string): string {
  return hasUnseenCharacters(line) ? line.replace(CONTROLS, '') : line;
}

/** Removes links from free text, for mail to people who have not asked for any. */
export function removeLinks(text: string): string {
  const lines = text.split('\n').map((line) => {
    const seen = removeUnseen(line);
    if (!hasLink(seen)) return seen;
    const shorter = seen.replace(WORDS, (word) => (hasLink(word) ? '…' : word));
    // If a link spans several words, remove the whole line.
    return hasLink(shorter) ? '…' : shorter;
  });
  return lines.join('\n');
}
