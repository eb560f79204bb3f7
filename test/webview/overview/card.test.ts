/** @file The model card in Chromium: its Markdown as elements, nothing in it that runs or is fetched, read and scrolled by keyboard. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { about, exportText } from '../exportPage';
import { overview, showOverview } from './overviewState';
import { THEME_NAMES } from '../themes';
import { useView } from '../useView';

const { open, sent, view } = useView('overview', { width: 1100, height: 700 });

const STARTER = readFileSync(path.resolve(import.meta.dirname, '../../../media/starter/card.md'), 'utf8');

/** All that a card may hold. */
const ALL = `---
license: mit
---

# Harbour

A *small* model with **voters**, not ~~facts~~ \`attention\`.
See <https://example.com/paper>, [the data](https://example.com/data?a=1&b=2 "Data") or https://example.com/more.

### How good

| text | bits a byte |   | source |
| :--- | ----------: | - | ------ |
| tales &amp; songs | 2.05 | ✓ | \`media/sample/story.md\` |
| a \\| b | 2.43 | | [config](config.json) |

1. First
   - inner

     second paragraph
2. Second

> Quoted
> twice

\`\`\`python
if x < 1:
    print("<b>")
\`\`\`

---

#### Deeper

Line\\
break
`;

async function showCard(card: string): Promise<void> {
  await showOverview(view.page, overview({ card }));
}

const html = () => view.page.evaluate(() => document.querySelector('.card')!.innerHTML);
const text = (selector: string) => view.page.locator(`.card ${selector}`).allInnerTexts();
const count = (selector: string) => view.page.locator(`.card ${selector}`).count();

