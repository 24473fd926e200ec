import { rm, stat } from 'node:fs/promises';
import type { Sharp } from 'sharp';
import { AppError, createValidationError } from '../../errors';
import { IMAGE_WIDTHS, type ImageType } from '../../lib/files/file-keys';
import { createLimit } from '../../lib/create-limit';

/** The longest side of the largest version; screens do not show more. */
const MAX_SIDE_PIXELS = 2560;
// A decoded image takes 4 bytes per pixel if its format cannot be read in strips.
const MAX_PIXELS = 50_000_000;
const MAX_SECONDS = 20;
// libvips shares its threads with file system calls.
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
  /** The size in bytes. */
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
  // Smaller versions are made from the first one, which decodes faster than the original.
  for (const each of IMAGE_WIDTHS.filter((narrow) => narrow < main.width))
    images.push(await write(open(main.path).resize({ width: each }), source.type, pathOf(each)));
  return images;
}

// sharp's errors have no codes, only the system's words in their messages.
const DISK_PROBLEM = /no space left|quota exceeded|read-only file system|input\/output error|too many open files/i;

/**
 * Re-encodes an image upright and without metadata, in all widths that are narrower than the original. Of an animation, only
 * the first frame is kept. Nothing else from the file survives.
 * @param pathOf returns the path to write for a width; undefined for the first version
 * @throws AppError VALIDATION_ERROR, UNAVAILABLE if too many are waiting
 */
export async function renderImage(
  source: { path: string; type: ImageType },
  pathOf: (width?: number) => string,
): Promise<RenderedImage[]> {
  try {
    return await withLimit(() => render(source, pathOf));
  } catch (error) {
    await Promise.all([undefined, ...IMAGE_WIDTHS].map((width) => rm(pathOf(width), { force: true })));
    if (error instanceof AppError) throw error;
    if (DISK_PROBLEM.test((error as Error).message)) throw new AppError('UNAVAILABLE', undefined, { cause: error });
    throw createValidationError('file', 'is not an image that can be shown');
  }
}

// Twice the resolution needed to print a logo on an invoice.
const PRINTED = { width: 560, height: 240, fit: 'inside', withoutEnlargement: true } as const;

/** Returns a small JPEG on white of an image that was encoded here, for documents. @throws AppError UNAVAILABLE if too many are waiting */
export async function printableImage(image: Buffer): Promise<Buffer> {
  return withLimit(async () => {
    const sharp = await load();
    const small = sharp(image, { limitInputPixels: MAX_PIXELS }).resize(PRINTED).flatten({ background: '#ffffff' });
    return small.jpeg({ quality: 90 }).timeout({ seconds: MAX_SECONDS }).toBuffer();
  });
}

/** Renders an SVG of our own as WebP. SVGs from users must not be passed, because they cannot be trusted. */
export async function drawImage(drawing: string, target: string): Promise<void> {
  const sharp = await load();
  await sharp(drawing).webp({ quality: 90 }).toFile(target);
}
