/** @file The extension, read top-down: what it offers, in the order in which a user meets it. */
import * as vscode from 'vscode';
import type { InspectorApi } from './api';
import { VoterNaming } from './modelProcess/voterNaming';
import { ColourCommands } from './commands/colourCommands';
import { commandTable } from './commands/commandTable';
import { DeviceCommands } from './commands/deviceCommands';
import { ExperimentCommands } from './commands/experimentCommands';
import { ExportCommands } from './commands/exportCommands';
import { ExportModelCommand } from './commands/exportModelCommand';
import { ComparedVotersCommands } from './commands/comparedVotersCommands';
import { ComparisonCommand } from './commands/comparisonCommand';
import { ModelCommands } from './commands/modelCommands';
import { MonitorCommands } from './commands/monitorCommands';
import { TimingsCommand } from './commands/timingsCommand';
import { TrainingCommands } from './commands/trainingCommands';
import { registerCommands } from './commands/register';
import { reportFailure } from './commands/report';
import { ViewCommands } from './commands/viewCommands';
import { VoterCommands } from './commands/voterCommands';
import { SECTION, setContext } from './configuration';
import { ModelCompletions } from './editor/completions';
import { DocumentMemory } from './editor/documentMemory';
import { DocumentSettings } from './editor/documentSettings';
import { FirstColours } from './editor/firstColours';
import { VotesHover } from './editor/hover';
import { Pin } from './editor/pinnedChunk';
import { SelectionService } from './editor/selectionService';
import { SilencedVoters } from './editor/silencedVoters';
import { StatusBar } from './editor/statusBar';
import { TextCauses } from './editor/textCauses';
import { TextMemoryPlaces } from './editor/textMemoryPlaces';
import { TextColours } from './editor/textColours';
import { installationOf } from './installation';
import { readModelFiles, startModels } from './models';
import { SettingWarnings } from './settingWarnings';
import { ExportablePanels } from './panels/frame/exportablePanels';
import type { PanelServices } from './panels/frame/exportablePanels';
import { ExportedPanels } from './panels/export/exportedPanels';
import { attentionPanel } from './panels/attention/attentionPanel';
import { VoterSets } from './panels/comparison/comparedVoters';
import { comparisonPanel } from './panels/comparison/comparisonPanel';
import { ComparisonSubjects } from './panels/comparison/comparisonSubject';
import { experimentsPanel } from './panels/experiments/experimentsPanel';
import { heatmapPanel } from './panels/heatmap/heatmapPanel';
import { ShownFace } from './panels/specialization/shownFace';
import { specializationPanel } from './panels/specialization/specializationPanel';
import { depthLensPanel } from './panels/depthLens/depthLensPanel';
import { overviewPanel } from './panels/overview/overviewPanel';
import { trainingMonitorPanel } from './panels/trainingMonitor/trainingMonitorPanel';
import { TrainingMonitorService } from './panels/trainingMonitor/trainingMonitorService';
import { watchSurprisingWords } from './panels/votes/surprisingWords';
import { votesView } from './panels/votes/votesView';

/** Documents of every scheme; the providers leave out those that are no text. */
const EVERY_DOCUMENT: vscode.DocumentSelector = { pattern: '**' };

