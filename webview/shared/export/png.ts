/** @file An SVG as pixels at twice its size. */
import type { SvgPicture } from './svg';

const SCALE = 2;

/** The bytes of a PNG file. */
export async function panelPng({ text, width, height }: SvgPicture): Promise<Uint8Array> {
  const image = new Image(width, height);
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = SCALE * width;
  canvas.height = SCALE * height;
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => {
    canvas.toBlob(resolve, 'image/png');
  });
  if (blob === null) throw new Error('the picture is too large for this browser');
  return new Uint8Array(await blob.arrayBuffer());
}
