/** @file Every command: its name after `smuggler.`, what it takes, and what it does. package.json gives each its title and when it is enabled. */
import { EXPERIMENT_NAMES } from '../../model/measures/experimentText';
import type { TextCauses } from '../editor/textCauses';
import { COLOUR_MEASURE_NAMES, isColourChoice } from '../editor/textColoursScale';
import type { Command } from './argument';
import {
  either,
  fields,
  isBoolean,
  isNumber,
  isText,
  isTexts,
  oneOf,
  optional,
  orNull,
  plain,
  taking,
} from './argument';
import type { ColourCommands } from './colourCommands';
import type { ChooseVotersArguments, ComparedVotersCommands, CompareVotersArguments } from './comparedVotersCommands';
import type { CompareArguments, ComparisonCommand } from './comparisonCommand';
import type { DeviceCommands } from './deviceCommands';
import type { ExperimentArguments, ExperimentCommands } from './experimentCommands';
import type { ExportCommands, ExportPanelArguments } from './exportCommands';
import type { ExportModelArguments, ExportModelCommand } from './exportModelCommand';
import type { ModelCommands } from './modelCommands';
import type { MonitorCommands, RunArguments } from './monitorCommands';
import type { TimingsCommand } from './timingsCommand';
import type { ResumeArguments, TrainArguments, TrainingCommands } from './trainingCommands';
import type { VoterArguments } from './selectedVoter';
import type { ShowArguments, ViewCommands } from './viewCommands';
import type { SilenceArguments, VoterCommands } from './voterCommands';

/** What the commands act on. */
export interface CommandTargets {
  readonly training: TrainingCommands;
  readonly devices: DeviceCommands;
  readonly models: ModelCommands;
  readonly modelExport: ExportModelCommand;
  readonly views: ViewCommands;
  readonly monitor: MonitorCommands;
  readonly experiments: ExperimentCommands;
  readonly comparison: ComparisonCommand;
  readonly comparedVoters: ComparedVotersCommands;
  readonly causes: Pick<TextCauses, 'show'>;
  readonly colours: ColourCommands;
  readonly voters: VoterCommands;
  readonly panelExport: ExportCommands;
  readonly timings: TimingsCommand;
  readonly log: { show(): void };
}

const isTrainArguments = fields<TrainArguments>({
  text: isTexts,
  out: isText,
  preset: isText,
  steps: optional(isNumber),
  seconds: optional(isNumber),
  seed: optional(isNumber),
});
const isResumeArguments = fields<ResumeArguments>({
  out: isText,
  text: optional(isTexts),
  steps: optional(isNumber),
});
const isShowArguments = fields<ShowArguments>({ offset: optional(isNumber) });
const isRunArguments = fields<RunArguments>({ folder: isText });
const isExperimentArguments = fields<ExperimentArguments>({
  experiment: oneOf(...EXPERIMENT_NAMES),
  quick: isBoolean,
  text: isTexts,
  out: isText,
  seeds: optional(orNull(isNumber)),
});
const isCompareArguments = fields<CompareArguments>({ folder: orNull(isText), file: optional(isText) });
const isCompareVotersArguments = fields<CompareVotersArguments>({ a: optional(isText), b: optional(isText) });
const isChooseVotersArguments = fields<ChooseVotersArguments>({
  voters: optional(isText),
  open: optional(isText),
  keep: optional(isText),
});
const isVoterArguments = fields<VoterArguments>({ bit: isNumber, voter: isNumber, offset: optional(isNumber) });
const isSilenceArguments = fields<SilenceArguments>({ voters: optional(isText) });
const isExportModelArguments = fields<Partial<ExportModelArguments>>({
  format: optional(oneOf('onnx', 'float32', 'float16')),
  place: optional(isText),
});
const isExportPanelArguments = fields<Partial<ExportPanelArguments>>({
  panel: optional(isText),
  format: optional(oneOf('svg', 'png', 'csv', 'json', 'html')),
  file: optional(isText),
});
const isColourArgument = either(oneOf('off', ...COLOUR_MEASURE_NAMES), isColourChoice);

const PLACE = '{ offset } with the byte offset of a chunk';
const VOTER = '{ bit, voter, offset }';

