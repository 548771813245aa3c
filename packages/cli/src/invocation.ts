import { Argument, Command as Parser, CommanderError, InvalidArgumentError, Option } from 'commander'
import type { Help } from 'commander'
import type { Command, OptionDefinition, Parse } from './command.ts'
import { CommandError, wrongUsage } from './command-error.ts'
import { parseActor, parseText } from './arguments.ts'
import type { Io } from './io.ts'
import type { SharedOptions } from './session.ts'

/** What the words on a command line ask for. */
export type Invocation =
  | { readonly type: 'help'; readonly text: string }
  | {
      readonly type: 'command'
      readonly command: Command
      readonly arguments: Readonly<Record<string, unknown>>
      readonly options: Readonly<Record<string, unknown>>
      readonly shared: SharedOptions
    }

/** Reads a command line. Throws `usage-wrong`, naming the closest command or option where one was mistyped. */
export function readInvocation(
  args: readonly string[],
  commands: readonly Command[],
  version: string,
  io: Io,
): Invocation {
  let invocation: Invocation | undefined
  let shown = ''
  const program = new Parser('infraledger')
    .description('Ask and keep the ledger of your infrastructure: what runs, since when, why, and because of whom.')
    .version(version)
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => (shown += text),
      writeErr: (text) => (shown += text),
      getOutHelpWidth: () => io.stdout.columns ?? HELP_WIDTH,
      getOutHasColors: () => io.stdout.colours,
      outputError: () => undefined,
    })
    .configureHelp(HELP)
    .addHelpText('after', MORE)
  for (const shared of sharedOptions()) program.addOption(shared)
  for (const command of commands) {
    addCommand(program, command).action((...received: readonly unknown[]) => {
      // Commander hands the parser itself in last.
      const parser = received.at(-1) as Parser
      invocation = { type: 'command', command, ...valuesOf(command, parser), shared: sharedValues(program) }
    })
  }
  try {
    program.parse(askedForHelp(args, program), { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return { type: 'help', text: shown }
    throw wrongUsage(messageOf(error, args, commands))
  }
  if (invocation === undefined) throw new Error('The command line was read without finding a command')
  return invocation
}

/** The list of commands has families spread out, and says what to type without "[options]" on each line. */
const HELP: Partial<Help> = {
  showGlobalOptions: true,
  visibleCommands: ({ commands }) =>
    commands.flatMap((command) => (command.commands.length > 0 ? command.commands : [command])),
  subcommandTerm: (command) =>
    [...parentNames(command), command.name(), ...command.registeredArguments.map(termOf)].join(' '),
  styleTitle: (title) => (title === 'Global Options:' ? 'Options of every command:' : title),
}

function parentNames({ parent }: Parser): readonly string[] {
  return parent === null || parent.parent === null ? [] : [parent.name()]
}

function termOf(argument: Argument): string {
  const name = argument.variadic ? `${argument.name()}...` : argument.name()
  return argument.required ? `<${name}>` : `[${name}]`
}

/** Where there is no terminal, help is as wide as most. */
const HELP_WIDTH = 100

const MORE = `
Examples:
  $ infraledger import terraform prod.tfstate --environment prod --as user:ada
  $ infraledger why sql-instance/main backup.retentionDays

"infraledger <command> --help" shows how each is used, with examples.
Exit codes: 0 done, 1 refused, failed or not intact, 2 with --detailed-exitcode when there is drift or a difference, 64 wrong usage.`

/** `infraledger`, `infraledger help` and `infraledger help graph` are other ways to write --help. */
function askedForHelp(args: readonly string[], program: Parser): readonly string[] {
  if (args.length === 0) return ['--help']
  if (args[0] !== 'help') return args
  const asked = args.slice(1)
  const isKnown = asked.length === 0 || program.commands.some((command) => command.name() === asked[0])
  return isKnown ? [...asked, '--help'] : asked
}

function sharedOptions(): readonly Option[] {
  return [
    new Option(
      '--ledger <place>',
      'the ledger: a file or a URL (default: $INFRALEDGER_LEDGER, else infra.db)',
    ).argParser(argParser(parseText)),
    new Option('--env, --environment <name>', 'which environment; not needed while there is one').argParser(
      argParser(parseText),
    ),
    new Option('--as <actor>', 'who acts: user:ada, api:ci, pr:12').argParser(argParser(parseActor)),
    new Option('--json', 'one JSON document on stdout; messages on stderr'),
    new Option('--config <file>', 'the configuration (default: infraledger.config.ts, where there is one)').argParser(
      argParser(parseText),
    ),
  ]
}

function sharedValues(program: Parser): SharedOptions {
  // Commander types option values as any; these are the values that the parsers above make.
  const { ledger, environment, as, json, config } = program.opts() as Partial<SharedOptions>
  return { ledger, environment, as, config, json: json ?? false }
}

function addCommand(program: Parser, command: Command): Parser {
  const [first = '', second] = command.name.split(' ')
  const parent =
    second === undefined
      ? program
      : (program.commands.find((known) => known.name() === first) ??
        program
          .command(first)
          .helpCommand(false)
          .helpGroup(`${command.group}:`)
          .description(FAMILIES[first] ?? ''))
  const parser = parent
    .command(second ?? first)
    .helpGroup(`${command.group}:`)
    .summary(command.summary)
    .description(command.description === undefined ? command.summary : `${command.summary}\n\n${command.description}`)
    .addHelpText(
      'after',
      `\nExamples:\n${command.examples.map(([typed, purpose]) => `  # ${purpose}\n  $ ${typed}`).join('\n')}`,
    )
  for (const [key, { summary, parse, presence }] of Object.entries(command.arguments)) {
    const name = { required: `<${key}>`, optional: `[${key}]`, several: `<${key}...>` }[presence]
    const argument = new Argument(name, summary)
    parser.addArgument(
      presence === 'several' ? argument.argParser(collectParser(parse)) : argument.argParser(argParser(parse)),
    )
  }
  for (const [key, definition] of Object.entries(command.options)) parser.addOption(ownOption(key, definition))
  return parser
}

/** What the commands with two words have in common. */
const FAMILIES: Readonly<Record<string, string>> = {
  import: 'Take in what other tools know, or an export: Terraform states, recorded RDS answers, a ledger',
}

function ownOption(key: string, { summary, value, parse, required }: OptionDefinition): Option {
  const long = `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
  const option = new Option(value === undefined ? long : `${long} ${value}`, summary).makeOptionMandatory(
    required ?? false,
  )
  return parse === undefined ? option : option.argParser(argParser(parse))
}

function valuesOf(
  command: Command,
  parser: Parser,
): Pick<Extract<Invocation, { type: 'command' }>, 'arguments' | 'options'> {
  const given: readonly unknown[] = parser.processedArgs
  const options: Readonly<Record<string, unknown>> = parser.opts()
  const flags = Object.entries(command.options).flatMap(([key, { parse }]) =>
    parse === undefined ? [[key, false] as const] : [],
  )
  return {
    arguments: Object.fromEntries(Object.keys(command.arguments).map((key, index) => [key, given[index]])),
    options: { ...Object.fromEntries(flags), ...options },
  }
}

/** Commander adds to the message which option or argument it was. */
function argParser<Value>(parse: Parse<Value>): (text: string) => Value {
  return (text) => {
    try {
      return parse(text)
    } catch (error) {
      if (error instanceof CommandError) throw new InvalidArgumentError(error.message)
      throw error
    }
  }
}

function collectParser(parse: Parse<unknown>): (text: string, previous: unknown) => unknown {
  const one = argParser(parse)
  return (text, previous) => [...(Array.isArray(previous) ? previous : []), one(text)]
}

/** The message without Commander's prefix; of a family that was called without its second word, what that could be. */
function messageOf(error: CommanderError, args: readonly string[], commands: readonly Command[]): string {
  if (error.code === 'commander.help') {
    const family = commands.filter(({ name }) => name.includes(' ') && args.includes(name.split(' ')[0] ?? ''))
    return family.length === 0
      ? 'say what to do'
      : `say which: ${family.map(({ name }) => `infraledger ${name}`).join(', or ')}`
  }
  return error.message.replace(/^error: /, '').replace(/\n\((Did you mean .*)\)$/s, '. $1')
}

/** Where the help is that fits a command line: of the command that it names, if it names one. */
export function helpFor(args: readonly string[], commands: readonly Command[]): string {
  const named = commands.find(({ name }) => name.split(' ').every((word) => args.includes(word)))
  return named === undefined ? 'infraledger --help' : `infraledger ${named.name} --help`
}
