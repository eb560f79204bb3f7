/** @file One browser and one build for the tests of a file or a group; what a test opened is closed after it, and must have had no errors. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { WebviewMessage } from '../../model/protocol/panels/messages';
import type { PageName, Panels } from '../../model/protocol/panels/panels';
import type { OpenOptions, OpenView } from './harness';
import { Harness } from './harness';
import type { ThemeName } from './themes';

type Sent<T extends WebviewMessage['type']> = Extract<WebviewMessage, { readonly type: T }>;
type Ask<P extends PageName> = Panels[P]['ask'];
type AskKind<P extends PageName> = Extract<Ask<P>, { readonly kind: string }>['kind'];

export interface UsedView<P extends PageName> {
  readonly harness: () => Harness;
  /** Opens a view: dark and of the usual size, unless told otherwise. */
  readonly open: (options?: Partial<OpenOptions>) => Promise<OpenView>;
  /** The view that the test opened last. */
  readonly view: OpenView;
  /** What its page sent of a type, oldest first. */
  readonly sent: <T extends WebviewMessage['type']>(type: T) => Promise<Sent<T>[]>;
  /** What its page asked the panel's host for, oldest first. */
  readonly asked: () => Promise<Ask<P>[]>;
  /** Of one kind. */
  readonly askedFor: <K extends AskKind<P>>(kind: K) => Promise<Extract<Ask<P>, { readonly kind: K }>[]>;
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
export function useView<P extends PageName>(name: P, size: Pick<OpenOptions, 'width' | 'height'>): UsedView<P> {
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
  const view = new LastView(views);
  const asked = (): Promise<Ask<P>[]> => view.page.evaluate(() => window.fake.asked<P>());
  return {
    harness: started,
    view,
    sent: async <T extends WebviewMessage['type']>(type: T) => {
      const messages = await view.page.evaluate((name) => window.fake.of(name), type);
      return messages.filter((message): message is Sent<T> => message.type === type);
    },
    asked,
    askedFor: async <K extends AskKind<P>>(kind: K) => {
      const asks = await asked();
      return asks.filter(
        (ask): ask is Extract<Ask<P>, { readonly kind: K }> => typeof ask === 'object' && ask.kind === kind,
      );
    },
    open: async (options) => {
      const view = await started().open({ theme: 'dark', ...size, ...options });
      views.push(view);
      return view;
    },
  };
}
