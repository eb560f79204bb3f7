/** @file Keys that stand twice in one object of a JSON text: JSON.parse keeps the last, other programs the first. */

/**
 * The first key that is in its object already; null where there is none.
 * @param json a text that JSON.parse takes
 */
export function duplicateKey(json: string): string | null {
  // The keys of each object that is open; of a list none.
  const open: Set<string>[] = [];
  for (let at = 0; at < json.length; at++) {
    const character = json[at]!;
    if (character === '{' || character === '[') open.push(new Set());
    else if (character === '}' || character === ']') open.pop();
    else if (character === '"') {
      const end = endOfString(json, at);
      // Only a key is followed by a colon.
      if (nextCharacter(json, end) === ':') {
        const key = JSON.parse(json.slice(at, end)) as string;
        const keys = open.at(-1)!;
        if (keys.has(key)) return key;
        keys.add(key);
      }
      at = end - 1;
    }
  }
  return null;
}

/** Where the text goes on after the string that begins at `start`. */
function endOfString(json: string, start: number): number {
  let end = json.indexOf('"', start + 1);
  while (isEscaped(json, end)) end = json.indexOf('"', end + 1);
  return end + 1;
}

/** Whether an odd number of backslashes stands before. */
function isEscaped(json: string, at: number): boolean {
  let first = at;
  while (json[first - 1] === '\\') first--;
  return (at - first) % 2 === 1;
}

function nextCharacter(json: string, from: number): string | undefined {
  let at = from;
  while (json[at] === ' ' || json[at] === '\n' || json[at] === '\r' || json[at] === '\t') at++;
  return json[at];
}
