/** @file The command line, `smuggler`: what each subcommand takes, and how failures end. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Argument, Command, CommanderError, Option } from 'commander';
import type { CompleteFlags } from './commandLine/complete';
import type { DevicesFlags, PresetsFlags } from './commandLine/devices';
import type { EvaluateFlags } from './commandLine/evaluate';
import type { ExplainFlags } from './commandLine/explain';
import type { ExperimentFlags } from './commandLine/experiment';
import type { ExportFlags } from './commandLine/exportModel';
import type { ForwardFlags } from './commandLine/forward';
import type { InspectFlags } from './commandLine/inspect';
import {
  deviceOption,
  integer,
  jsonOption,
  memoryOption,
  positive,
  share,
  threadsOption,
  trainingDeviceOption,
} from './commandLine/options';
import type { ReplayFlags } from './commandLine/replay';
import type { ReportFlags } from './commandLine/report';
import { ExitCode, isUsageError, Terminal } from './commandLine/terminal';
import type { TrainFlags } from './commandLine/train';
import { EXPERIMENTS } from './experiments/experiments';
import { OFFERED_BYTES } from './measures/caretText';
import { sentence } from './process/sentence';
import type { ExperimentName } from './protocol/experiments';
import { PRESETS } from './training/presets';

// ONNX Runtime reports to its vendor unless this is set before it loads. The subcommands are loaded when they are called, so that
// it is, and so that help and errors of usage come at once.
process.env['ORT_DISABLE_TELEMETRY'] = '1';

/** Room for any text that one would train on, and none for what a tool has dumped. */
const DEFAULT_FILE_BYTES = 64_000_000;

/** The folder that the program is in, a checkout or an installation. */
const PROGRAM = join(__dirname, '..');
/** The model that comes with the program; a build may have none. */
const STARTER = join(PROGRAM, 'media/starter');
/** The texts that come with the program. */
const SAMPLE = join(PROGRAM, 'media/sample');

