import { match } from 'ts-pattern'
import { accepted } from '../environment/decision.ts'
import type { Decide } from '../environment/decision.ts'
import { invalidInput } from '../invalid-input.ts'
import { changeRequestCommandSchema } from './commands.ts'
import type { ChangeRequestCommand } from './commands.ts'
import { endRequest } from './decide-end.ts'
import { decideRequest } from './decide-request.ts'

/** The rules of change requests (CHANGE 1–3, 6; when they are applied: `due.ts` and planning). */
export const decideChangeRequest: Decide<ChangeRequestCommand> = (state, command, context) => {
  const parsed = changeRequestCommandSchema.safeParse(command)
  if (!parsed.success) return { type: 'rejected', rejection: invalidInput(command.type, parsed.error) }
  const events = match(parsed.data)
    .with({ type: 'request-change' }, (request) => decideRequest(state, request, context))
    .with({ type: 'withdraw-change' }, (withdrawal) => endRequest(state, withdrawal, context))
    .with({ type: 'reject-change' }, (rejection) => endRequest(state, rejection, context))
    .exhaustive()
  return 'code' in events ? { type: 'rejected', rejection: events } : accepted(events)
}
