/** @file The texts that the Specialization panel looks at: what the model process is told of them, and what users know them by. */
import * as vscode from 'vscode';
import type { DocumentRef } from '../../../model/protocol/documents';
import type { MapScope } from '../../../model/protocol/panels/specialization';
import type { VoterSources } from '../../../model/protocol/voterAnalyses';
import { excludedPatterns, readSettings } from '../../configuration';
import { documentName, fileName } from '../../editor/documentName';
import { diskFolders } from '../../workspaceFolders';

/** The workspace's folders; none where it is not trusted. */
export function workspacePaths(): string[] {
  if (!vscode.workspace.isTrusted) return [];
  return diskFolders().map(({ uri }) => uri.fsPath);
}

/** A document's URI, or a file's path, as VS Code names it. */
export function uriOf(name: string): vscode.Uri {
  return /^[a-z][a-z0-9+.-]+:/i.test(name) && !/^[a-z]:[\\/]/i.test(name)
    ? vscode.Uri.parse(name)
    : vscode.Uri.file(name);
}

/** A document or a file for users, by its URI or path. */
export function label(name: string): string {
  return fileName(uriOf(name));
}

/** @param maxChunks that are looked at, at most */
export function sourcesOf(
  document: vscode.TextDocument,
  ref: DocumentRef,
  scope: MapScope,
  maxChunks: number,
): VoterSources {
  return {
    documents: [{ ...ref, languageId: document.languageId }],
    paths: scope === 'workspace' ? workspacePaths() : [],
    exclude: excludedPatterns(),
    maxFileBytes: readSettings().trainingMaxFileKilobytes * 1024,
    maxChunks,
  };
}

/** @param texts how many they are, where that is known */
export function measuredOn(document: vscode.TextDocument, scope: MapScope, texts?: number): string {
  const name = documentName(document);
  if (scope === 'text') return name;
  return texts === undefined ? `${name} and the workspace` : `${name} and the workspace (${texts} texts)`;
}
