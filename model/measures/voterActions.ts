/** @file What can be done with the voter that is pointed at: a row per action, for the buttons of every panel and the menu that VS Code shows there. */
import type { VoterCommand } from '../protocol/panels/voterActions';

/** `label` names the button, `hint` says what it does; the command gets a `VoterAtChunk`. */
export const VOTER_ACTIONS = [
  { command: 'smuggler.silenceVoter', label: 'Silence', hint: 'Leave this voter out of its bit' },
  { command: 'smuggler.holdVoterAtOne', label: 'Hold at 1', hint: 'Let this voter vote 1 everywhere' },
  { command: 'smuggler.holdVoterAtZero', label: 'Hold at 0', hint: 'Let this voter vote 0 everywhere' },
  { command: 'smuggler.restoreVoter', label: 'Restore', hint: 'Let this voter vote by itself again' },
  { command: 'smuggler.pinChunk', label: 'Pin', hint: 'Keep this chunk, to compare others with it' },
  { command: 'smuggler.openDashboard', label: 'Show in Map', hint: 'Show what this voter votes for' },
  {
    command: 'smuggler.colourTextByVoter',
    label: 'Colour Text By This Voter',
    hint: 'Colour the text by the vote of this voter',
  },
] as const satisfies readonly { command: VoterCommand; label: string; hint: string }[];

/** True for a command that a page may run for a voter; the page is not trusted to send another. */
export function isVoterCommand(command: unknown): command is VoterCommand {
  return VOTER_ACTIONS.some((action) => action.command === command);
}

/** What `webviewSection` is where the menu of VS Code opens on a voter. */
export const VOTER_SECTION = 'voter';
