import { Piscina } from 'piscina';

export interface HeldHashes {
  /** Resolves when `count` hashes are held back. */
  arrival(count: number): Promise<void>;
  /** Releases them and holds back no others. */
  release(): void;
}

/** Holds back responses of the password threads, so that a test can act between a hash and its use. */
export function holdHashes(which: (answer: unknown) => boolean = () => true): HeldHashes {
  const run = Piscina.prototype.run;
  const held: (() => void)[] = [];
  const spy = jest.spyOn(Piscina.prototype, 'run').mockImplementation(async function (this: Piscina, task, options) {
    const answer: unknown = await run.call(this, task, options);
    if (which(answer)) await new Promise<void>((resolve) => void held.push(resolve));
    return answer;
  });
  return {
    async arrival(count) {
      while (held.length < count) await new Promise((resolve) => setTimeout(resolve, 5));
    },
    release() {
      spy.mockRestore();
      for (const go of held) go();
    },
  };
}