/** The program; `end` receives the exit code of the subcommand that ran. */
function createProgram(terminal: Terminal, end: (code: number) => void): Command {
  const program = new Command('smuggler')
    .description('Train SMUGGLER language models, and see inside them.')
    .exitOverride()
    .showHelpAfterError('(see --help)');
  const modelOption = () => new Option('--model <dir>', 'model folder').makeOptionMandatory();
  const modelOrStarterOption = () =>
    existsSync(STARTER) ? modelOption().default(STARTER, 'the starter model') : modelOption();

  program
    .command('forward')
    .description('run the network on given windows and write every vote, weight and probability')
    .addOption(modelOption())
    .requiredOption('--bytes <file>', 'safetensors file with "bytes", u8 [batch, 4(T+1)]')
    .requiredOption('--out <file>', 'safetensors file to write')
    .option('--gradients', 'also write the gradient of the loss by each parameter')
    .addOption(deviceOption())
    .addOption(threadsOption())
    .action(async (flags: ForwardFlags) => {
      await (await import('./commandLine/forward')).forward(flags, terminal);
    });

  program
    .command('train')
    .description('train a model on text, or on given batches for comparison with another implementation')
    .option('--text <path...>', 'files and folders to train on')
    .requiredOption('--out <dir>', 'model folder to write')
    .addOption(
      new Option('--preset <name>', `${PRESETS.map(({ name }) => name).join(', ')}; "default" unless given`).choices(
        PRESETS.map(({ name }) => name),
      ),
    )
    .option('--config <file>', 'a config.json in place of a preset')
    .option('--init <dir>', "start from this model's weights and configuration")
    .option('--steps <n>', "steps in all; the preset's unless --seconds is given", integer(1))
    .option('--seconds <s>', 'seconds in all', positive())
    .option('--batch <b>', 'windows a step', integer(1))
    .option('--context <t>', "chunks a window; becomes the model's longest window", integer(1))
    .option('--learning-rate <x>', 'highest learning rate', positive())
    .option('--seed <n>', 'of the weights, of the windows and of what is held out', integer(0), 0)
    .option('--exclude <pattern...>', 'leave out files that match, beside what .gitignore names', [])
    .option('--max-file-bytes <n>', 'leave out larger files', integer(1), DEFAULT_FILE_BYTES)
    .option('--batches <file>', 'train on exactly these: safetensors file with "bytes", u8 [steps, batch, 4(T+1)]')
    .option('--constant-learning-rate <x>', 'with --batches: the learning rate of every step', positive(true))
    .option(
      '--clip-norm <c>',
      'with --batches: clip the gradient to this norm, 0 for never; 0.12 unless given',
      positive(true),
    )
    .option('--save-seconds <n>', 'between two saves while it trains; 0 saves after every step', positive(true))
    .option('--resume', 'go on with the training of --out where its last save left off')
    .addOption(trainingDeviceOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .action(async (flags: TrainFlags) => {
      end(await (await import('./commandLine/train')).trainModel(flags, terminal));
    });

  program
    .command('evaluate')
    .description('bits per byte of a model on files')
    .argument('<path...>', 'files and folders')
    .addOption(modelOrStarterOption())
    .option('--max-file-bytes <n>', 'leave out larger files', integer(1), Number.MAX_SAFE_INTEGER)
    .addOption(memoryOption('score each file'))
    .option(
      '--silence <voters>',
      'also score with these silenced: bit/voter, such as 3/17,3/0-15,*/7; 3/17=1 holds one',
    )
    .addOption(deviceOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .action(async (paths: string[], flags: EvaluateFlags) => {
      await (await import('./commandLine/evaluate')).evaluateFiles(paths, flags, terminal);
    });

  program
    .command('inspect')
    .description('a row a chunk: offset, text, surprise, voters, probabilities and real bits')
    .argument('<file>')
    .addOption(modelOrStarterOption())
    .addOption(memoryOption('score each chunk'))
    .addOption(deviceOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .action(async (file: string, flags: InspectFlags) => {
      await (await import('./commandLine/inspect')).inspectFile(file, flags, terminal);
    });

  program
    .command('explain')
    .description('why a chunk was as surprising as it was: in words, by its voters, and by the text before it')
    .argument('<file>')
    .requiredOption('--offset <n>', 'byte offset of the chunk', integer(0))
    .addOption(modelOrStarterOption())
    .addOption(
      new Option('--method <name>', 'how causes are found')
        .choices(['occlusion', 'gradient', 'integrated'])
        .default('occlusion'),
    )
    .addOption(
      new Option('--unit <name>', 'the pieces of the text before')
        .choices(['byte', 'chunk', 'word', 'line'])
        .default('chunk'),
    )
    .option('--byte <n>', 'explain one of its bytes', integer(0, 3))
    .option('--bit <n>', 'explain the p of one of its bits', integer(0, 31))
    .option('--voter <n>', 'with --bit: explain the score of one of its voters', integer(0))
    .option('--depth [text]', 'also what the voters would say behind each block, read by maps fitted on a text')
    .addOption(memoryOption('explain it'))
    .addOption(deviceOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .action(async (file: string, flags: ExplainFlags) => {
      await (await import('./commandLine/explain')).explainFile(file, flags, terminal, SAMPLE);
    });

  program
    .command('complete')
    .description('continue a text')
    .addOption(modelOrStarterOption())
    .option('--text <text>', 'the text to continue')
    .option('--file <file>', 'continue this file at --offset')
    .option('--offset <n>', 'byte offset in --file', integer(0))
    .option('--max-bytes <n>', 'longest continuation', integer(1), OFFERED_BYTES)
    .addOption(memoryOption('decide'))
    .addOption(deviceOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .action(async (flags: CompleteFlags) => {
      await (await import('./commandLine/complete')).completeText(flags, terminal);
    });

  program
    .command('replay')
    .description(
      'type files as if they were written now: characters that completions save, and how often they are right',
    )
    .argument('<path...>', 'files and folders that the model was not trained on')
    .addOption(modelOrStarterOption())
    .option('--characters <n>', 'of each language, in passages of 100 drawn at random', integer(1), 10_000)
    .option('--min-confidence <p>', 'offer nothing less probable', share, 0.4)
    .option('--max-bytes <n>', 'longest offer', integer(4), OFFERED_BYTES)
    .option('--max-file-bytes <n>', 'leave out larger files', integer(1), DEFAULT_FILE_BYTES)
    .option('--seed <n>', 'of the passages', integer(0), 0)
    .addOption(
      new Option(
        '--memory <scope>',
        'complete with memory voters: of the text before the caret, or also of all other files given',
      ).choices(['document', 'workspace']),
    )
    .addOption(deviceOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .action(async (paths: string[], flags: ReplayFlags) => {
      await (await import('./commandLine/replay')).replayFiles(paths, flags, terminal);
    });

  program
    .command('experiment')
    .description('measure a claim of the paper; stopped or killed, the same command goes on where it was')
    .addArgument(new Argument('<name>', 'what is measured').choices(Object.keys(EXPERIMENTS)))
    .option('--quick', 'tiny models and few steps: a direction in minutes, no result')
    .option('--seeds <n>', 'seeds of each arm; the same command with more of them adds those', integer(1))
    .option('--out <dir>', 'folder for runs and result; "experiment-NAME" unless given')
    .option('--text <path...>', "files and folders to learn, a domain each; this program's own packages unless given")
    .addOption(threadsOption())
    .addOption(jsonOption())
    .action(async (name: ExperimentName, flags: ExperimentFlags) => {
      end(await (await import('./commandLine/experiment')).runNamedExperiment(name, flags, PROGRAM, terminal));
    });

  program
    .command('report')
    .description(
      'what experiments found, and the claims of the paper that this tells of, as one HTML page or in Markdown',
    )
    .argument('<folders...>', 'folders that "experiment" wrote')
    .requiredOption('--out <file>', 'file to write; one whose name ends in .md becomes a table of the claims')
    .action(async (folders: string[], flags: ReportFlags) => {
      await (await import('./commandLine/report')).writeReport(folders, flags, PROGRAM, terminal);
    });

  program
    .command('export')
    .description('write the network as an ONNX file')
    .addOption(modelOption())
    .requiredOption('--onnx <file>', 'file to write')
    .action(async (flags: ExportFlags) => {
      await (await import('./commandLine/exportModel')).exportModel(flags, terminal);
    });

  program
    .command('devices')
    .description('where this machine can compute, how fast, and whether the numbers agree with the CPU')
    .addOption(threadsOption())
    .addOption(jsonOption())
    .addOption(new Option('--trial <json>').hideHelp())
    .action(async (flags: DevicesFlags) => {
      end(await (await import('./commandLine/devices')).devices(flags, terminal));
    });

  program
    .command('presets')
    .description('what each preset of "train" takes on this machine: time and memory, measured')
    .addOption(trainingDeviceOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .action(async (flags: PresetsFlags) => {
      end(await (await import('./commandLine/devices')).presets(flags, terminal));
    });
  return program;
}

/** One sentence on stderr, no stack: that is for `DEBUG=1`. */
function tellFailure(error: unknown, terminal: Terminal): void {
  const message = error instanceof Error ? error.message : String(error);
  terminal.note(`smuggler: ${sentence(message)}`);
  if (process.env['DEBUG'] !== undefined && error instanceof Error) terminal.note(error.stack ?? '');
}

async function main(): Promise<number> {
  const terminal = new Terminal();
  let code: number = ExitCode.done;
  try {
    await createProgram(terminal, (ended) => (code = ended)).parseAsync();
    return code;
  } catch (error) {
    // Commander has said what is wrong, or shown the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.done : ExitCode.usage;
    if (terminal.signal.aborted) return ExitCode.interrupted;
    tellFailure(error, terminal);
    return isUsageError(error) ? ExitCode.usage : ExitCode.failed;
  }
}

void main().then((code) => {
  process.exitCode = code;
});
