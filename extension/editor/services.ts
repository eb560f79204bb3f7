/** @file What hover, completions, panels and commands need of the rest of the extension. */
import type * as vscode from 'vscode';
import type { ModelClient } from '../modelProcess/modelClient';
import type { ModelService } from '../modelProcess/modelService';
import type { VoterNaming } from '../modelProcess/voterNaming';
import type { Timings } from '../timings';
import type { DocumentTexts } from '../modelProcess/documentTexts';
import type { DocumentMemory } from './documentMemory';
import type { SelectionService } from './selectionService';
import type { TextCauses } from './textCauses';
import type { SilencedVoters } from './silencedVoters';

export interface Services {
  readonly extensionUri: vscode.Uri;
  readonly models: ModelService;
  readonly client: ModelClient;
  readonly texts: DocumentTexts;
  readonly selection: SelectionService;
  readonly voters: SilencedVoters;
  readonly documentMemory: DocumentMemory;
  readonly causes: TextCauses;
  readonly naming: VoterNaming;
  readonly timings: Timings;
}
