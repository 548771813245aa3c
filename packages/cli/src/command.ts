import type { Answer } from './answer.ts'
import type { Session } from './session.ts'

/** Turns the text of an option or argument into its value; throws `usage-wrong` with what was expected instead. */
export type Parse<Value> = (text: string) => Value

/** One option of a command. Its key is its name in camel case: `effectiveAt` is `--effective-at`. */
export type OptionDefinition<Value = unknown> = {
  readonly summary: string
  /** Left out for flags: `<time>`. */
  readonly value?: string
  readonly parse?: Parse<Value>
  readonly required?: boolean
}

/** One argument of a command, in the order of their keys. */
export type ArgumentDefinition<Value = unknown> = {
  readonly summary: string
  readonly parse: Parse<Value>
  readonly presence: 'required' | 'optional' | 'several'
}

type Options = Readonly<Record<string, OptionDefinition>>
type Arguments = Readonly<Record<string, ArgumentDefinition>>

/** A flag without a value. */
export function flag(summary: string): { readonly summary: string } {
  return { summary }
}

/** An option with a value that may be left out. */
export function option<Value>(
  value: string,
  summary: string,
  parse: Parse<Value>,
): { readonly summary: string; readonly value: string; readonly parse: Parse<Value> } {
  return { summary, value, parse }
}

/** An option that must be given. */
export function requiredOption<Value>(
  value: string,
  summary: string,
  parse: Parse<Value>,
): ReturnType<typeof option<Value>> & { readonly required: true } {
  return { ...option(value, summary, parse), required: true }
}

type ArgumentOf<Value, Presence> = {
  readonly summary: string
  readonly parse: Parse<Value>
  readonly presence: Presence
}

/** An argument that must be given. */
export function argument<Value>(summary: string, parse: Parse<Value>): ArgumentOf<Value, 'required'> {
  return { summary, parse, presence: 'required' }
}

/** An argument that may be left out. */
export function optionalArgument<Value>(summary: string, parse: Parse<Value>): ArgumentOf<Value, 'optional'> {
  return { summary, parse, presence: 'optional' }
}

/** An argument of which there may be several; it comes last. */
export function severalArguments<Value>(summary: string, parse: Parse<Value>): ArgumentOf<Value, 'several'> {
  return { summary, parse, presence: 'several' }
}

type OptionValues<O extends Options> = {
  readonly [K in keyof O]: O[K] extends { parse: Parse<infer Value> }
    ? O[K] extends { required: true }
      ? Value
      : Value | undefined
    : boolean
}

type ArgumentValues<A extends Arguments> = {
  readonly [K in keyof A]: A[K] extends { parse: Parse<infer Value>; presence: infer Presence }
    ? Presence extends 'several'
      ? readonly Value[]
      : Presence extends 'optional'
        ? Value | undefined
        : Value
    : never
}

/** A command as data: how it is called, what its help says, and what it does. */
export type CommandDefinition<A extends Arguments, O extends Options> = {
  /** `import terraform`: the second word is a subcommand. */
  readonly name: string
  readonly group: 'Take infrastructure in' | 'Ask' | 'Decide' | 'Carry out' | 'Take out'
  /** One line for the list of commands. */
  readonly summary: string
  /** More, for its own help. */
  readonly description?: string
  readonly arguments: A
  readonly options: O
  /** What to type, and what it is for. */
  readonly examples: readonly (readonly [typed: string, purpose: string])[]
  run(
    call: { readonly arguments: ArgumentValues<A>; readonly options: OptionValues<O> },
    session: Session,
  ): Promise<Answer>
}

/** Any command, as the parser hands values to it. */
export type Command = Omit<CommandDefinition<Arguments, Options>, 'run'> & {
  run(
    call: {
      readonly arguments: Readonly<Record<string, unknown>>
      readonly options: Readonly<Record<string, unknown>>
    },
    session: Session,
  ): Promise<Answer>
}

/** Defines a command; its `run` is given values of the types that its arguments and options parse to. */
export function defineCommand<const A extends Arguments, const O extends Options>(
  definition: CommandDefinition<A, O>,
): Command {
  // The parser in invocation.ts makes each value with the `parse` of its definition, so what `run` receives is of the declared types.
  return definition
}
