import { match } from 'ts-pattern'
import type { Decide } from '../environment/decision.ts'
import type { GraphCommand } from './commands.ts'
import { decideBinding, decideHandOver } from './decide-binding.ts'
import { decideImport } from './decide-import.ts'

/** The rules of imports, bindings and hand-overs (OWN 1, 4, 6). */
export const decideGraph: Decide<GraphCommand> = (state, command, context) =>
  match(command)
    .with({ type: 'import-graph' }, (it) => decideImport(state, it, context))
    .with({ type: 'bind' }, (it) => decideBinding(state, it, context))
    .with({ type: 'manage' }, (it) => decideHandOver(state, it, context))
    .exhaustive()
