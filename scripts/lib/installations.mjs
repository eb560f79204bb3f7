/** @file Tools that tests need, each installed once and ahead of its use: where one fails, what needs it fails, and all else still runs. */

/** Installations that have begun. */
export class Installations {
  #begun = new Map();
  #variables;
  #environment;

  /**
   * @param {ReadonlyMap<() => Promise<unknown>, string>} variables the variable in which tests find a tool's path
   * @param {Record<string, string | undefined>} [environment] in which the variable is set, once the tool is there
   */
  constructor(variables, environment = process.env) {
    this.#variables = variables;
    this.#environment = environment;
  }

  /**
   * Begins an installation, unless it has begun.
   * @param {() => Promise<unknown>} ensure
   * @returns {Promise<void>} its end; why it failed is said, never thrown
   */
  begin(ensure) {
    if (!this.#begun.has(ensure)) this.#begun.set(ensure, this.#install(ensure));
    return this.#begun.get(ensure);
  }

  async #install(ensure) {
    try {
      const found = await ensure();
      const variable = this.#variables.get(ensure);
      if (variable !== undefined) this.#environment[variable] = found;
    } catch (error) {
      console.error(error.message);
    }
  }
}