export function commandTable({
  training,
  devices,
  models,
  modelExport,
  views,
  monitor,
  experiments,
  comparison,
  comparedVoters,
  causes,
  colours,
  voters,
  panelExport,
  timings,
  log,
}: CommandTargets) {
  return {
    trainModel: taking('{ text, out, preset, steps, seconds, seed }', isTrainArguments, (given) =>
      training.train(given),
    ),
    resumeTraining: taking('{ out, text, steps }', isResumeArguments, (given) => training.resume(given)),
    stopTraining: plain(() => {
      training.stop();
    }),
    loadModel: taking('the path of a folder', isText, (folder) => models.load(folder)),
    unloadModel: plain(() => models.unload()),
    reload: plain(() => models.reload()),
    exportModel: taking('{ format, place }', isExportModelArguments, (given) => modelExport.run(given)),
    chooseDevice: taking('the name of a device', isText, (device) => devices.choose(device)),

    openVotes: taking(PLACE, isShowArguments, (given) => views.openVotes(given)),
    showSurprise: plain(() => views.showSurprise()),
    openHeatmap: taking(PLACE, isShowArguments, (given) => {
      views.openHeatmap(given);
    }),
    openSpecialization: taking(PLACE, isShowArguments, (given) => views.openSpecialization(given)),
    findVoters: plain(() => views.findVoters()),
    openOverview: plain(() => {
      views.openOverview();
    }),
    openAttention: taking(PLACE, isShowArguments, (given) => {
      views.openAttention(given);
    }),
    openDepthLens: taking(PLACE, isShowArguments, (given) => {
      views.openDepthLens(given);
    }),
    openTrainingMonitor: plain(() => {
      monitor.open();
    }),
    addTrainingRun: taking('{ folder }', isRunArguments, (given) => monitor.add(given)),
    runExperiment: taking('{ experiment, quick, text, out, seeds }', isExperimentArguments, (given) =>
      experiments.run(given),
    ),
    cancelExperiment: plain(() => {
      experiments.cancel();
    }),
    openExperiments: plain(() => {
      experiments.open();
    }),
    compareWithModel: taking('{ folder, file }', isCompareArguments, (given) => comparison.compare(given)),
    compareVoterChanges: taking('{ a, b } with voters', isCompareVotersArguments, (given) =>
      comparedVoters.compare(given),
    ),
    keepVotersAsA: plain(() => comparedVoters.keepAsA()),
    keepVotersAsB: plain(() => comparedVoters.keepAsB()),
    chooseVotersOfA: taking('{ voters, open, keep }', isChooseVotersArguments, (given) =>
      comparedVoters.chooseOfA(given),
    ),
    chooseVotersOfB: taking('{ voters, open, keep }', isChooseVotersArguments, (given) =>
      comparedVoters.chooseOfB(given),
    ),
    exportPanel: taking('{ panel, format, file }', isExportPanelArguments, (given) => panelExport.exportPanel(given)),
    openExportedPanel: taking('the path of a file', isText, (file) => panelExport.openExported(file)),

    colourTextBy: taking("'off', the name of a measure or { name: 'vote', bit, voter }", isColourArgument, (given) =>
      colours.colourTextBy(given),
    ),
    showCauses: taking(
      "'off', 'occlusion', 'gradient' or 'integrated'",
      oneOf('off', 'occlusion', 'gradient', 'integrated'),
      (given) => causes.show(given),
    ),
    silenceVoters: taking('{ voters }', isSilenceArguments, (given) => voters.silence(given)),
    clearSilencedVoters: plain(() => {
      voters.clear();
    }),
    silenceVoter: taking(VOTER, isVoterArguments, (given) => voters.silenceVoter(given)),
    holdVoterAtOne: taking(VOTER, isVoterArguments, (given) => voters.holdVoterAtOne(given)),
    holdVoterAtZero: taking(VOTER, isVoterArguments, (given) => voters.holdVoterAtZero(given)),
    restoreVoter: taking(VOTER, isVoterArguments, (given) => voters.restoreVoter(given)),
    openDashboard: taking(VOTER, isVoterArguments, (given) => views.openDashboard(given)),
    colourTextByVoter: taking(VOTER, isVoterArguments, (given) => colours.colourTextByVoter(given)),
    pinChunk: taking(PLACE, isShowArguments, (given) => voters.pin(given)),
    unpinChunk: plain(() => {
      voters.unpin();
    }),
    toggleLock: plain(() => {
      views.toggleLock();
    }),
    toggleMemory: taking("'off', 'document' or 'workspace'", oneOf('off', 'document', 'workspace'), (given) =>
      views.toggleMemory(given),
    ),
    toggleInlineCompletions: plain(() => views.toggleInlineCompletions()),

    showTimings: plain(() => timings.show()),
    showLog: plain(() => {
      log.show();
    }),
  } satisfies Record<string, Command>;
}
