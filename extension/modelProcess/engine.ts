/** @file Whether this platform has the native library that runs models. */
import { access } from 'node:fs/promises';
import { join } from 'node:path';

/** Platforms for which ONNX Runtime ships a library, as `process.platform`-`process.arch`. */
export const PLATFORMS: readonly string[] = ['darwin-arm64', 'linux-arm64', 'linux-x64', 'win32-arm64', 'win32-x64'];

/** The sentence for a platform whose library is not there. */
export function missingEngineSentence(platform: string, architecture: string): string {
  const name = `${platform}-${architecture}`;
  return PLATFORMS.includes(name)
    ? `This package of SMUGGLER Inspector holds no ONNX Runtime library for ${name}, so models cannot run: install the package that is made for ${name}.`
    : `ONNX Runtime has no library for ${name}, so models cannot run here: use SMUGGLER Inspector on ${PLATFORMS.join(', ')}, for example through a remote window.`;
}

/**
 * @param root the extension's folder
 * @returns null when models can run, else one sentence for the user
 */
export async function engineProblem(root: string, platform: string, architecture: string): Promise<string | null> {
  const folder = join(root, 'node_modules', 'onnxruntime-node', 'bin', 'napi-v6', platform, architecture);
  try {
    await access(folder);
    return null;
  } catch {
    return missingEngineSentence(platform, architecture);
  }
}