export async function activate(context: vscode.ExtensionContext): Promise<InspectorApi> {
  const start = performance.now();
  const installation = installationOf(context);
  const files = await readModelFiles(installation);
  // Nothing below waits, so this is the extension's own: while files were read, other extensions may have run.
  const processor = process.cpuUsage();
  const { own, keep, log, timings } = installation;
  keep(new SettingWarnings(log));
  const { models, client, texts, memory, devices, training, statistics, experiments, pids } = startModels(
    installation,
    files,
  );

  // In the text: hover, ghost text, the selected chunk, the status bar.
  const selection = keep(new SelectionService(texts, context.workspaceState));
  keep(
    models.onDidChange((state) => {
      if (state.kind === 'ready') selection.fitTo(state.model.votersPerBit);
    }),
  );
  const voters = keep(new SilencedVoters(models));
  const documentMemory = keep(new DocumentMemory({ models, client, selection, log }));
  const causes = keep(new TextCauses({ models, client, texts, selection, voters }, context.workspaceState, log));
  const exports = new ExportablePanels();
  const services: PanelServices = {
    extensionUri: context.extensionUri,
    models,
    client,
    texts,
    selection,
    voters,
    documentMemory,
    causes,
    naming: keep(new VoterNaming(client, models)),
    timings,
    exports,
  };
  const memoryPlaces = keep(new TextMemoryPlaces(services, log));
  const settings = keep(new DocumentSettings());
  keep(vscode.languages.registerHoverProvider(EVERY_DOCUMENT, new VotesHover(services, settings, log)));
  const completions = new ModelCompletions(services, settings, log);
  keep(vscode.languages.registerInlineCompletionItemProvider(EVERY_DOCUMENT, completions));
  keep(
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(`${SECTION}.completions`)) completions.forget();
    }),
  );
  const colours = keep(new TextColours(services, context.workspaceState, log));
  keep(new FirstColours({ models, colours, memory: context.globalState }));
  const statusBar = keep(new StatusBar(models, training, selection, voters, documentMemory, colours, timings));

  // Panels: the votes for the chunk under the caret, the heatmap of the document.
  const pin = keep(new Pin());
  const votes = keep(votesView(services, pin));
  keep(watchSurprisingWords(colours, votes));
  const heatmap = keep(heatmapPanel(services));
  const overview = keep(overviewPanel(services));
  const depthLens = keep(depthLensPanel(services));
  const attention = keep(attentionPanel(services));
  const compared = keep(new ComparisonSubjects(context.workspaceState));
  const comparison = keep(comparisonPanel(services, compared));
  const face = keep(new ShownFace(context.workspaceState));
  const specialization = keep(specializationPanel(services, statistics, face));
  const monitor = keep(
    new TrainingMonitorService({ training, memento: context.workspaceState, recent: () => memory.recent }),
  );
  const monitorCounts = { drawn: 0 };
  const monitorPanel = keep(trainingMonitorPanel(services, monitor, monitorCounts));
  const experimentPanel = keep(experimentsPanel(services, experiments));

  // Commands.
  const { version } = context.extension.packageJSON as { readonly version: string };
  const exported = keep(
    new ExportedPanels(context.extensionUri, exports, (error) => {
      reportFailure(error, log);
    }),
  );
  const commands = commandTable({
    training: new TrainingCommands({
      models,
      client,
      training,
      devices,
      memory,
      log,
      sample: own('media', 'sample'),
      storage: context.globalStorageUri.fsPath,
    }),
    devices: new DeviceCommands(devices, log),
    models: new ModelCommands({ models, memory, log }),
    modelExport: new ExportModelCommand({ models, client, log }),
    views: new ViewCommands(
      services,
      { heatmap, specialization, overview, attention, depthLens },
      face,
      own('media', 'sample', 'story.md'),
      log,
    ),
    monitor: new MonitorCommands(monitor, monitorPanel, log),
    experiments: new ExperimentCommands({
      models,
      experiments,
      panel: experimentPanel,
      places: { sample: own('media', 'sample'), storage: context.globalStorageUri.fsPath },
      log,
    }),
    comparison: new ComparisonCommand({ services, memory, subjects: compared, panel: comparison, log }),
    comparedVoters: new ComparedVotersCommands({
      services,
      subjects: compared,
      sets: new VoterSets(context.workspaceState),
      panel: comparison,
      log,
    }),
    causes,
    colours: new ColourCommands(colours, services, log),
    voters: new VoterCommands({ services, pin, log }),
    panelExport: new ExportCommands({ exports, exported, extensionUri: context.extensionUri, version, log }),
    timings: keep(new TimingsCommand(timings, models, version)),
    log,
  });
  keep(registerCommands(commands, log));

  setContext('smuggler.engineMissing', models.engineProblem !== null);
  setContext('smuggler.activated', true);
  // Set by `npm start`: it says what to do first.
  if (process.env['SMUGGLER_WALKTHROUGH'] === '1') {
    void vscode.commands.executeCommand('workbench.action.openWalkthrough', `${context.extension.id}#start`, true);
  }
  timings.record('activation', performance.now() - start);
  const { user, system } = process.cpuUsage(processor);
  timings.record('activationProcessor', (user + system) / 1000);

  return {
    version: 1,
    state: () => {
      const { state } = models;
      return {
        model: state.kind === 'none' ? null : state.folder,
        checkpoint: state.kind === 'ready' ? state.model.checkpoint : null,
        status: state.kind,
        message: state.kind === 'none' || state.kind === 'error' ? state.message : null,
        statusBar: statusBar.text,
        selection: selection.selection,
        voterChanges: voters.changes,
        memory: {
          chosen: documentMemory.chosen,
          reading: selection.document === null ? null : documentMemory.of(selection.document),
          silenced: voters.memory,
          places: memoryPlaces.count,
        },
        pinned: pin.chunk?.offset ?? null,
        comparison: compared.summary,
        causes: causes.state,
        colours: colours.state,
        training:
          training.run === null ? null : { folder: training.run.folder, step: training.run.report?.step ?? null },
        monitor: { runs: monitor.summaries, ...monitorCounts },
        processes: pids(),
        experiment:
          experiments.run === null
            ? null
            : { folder: experiments.run.params.out, done: experiments.run.progress?.done ?? null },
      };
    },
    timings: () => timings.summary(),
  };
}
