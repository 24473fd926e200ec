import { randomBytes } from 'node:crypto';

const EXTENSIONS = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'application/pdf': 'pdf',
  'text/plain': 'txt',
} as const;

/** The media types that can be uploaded. */
export type FileType = keyof typeof EXTENSIONS;
export type ImageType = Extract<FileType, `image/${string}`>;

const KEY = /^[0-9a-f]{40}(?:-[1-9]\d{1,4})?\.(jpg|png|webp|pdf|txt)$/;

export const isImage = (type: FileType): type is ImageType => type.startsWith('image/');

const RANDOM_BYTES = 16;

/** Returns an unguessable key for an object of the store. @param tag identifies the installation, 8 hexadecimal digits */
export function createKey(type: FileType, tag: string): string {
  return `${randomBytes(RANDOM_BYTES).toString('hex')}${tag}.${EXTENSIONS[type]}`;
}

export function getTag(key: string): string {
  return key.slice(RANDOM_BYTES * 2, key.search(/[.-]/));
}

/** The widths in pixels in which every image is served; those that it is too narrow for are the image itself. */
export const IMAGE_WIDTHS = [320, 640, 1280];

/** Returns the key of the same image in another width. */
export function getVariantKey(key: string, width: number): string {
  return key.replace('.', `-${width}.`);
}

/** Returns the key in the row of the file. */
export function getMainKey(key: string): string {
  return key.replace(/-\d+\./, '.');
}

/** True if the key names an image in one of the widths, rather than the image itself. */
export function isOfferedWidth(key: string): boolean {
  return IMAGE_WIDTHS.some((width) => key === getVariantKey(getMainKey(key), width));
}

/** True if the text is a valid key. Nothing else is ever joined to a path. */
export function isKey(text: string): boolean {
  return KEY.test(text);
}

export function getFileType(key: string): FileType {
  const extension = KEY.exec(key)?.[1];
  const found = Object.entries(EXTENSIONS).find(([, each]) => each === extension);
  if (!found) throw new Error(`${key} is not a file key.`);
  return found[0] as FileType;
}
