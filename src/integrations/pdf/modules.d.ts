declare module 'linebreak' {
  interface Break {
    position: number;
    required: boolean;
  }
  const LineBreaker: new (text: string) => { nextBreak(): Break | null };
  export = LineBreaker;
}

declare module 'bidi-js' {
  interface Levels {
    levels: Uint8Array;
    paragraphs: { start: number; end: number; level: number }[];
  }
  interface Bidi {
    getEmbeddingLevels(text: string, direction?: 'ltr' | 'rtl' | 'auto'): Levels;
    getMirroredCharacter(character: string): string | null;
  }
  function bidiFactory(): Bidi;
  export = bidiFactory;
}
