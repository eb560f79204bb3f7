/** @file One browser and one build for the tests of a file or a group; what a test opened is closed after it, and must have had no errors. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { OpenOptions, OpenView, ViewName } from './harness';
import { Harness } from './harness';
import type { ThemeName } from './themes';

export interface UsedView {
  readonly harness: () => Harness;
  /** Opens a view: dark and of the usual size, unless told otherwise. */
  readonly open: (options?: Partial<OpenOptions>) => Promise<OpenView>;
  /** The view that the test opened last. */
  readonly view: OpenView;
}

/** The last one of views that come and go. */
class LastView implements OpenView {
  constructor(private readonly views: readonly OpenView[]) {}

  get #last(): OpenView {
    const last = this.views.at(-1);
    if (last === undefined) throw new Error('No view is open.');
    return last;
  }

  get page(): Page {
    return this.#last.page;
  }

  errors(): Promise<string[]> {
    return this.#last.errors();
  }

  setTheme(theme: ThemeName): Promise<void> {
    return this.#last.setTheme(theme);
  }

  screenshot(name: string): Promise<void> {
    return this.#last.screenshot(name);
  }

  audit(): Promise<string[]> {
    return this.#last.audit();
  }

  close(): Promise<void> {
    return this.#last.close();
  }
}

/** To be called where the tests are described; what it returns is used inside them. */
export function useView(name: ViewName, size: Pick<OpenOptions, 'width' | 'height'>): UsedView {
  let harness: Harness | undefined;
  const views: OpenView[] = [];
  const started = (): Harness => {
    if (harness === undefined) throw new Error('The harness has not started.');
    return harness;
  };
  beforeAll(async () => {
    harness = await Harness.start(name);
  });
  afterAll(async () => {
    await harness?.stop();
  });
  afterEach(async () => {
    const opened = views.splice(0);
    const errors = (await Promise.all(opened.map((view) => view.errors()))).flat();
    await Promise.all(opened.map((view) => view.close()));
    expect(errors).toEqual([]);
  });
  return {
    harness: started,
    open: async (options) => {
      const view = await started().open({ theme: 'dark', ...size, ...options });
      views.push(view);
      return view;
    },
    view: new LastView(views),
  };
}
