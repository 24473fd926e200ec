import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

// Refuses words that the glossary in docs/domains.md has replaced.

const root = path.join(__dirname, '..', '..');

/** Renamed identifiers. A word counts if it stands alone or is part of a camelCase name. */
const RETIRED_IN_CODE: [pattern: RegExp, instead: string][] = [
  [/\b(settle|Settled|settleAll|settledReply)\b/, 'execute, CommandResult, executeAll, commandReply'],
  [/\bsettle[A-Z]\w*/, 'sync…, handle… or resolve…'],
  [/\b(createLane|PUT_OFF|inSets)\b/, 'createCommandBatcher, DEFERRED, createBatcher'],
  [/\w*News(Event)?\b|\bonOwnNews\b|\bhasNews\b/, '…NotificationData, hasChanges, RealtimeUpdate'],
  [/\btell[A-Z]\w*|\bteller\b/, 'notify… or addMessage'],
  [/\bbook(Capture|Refund|Dispute)\w*/, 'post…'],
  [/\bSchemaBook\b/, 'SchemaRegistry'],
  [/\b(watchAccess|refuseEnded|noteAccess)\b/, 'startRevocationPolling, assertNotRevoked, recordRevocation'],
  [/\b(halls?|Hall|readHall)\b/, 'seatingPlan'],
  [
    /\b(takeAgain|seatsAgain|redeemAgain|giveBack|mayFree|inHalves|runUnheld|handedOver|doubtful)\b/,
    'a verb and its noun',
  ],
  [/\b(letIn|atTheDoor|findStub|TicketStub)\b/, 'checkIn, getCheckInList, findTicketClaims, TicketClaims'],
  [/\b(listLoose|listHeld|findStray|Unattended|Unprotected|Whose)\b/, 'what is listed'],
  [/\brefuse[A-Z]\w*|\brequire(Startable|Servers|Password|Organizer|Token|VerifiedEmail)\(/, 'assert…'],
  [/\b(endWithUs|impatientRedis|createSayingBackend|meetingPlace|saboteurs?)\b/i, 'what it does'],
  [/\bMOST_[A-Z_]+\b/, 'MAX_… with its unit'],
];

const RETIRED_IN_PROSE: [pattern: RegExp, instead: string][] = [
  [/\b[Cc]an not\b/, 'cannot'],
  [/\banew\b/i, 'again'],
  [/\bfor ever\b/, 'forever'],
  [/\bthat which\b/i, 'what'],
];

const CODE = /\.(ts|js)$/;

function listFiles(folder: string, ending: RegExp): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => ending.test(file))
    .map((file) => path.join(folder, file));
}

/** Splits a line into its code, without strings, and its comment. */
function parseLine(line: string): { code: string; comment: string } {
  const isComment = /^\s*(\/\*\*?|\*|\/\/)/.test(line);
  if (isComment) return { code: '', comment: line };
  const [code = '', comment = ''] = line.split(/(?<=\s|^)\/\/ /, 2);
  return { code: code.replaceAll(/'[^']*'|"[^"]*"|`[^`]*`/g, "''"), comment };
}

type Part = (line: string) => string;
const toCode: Part = (line) => parseLine(line).code;
const toComment: Part = (line) => parseLine(line).comment;
const toProse: Part = (line) => line.replaceAll(/`[^`]*`/g, '');

function findRetired(files: string[], part: Part, retired: [RegExp, string][]): string[] {
  return files.flatMap((file) =>
    readFileSync(path.join(root, file), 'utf8')
      .split('\n')
      .flatMap((line, index) =>
        retired.flatMap(([pattern, instead]) => {
          const found = pattern.exec(part(line));
          return found ? `${file}:${index + 1}: ${found[0]}: say ${instead}` : [];
        }),
      ),
  );
}

describe('retired words', () => {
  it('are not used in code', () => {
    expect(findRetired(listFiles('src', CODE), toCode, RETIRED_IN_CODE)).toEqual([]);
  });

  it('are not used in comments', () => {
    expect(findRetired(listFiles('src', CODE), toComment, RETIRED_IN_PROSE)).toEqual([]);
  });

  it('are not used in docs', () => {
    const documents = [...listFiles('docs', /\.md$/), 'README.md', 'CONTRIBUTING.md', 'SECURITY.md'];
    expect(findRetired(documents, toProse, RETIRED_IN_PROSE)).toEqual([]);
  });

  it('are found if they are used', () => {
    const line = 'export function settlePayment() {} // can not fail';
    expect(RETIRED_IN_CODE.filter(([pattern]) => pattern.test(toCode(line)))).toHaveLength(1);
    expect(RETIRED_IN_PROSE.filter(([pattern]) => pattern.test(toComment(line)))).toHaveLength(1);
  });
});