describe('Markdown', () => {
  it('headings fit under those of the panel and leave no level out', async () => {
    await open();
    await showCard('# A\n\n### B\n\n###### C\n\n## D\n\n# E\n\nF\n=\n\n####### G');
    const headings = await view.page.evaluate(() =>
      Array.from(document.querySelectorAll('.card :is(h1, h2, h3, h4, h5, h6)'), (node) => [
        node.tagName,
        node.textContent,
      ]),
    );
    expect(headings).toEqual([
      ['H3', 'A'],
      ['H4', 'B'],
      ['H5', 'C'],
      ['H4', 'D'],
      ['H3', 'E'],
      ['H3', 'F'],
    ]);
  });

  it('a table is a table, with its sides', async () => {
    await open();
    await showCard(ALL);
    expect(await text('thead :is(th, td)')).toEqual(['text', 'bits a byte', '', 'source']);
    // An empty header heads nothing.
    expect(await text('th')).toEqual(['text', 'bits a byte', 'source']);
    expect(await text('tbody td')).toEqual([
      'tales & songs',
      '2.05',
      '✓',
      'media/sample/story.md',
      'a | b',
      '2.43',
      '',
      'config (config.json)',
    ]);
    const sides = await view.page.evaluate(() =>
      Array.from(
        document.querySelectorAll('.card tbody tr:first-child td'),
        (cell) => getComputedStyle(cell).textAlign,
      ),
    );
    expect(sides).toEqual(['left', 'right', 'left', 'left']);
    expect(await html()).not.toContain('style=');
  });

  it('lists, quotes, code, emphasis and metadata are what they are', async () => {
    await open();
    await showCard(ALL);
    expect(await text('> pre')).toEqual(['license: mit', 'if x < 1:\n    print("<b>")']);
    expect(await text('> ol > li > .marker')).toEqual(['1.', '2.']);
    expect(await text('ol ul > li > .marker')).toEqual(['•']);
    expect(await text('ol ul p')).toEqual(['inner', 'second paragraph']);
    expect(await text('blockquote')).toEqual(['Quoted twice']);
    expect([await text('em'), await text('strong'), await text('s')]).toEqual([['small'], ['voters'], ['facts']]);
    expect(await text('p code')).toEqual(['attention']);
    expect(await count('hr')).toBe(1);
    expect(await text('> p:last-child')).toEqual(['Line\nbreak']);
  });

  it('the starter model’s own card shows no source', async () => {
    await open();
    await showCard(STARTER);
    expect(await count('table')).toBe(2);
    expect(await text('h3')).toEqual(['The starter model']);
    expect(await count('h4')).toBe(6);
    expect(await view.page.innerText('.card')).not.toMatch(/^\s*[|#`]|---/m);
  });

  it('the card of another model takes its place', async () => {
    await open();
    await showCard(ALL);
    await showCard('Only this.');
    expect(await view.page.innerText('.card')).toBe('Only this.');
    await showOverview(view.page, overview({ card: null }));
    expect(await view.page.innerText('.card')).toBe('There is no card.md in /models/starter.');
  });
});

describe('a stranger’s card', () => {
  it('HTML in it stays text', async () => {
    await open();
    await showCard(
      '<script>document.title = "run"</script>\n\n<b onclick="x()">bold</b> <iframe src="https://example.com"></iframe>\n\n' +
        '| a |\n| - |\n| <img src=x onerror=alert(1)> |\n\n<style>body { display: none }</style>\n\n<!-- hidden -->',
    );
    expect(await count(':is(script, b, iframe, img, style, [onclick], [onerror])')).toBe(0);
    const shown = await view.page.innerText('.card');
    for (const part of [
      '<script>document.title = "run"</script>',
      '<b onclick="x()">',
      '<img src=x onerror',
      '<style>',
    ]) {
      expect(shown).toContain(part);
    }
    expect(await view.page.title()).toBe('overview');
  });

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    '&#106;avascript:alert(1)',
    'javascript&colon;alert(1)',
    'vbscript:x',
    'data:text/html,<script>alert(1)</script>',
    'file:///etc/passwd',
    'command:workbench.action.quit',
    'vscode://some.extension/run',
    '//example.com/x',
    'mailto:someone@example.com',
    'notes/data.md',
    '#harbour',
  ])('a link to %s opens nothing and says where it would lead', async (address) => {
    await open();
    await showCard(`Before [the words](<${address}>) after, <${address}>`);
    expect(await count('a')).toBe(0);
    const shown = await view.page.innerText('.card');
    expect(shown).toMatch(/^Before .*the words.* after/);
    expect(shown).toMatch(/\(.+\)/);
    expect(await view.page.evaluate(() => document.querySelectorAll('.card [href], .card [src]').length)).toBe(0);
  });

  it('an address that nothing opens stands there once', async () => {
    await open();
    await showCard('ftp://example.com/x and //example.com/y');
    expect(await view.page.innerText('.card')).toBe('ftp://example.com/x and //example.com/y');
  });

  it('links to the web are links that say where they lead, for VS Code to ask about', async () => {
    await open();
    await showCard(`${ALL}\n\nAsk <someone@example.com>; read index.md.`);
    const links = await view.page.evaluate(() =>
      Array.from(document.querySelectorAll<HTMLAnchorElement>('.card a'), ({ href, title }) => [href, title]),
    );
    const addresses = ['https://example.com/paper', 'https://example.com/data?a=1&b=2', 'https://example.com/more'];
    expect(links).toEqual(addresses.map((address) => [address, address]));
    expect(await view.page.innerText('.card')).toContain('Ask someone@example.com; read index.md.');
    // Nothing but the message: what reaches the window, VS Code opens by itself.
    await view.page.evaluate(() => {
      window.addEventListener('click', () => {
        throw new Error('The click reached the window.');
      });
    });
    await view.page.click('.card a >> nth=1');
    await view.page.locator('.card a').first().focus();
    await view.page.keyboard.press('Enter');
    expect(await sent('open')).toEqual([
      { type: 'open', address: addresses[1] },
      { type: 'open', address: addresses[0] },
    ]);
  });

  it('in an exported panel a link is opened in the same way', async () => {
    await open();
    await showCard(ALL);
    const exported = await exportText(view, 'json', about('overview', 'Model Overview'));
    await open({ exported });
    await view.page.click('.card a >> nth=0');
    expect(await sent('open')).toEqual([{ type: 'open', address: 'https://example.com/paper' }]);
  });

  it('pictures are not fetched: their words stand there', async () => {
    await open();
    await showCard(
      '![A *curve*](https://example.com/c.png) and ![](loss.png) and [![badge](https://e.org/b.svg)](https://e.org)',
    );
    expect(await view.page.innerText('.card')).toBe('[Picture: A curve] and [Picture: loss.png] and [Picture: badge]');
    expect(await count('img')).toBe(0);
    expect(await view.page.getAttribute('.card a', 'href')).toBe('https://e.org');
  });

  it.each([
    ['quotes', '>'],
    ['lists', '1. '],
    ['brackets', '['],
    ['pictures', '!['],
    ['emphasis', '*a **b'],
    ['cells', '|a'],
  ])('64 KiB of nothing but %s are drawn', async (_, part) => {
    await open();
    const card = part.repeat(65536 / part.length);
    await showCard(part === '|a' ? `${card.slice(0, 8000)}|\n${'|-'.repeat(4000)}|\n${'|b|\n'.repeat(5000)}` : card);
    expect(await html()).not.toBe('');
  });
});

