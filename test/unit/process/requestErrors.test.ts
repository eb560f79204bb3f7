/** @file Every kind of error has its code, and its message stays one line. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { FileSystemError } from '../../../model/files/fileSystemError';
import { FolderLockedError } from '../../../model/checkpoint/lock';
import { ModelFolderError } from '../../../model/checkpoint/modelFolder';
import { SafetensorsError } from '../../../model/checkpoint/safetensors';
import { StatisticsError } from '../../../model/checkpoint/statisticsFile';
import { VoterNotesError } from '../../../model/checkpoint/voterNotes';
import { InspectionError } from '../../../model/inspection/documentChunk';
import { VoterChangeError } from '../../../model/inspection/lesions';
import { ConceptError } from '../../../model/inspection/specialization/conceptError';
import { ConfigError } from '../../../model/network/config';
import { RequestError, responseError } from '../../../model/process/requestErrors';
import { ErrorCode } from '../../../model/measures/errorCodes';
import { RuntimeMissingError } from '../../../model/runtime/onnxRuntime';
import { DeviceError } from '../../../model/runtime/onnxSession';
import { CorpusError } from '../../../model/text/corpus';
import { TrainingError } from '../../../model/training/errors';

afterEach(() => {
  vi.restoreAllMocks();
});

describe('the answer to a failed request', () => {
  it.each([
    [new RequestError(ErrorCode.noModel, 'x.'), ErrorCode.noModel],
    [new ModelFolderError('x.'), ErrorCode.badModel],
    [new ConfigError('x.'), ErrorCode.badModel],
    [new SafetensorsError('x.'), ErrorCode.badModel],
    [new TrainingError('diverged', 'x.'), ErrorCode.diverged],
    [new TrainingError('corpus', 'x.'), ErrorCode.emptyCorpus],
    [new TrainingError('folder', 'x.'), ErrorCode.badModel],
    [new TrainingError('settings', 'x.'), ErrorCode.badRequest],
    [new CorpusError('x.'), ErrorCode.emptyCorpus],
    [new InspectionError('x.'), ErrorCode.emptyDocument],
    [new VoterChangeError('x.'), ErrorCode.badRequest],
    [new StatisticsError('x.'), ErrorCode.badRequest],
    [new ConceptError('x.'), ErrorCode.badRequest],
    [new VoterNotesError('file', 'x.'), ErrorCode.badModel],
    [new VoterNotesError('request', 'x.'), ErrorCode.badRequest],
    [new FileSystemError('x.', 'ENOSPC'), ErrorCode.fileSystem],
    [new FolderLockedError('x.'), ErrorCode.badRequest],
    [new DeviceError('x.'), ErrorCode.runtime],
    [new RuntimeMissingError('x.'), ErrorCode.runtime],
  ])('%o has code %i and its own sentence', (error, code) => {
    expect(responseError(error)).toMatchObject({ code, message: 'x.' });
  });

  it('is a cancellation where its signal was aborted', () => {
    const controller = new AbortController();
    controller.abort();
    expect(responseError(controller.signal.reason)).toMatchObject({ code: ErrorCode.cancelled });
  });

  it('says of anything else that it is a defect, on one line, with the stack in the log', () => {
    const log = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const error = new TypeError('x is not\n  a function');
    expect(responseError(error)).toMatchObject({
      code: ErrorCode.internal,
      message: 'The model process met a defect of its own: x is not a function',
    });
    expect(log).toHaveBeenCalledWith(`${error.stack!}\n`);
  });
});
