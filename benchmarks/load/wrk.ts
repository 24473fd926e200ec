import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Load, LoadOptions, Walk } from './load';

export const hasWrk = spawnSync('wrk', ['-v'], { stdio: 'ignore' }).error === undefined;

// A table of this size must be split in Lua, whose functions hold at most 65,536 constants.
const SCRIPT = String.raw`
local function lines(name)
  local list = {}
  for line in io.lines(FOLDER .. "/" .. name) do list[#list + 1] = line end
  return list
end

local heads, tails, tokens = {}, {}, {}
for i, path in ipairs(lines("paths")) do heads[i] = METHOD .. " " .. path .. " HTTP/1.1\r\nHost: 127.0.0.1\r\n" end
for i, token in ipairs(lines("tokens")) do tokens[i] = "Authorization: Bearer " .. token .. "\r\n" end
for i, body in ipairs(lines("bodies")) do
  tails[i] = "Content-Type: application/json\r\nContent-Length: " .. #body .. "\r\n\r\n" .. body
end
if #tokens == 0 then tokens[1] = "" end
if #tails == 0 then tails[1] = "\r\n" end

local n = FIRST
function request()
  local body = math.floor(n / #tokens) + (SPREAD and n or 0)
  local text = heads[n % #heads + 1] .. tokens[n % #tokens + 1] .. tails[body % #tails + 1]
  n = n + 1
  return text
end

if RATE > 0 then
  local ffi = require("ffi")
  ffi.cdef("typedef struct { long s; long us; } wall_time; int gettimeofday(wall_time *, void *);")
  local wall = ffi.new("wall_time")
  local due
  -- One timetable for all connections: whichever is free takes the next request that is due.
  function delay()
    ffi.C.gettimeofday(wall, nil)
    local now = tonumber(wall.s) * 1000 + tonumber(wall.us) / 1000
    due = (due or now) + 1000 / RATE
    return math.max(0, due - now)
  end
end

function done(summary, latency)
  local e = summary.errors
  io.write(string.format("\nresult %d %d %d %d %d %d\n", summary.requests, summary.duration, e.status,
    e.connect + e.read + e.write + e.timeout, latency:percentile(50), latency:percentile(99)))
end
`;

function scriptOf(folder: string, walk: Walk, { first, rate = 0 }: LoadOptions): string {
  const constants = {
    FOLDER: JSON.stringify(folder),
    METHOD: JSON.stringify(walk.method),
    FIRST: first,
    SPREAD: walk.spread ?? false,
    RATE: rate,
  };
  return Object.entries(constants)
    .map(([name, value]) => `local ${name} = ${value}\n`)
    .join('')
    .concat(SCRIPT);
}

/** Runs wrk with one thread, which leaves the other core to the server. */
export async function wrkLoad(walk: Walk, options: LoadOptions): Promise<Load> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bilten-wrk-'));
  try {
    for (const name of ['paths', 'tokens', 'bodies'] as const)
      writeFileSync(path.join(folder, name), (walk[name] ?? []).map((line) => `${line}\n`).join(''));
    const script = path.join(folder, 'walk.lua');
    writeFileSync(script, scriptOf(folder, walk, options));
    const args = [
      '-t1',
      `-c${options.connections}`,
      `-d${Math.ceil(options.seconds)}s`,
      '--timeout',
      '20s',
      '-s',
      script,
      `http://127.0.0.1:${options.port}`,
    ];
    const { stdout } = await promisify(execFile)('wrk', args);
    const numbers = /^result (.+)$/m.exec(stdout)?.[1]?.split(' ').map(Number);
    if (!numbers) throw new Error(`wrk said something else than expected:\n${stdout}`);
    const [requests, microseconds, refused, broken, p50, p99] = numbers as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    if (broken > 0) throw new Error(`${broken} requests got no answer:\n${stdout}`);
    return { requests, refused, rate: (requests * 1e6) / microseconds, p50Ms: p50 / 1000, p99Ms: p99 / 1000 };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
