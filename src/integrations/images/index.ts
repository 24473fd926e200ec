import { rm, stat } from 'node:fs/promises';
import type { Sharp } from 'sharp';
import { AppError, createValidationError } from '../../errors';
import type { ImageType } from '../../lib/files/file-keys';
import { createLimit } from '../../lib/create-limit';

/** Longest side of the largest one made; nobody's screen shows more. */
const MAX_SIDE_PIXELS = 2560;
const WIDTHS = [320, 640, 1280];
// A decoded one takes 4 bytes a pixel where its format can't be read in strips.
const MAX_PIXELS = 50_000_000;
const MAX_SECONDS = 20;
// libvips works on threads that it shares with the file system.
const MAX_CONCURRENT = 2;
const MAX_WAITING = 100;

const withLimit = createLimit({
  atOnce: MAX_CONCURRENT,
  waiting: MAX_WAITING,
  refuse: () =>
    new AppError('UNAVAILABLE', 'Too many images are being made: try again in a moment.', { retryAfter: 5 }),
});

export interface RenderedImage {
  path: string;
  width: number;
  height: number;
  /** Bytes. */
  size: number;
}

async function load(): Promise<typeof import('sharp')> {
  const { default: sharp } = await import('sharp');
  sharp.cache(false);
  sharp.concurrency(1);
  return sharp;
}

function encode(image: Sharp, type: ImageType): Sharp {
  if (type === 'image/jpeg') return image.jpeg({ quality: 82, progressive: true });
  return type === 'image/png' ? image.png({ compressionLevel: 8 }) : image.webp({ quality: 82 });
}

const FORMATS: Record<ImageType, string> = { 'image/jpeg': 'jpeg', 'image/png': 'png', 'image/webp': 'webp' };

async function write(image: Sharp, type: ImageType, target: string): Promise<RenderedImage> {
  const { width, height } = await encode(image, type).timeout({ seconds: MAX_SECONDS }).toFile(target);
  return { path: target, width, height, size: (await stat(target)).size };
}

async function render(
  source: { path: string; type: ImageType },
  pathOf: (width?: number) => string,
): Promise<RenderedImage[]> {
  const sharp = await load();
  const open = (file: string) =>
    sharp(file, { limitInputPixels: MAX_PIXELS, failOn: 'error', sequentialRead: true, pages: 1 });
  const { format, width, height } = await open(source.path).metadata();
  if (format !== FORMATS[source.type]) throw createValidationError('file', 'is not the image that it begins as');
  if (width * height > MAX_PIXELS)
    throw createValidationError('file', `has more than ${MAX_PIXELS / 1e6} million pixels`);
  const fitting = { width: MAX_SIDE_PIXELS, height: MAX_SIDE_PIXELS, fit: 'inside', withoutEnlargement: true } as const;
  const main = await write(open(source.path).autoOrient().resize(fitting), source.type, pathOf());
  const images = [main];
  // Of the first one, which is decoded sooner.
  for (const each of WIDTHS.filter((narrow) => narrow < main.width))
    images.push(await write(open(main.path).resize({ width: each }), source.type, pathOf(each)));
  return images;
}

/**
 * Decodes an image and encodes it anew, upright, without metadata, of an animated one the first picture; then in the widths
 * that are narrower. What else the file carried is gone.
 * @param pathOf where to write the one of this width; the first one has none
 * @throws AppError VALIDATION_ERROR, UNAVAILABLE when too many are waiting
 */
export async function renderImage(
  source: { path: string; type: ImageType },
  pathOf: (width?: number) => string,
): Promise<RenderedImage[]> {
  try {
    return await withLimit(() => render(source, pathOf));
  } catch (error) {
    await Promise.all([undefined, ...WIDTHS].map((width) => rm(pathOf(width), { force: true })));
    if (error instanceof AppError) throw error;
    // sharp's errors have no codes: that of the system is in its words.
    if (/no space left|ENOSPC/i.test((error as Error).message))
      throw new AppError('UNAVAILABLE', undefined, { cause: error });
    throw createValidationError('file', 'is not an image that can be shown');
  }
}

// Twice what a printer shows of a logo on an invoice.
const PRINTED = { width: 560, height: 240, fit: 'inside', withoutEnlargement: true } as const;

/** A small JPEG on white of an image that was rendered here, for documents. @throws AppError UNAVAILABLE when too many are waiting */
export async function printableImage(image: Buffer): Promise<Buffer> {
  return withLimit(async () => {
    const sharp = await load();
    const small = sharp(image, { limitInputPixels: MAX_PIXELS }).resize(PRINTED).flatten({ background: '#ffffff' });
    return small.jpeg({ quality: 90 }).timeout({ seconds: MAX_SECONDS }).toBuffer();
  });
}

/** Makes a WebP of a drawing of our own: an SVG of anybody else's is not to be trusted. */
export async function drawImage(drawing: string, target: string): Promise<void> {
  const sharp = await load();
  await sharp(drawing).webp({ quality: 90 }).toFile(target);
}