describe('a wide table', () => {
  const columns = Array.from({ length: 14 }, (_, i) => `\`column_${i}\``);
  const WIDE = `# Figures\n\n| ${columns.join(' | ')} |\n${'| - '.repeat(14)}|\n| ${columns.join(' | ')} |\n\n| a |\n| - |\n| b |\n`;

  it('scrolls inside itself, by keyboard too; a narrow one is no stop on the way', async () => {
    await open();
    await showCard(WIDE);
    const group = view.page.getByRole('group', { name: 'Table: Figures' });
    await group.waitFor();
    expect(await count('.wide')).toBe(2);
    expect(await count('.wide[tabindex]')).toBe(1);
    expect(await view.page.evaluate(() => document.querySelector('aside')!.scrollWidth)).toBe(
      await view.page.evaluate(() => document.querySelector('aside')!.clientWidth),
    );
    await group.focus();
    await view.page.keyboard.press('ArrowRight');
    await expect.poll(() => group.evaluate((node) => node.scrollLeft)).toBeGreaterThan(0);
    expect(await view.audit()).toEqual([]);
  });

  it('is a stop only while it does not fit', async () => {
    await open({ width: 700 });
    await showCard(STARTER);
    await view.page.setViewportSize({ width: 340, height: 700 });
    await expect.poll(() => count('.wide[tabindex="0"]')).toBeGreaterThan(0);
    await view.page.setViewportSize({ width: 1900, height: 700 });
    await expect.poll(() => count('.wide[tabindex]')).toBe(0);
    expect(await view.page.getByRole('group', { name: /^Table/ }).count()).toBe(0);
  });
});

it('is in the exported picture with its markers and figures', async () => {
  await open({ height: 2600 });
  await showCard(`${ALL}\n\n${STARTER}`);
  const svg = await exportText(view, 'svg', about('overview', 'Model Overview'));
  for (const part of [
    'Harbour',
    '>•<',
    '>2.<',
    '>2.05<',
    'media/sample/story.md',
    'The starter model',
    '>1,632,523<',
  ]) {
    expect(svg).toContain(part);
  }
});

describe.each(THEME_NAMES)('in %s', (theme) => {
  it('is accessible', async () => {
    await open({ theme, height: 1500 });
    await showCard(ALL);
    await view.screenshot(`overview-card-${theme}`);
    expect(await view.audit()).toEqual([]);
    await showCard(STARTER);
    await view.screenshot(`overview-card-starter-${theme}`);
    expect(await view.audit()).toEqual([]);
  });
});
