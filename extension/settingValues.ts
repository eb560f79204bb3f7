/** @file Values of settings as package.json declares them: VS Code underlines one that is not, but hands it over all the same. No `vscode`. */
import { contributes } from '../package.json';
import { visibleText } from '../model/measures/visibleText';

/** Every setting's type, default, bounds and choices, by its whole name. */
const DECLARED = contributes.configuration.properties;

export type SettingName = keyof typeof DECLARED;
export type SettingValue<Name extends SettingName> = (typeof DECLARED)[Name]['default'];

export const SETTING_NAMES = Object.keys(DECLARED) as readonly SettingName[];

export interface Fitted<Value> {
  readonly value: Value;
  /** Where it is not what was set: what is wrong and what is used, in one sentence for the user. */
  readonly problem: string | null;
}

/** Characters of a value that a sentence quotes. */
const QUOTED = 40;

/** Of a number the nearest that is allowed, of anything else that is not allowed the default. */
export function fitted<Name extends SettingName>(name: Name, set: unknown): Fitted<SettingValue<Name>> {
  const declared: {
    readonly type: string;
    readonly default: SettingValue<SettingName>;
    readonly minimum?: number;
    readonly maximum?: number;
    readonly enum?: readonly string[];
  } = DECLARED[name];
  const { type, default: usual, minimum = -Infinity, maximum = Infinity, enum: choices } = declared;
  const instead = (value: SettingValue<SettingName>, expected: string) => {
    const used = value === usual ? `${String(value)}, the default,` : String(value);
    const problem = `The setting ${name} is ${quoted(set)}, but must be ${expected}: ${used} is used.`;
    return { value: value as SettingValue<Name>, problem };
  };
  if (typeof usual === 'number') {
    const expected = `${type === 'integer' ? 'a whole number' : 'a number'} from ${minimum} to ${maximum}`;
    if (typeof set !== 'number' || Number.isNaN(set)) return instead(usual, expected);
    const nearest = Math.min(maximum, Math.max(minimum, type === 'integer' ? Math.round(set) : set));
    if (nearest !== set) return instead(nearest, expected);
  } else if (typeof set !== typeof usual) {
    return instead(usual, typeof usual === 'boolean' ? 'true or false' : 'a text');
  } else if (choices?.includes(set as string) === false) {
    return instead(usual, `one of ${choices.join(', ')}`);
  }
  return { value: set as SettingValue<Name>, problem: null };
}

/** As it stands in settings.json, in one line and not at length. */
function quoted(set: unknown): string {
  // Of what JSON cannot say (too large a number is read as infinite) the name.
  const text = visibleText(typeof set === 'number' ? String(set) : JSON.stringify(set));
  return text.length <= QUOTED ? text : `${text.slice(0, QUOTED)}…`;
}
