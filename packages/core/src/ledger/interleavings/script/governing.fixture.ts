import fc from 'fast-check'
import { a, admin, pick, proven, who } from './arbitrary.fixture.ts'
import type { Pick, ScriptCommand, Who } from './command.fixture.ts'

/** Who may decide what. */
export type GoverningCommand =
  | {
      readonly type: 'policies'
      readonly approvals: Pick
      readonly drift: Pick
      readonly identity: 'kept' | 'asserted' | 'authenticated'
      readonly who: Who
      /** How many others agree, where that is asked for. */
      readonly agreed: Pick
    }
  | {
      readonly type: 'role'
      readonly subject: Who
      readonly role: 'admin' | 'member'
      readonly holds: boolean
      readonly who: Who
    }

const policiesBy = (by: fc.Arbitrary<Who>): fc.Arbitrary<ScriptCommand> =>
  a('policies', {
    approvals: pick,
    drift: pick,
    identity: fc.constantFrom('kept', 'kept', 'kept', 'asserted', 'authenticated'),
    who: by,
    agreed: pick,
  })
export const policies = policiesBy(admin)
export const policiesByAnybody = policiesBy(who)
export const role = a('role', {
  subject: fc.constantFrom('barbara', 'barbara', 'barbara', 'linus', 'ada', 'mallory'),
  role: fc.constantFrom('admin', 'admin', 'admin', 'member'),
  holds: fc.boolean(),
  who: fc.constantFrom('ada', 'ada', 'linus', 'grace', 'barbara'),
})
/** One Admin after the other goes, until none may. */
export const lastAdmin = fc.tuple(
  ...(['barbara', 'linus', 'ada'] as const).map((subject) =>
    proven(
      a('role', {
        subject: fc.constant(subject),
        role: fc.constant('admin'),
        holds: fc.constant(false),
        who: fc.constant('ada'),
      }),
    ),
  ),
  ...(['linus', 'barbara'] as const).map((subject) =>
    proven(
      a('role', {
        subject: fc.constant(subject),
        role: fc.constant('admin'),
        holds: fc.constant(true),
        who: fc.constant('ada'),
      }),
    ),
  ),
)
