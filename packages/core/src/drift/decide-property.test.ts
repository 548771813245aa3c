import { expect, test } from 'vitest'
import { propertyOf } from '../graph/kind-catalogue.ts'
import { standardKinds } from '../graph/standard-kinds.ts'
import { decideProperty } from './decide-property.ts'
import type { PropertyQuestion } from './decide-property.ts'

const kindNamed = (name: string) => standardKinds.find((kind) => kind.name === name)

/** `sql-instance retention`, without anything that would decide about it. */
function question(given: Partial<PropertyQuestion> & { kind?: string } = {}): PropertyQuestion {
  const { kind = 'sql-instance', property = 'backup.retentionDays', ...rest } = given
  const definition = propertyOf(kindNamed(kind) ?? standardKinds[0], property)
  if (definition === undefined) throw new Error(`${kind} has no ${property}`)
  return { property, definition, recorded: 7, observed: 7, managed: true, ...rest }
}

const asks = (value: number | string | boolean) => ({ request: { id: 'r1', value } })
const ours = (value: number | string | boolean) => ({
  ours: { value, deployment: 'd1', step: 's1', until: undefined, revision: 0 },
})
const rule = (decision: 'adopt' | 'enforce' | 'ignore') => ({ rule: { decision, reason: `we ${decision}` } })
const version = { property: 'engineVersion', recorded: '15.4' }
const disk = { property: 'storage.gib', recorded: 100 }
const grant = { kind: 'grant', property: 'operations', recorded: ['read'], observed: ['read', 'write'] }
const publicAccess = { property: 'network.publicAccess', recorded: false, observed: true }

test.each<[rule: string, given: Parameters<typeof question>[0], decision: string, decidedBy?: string]>([
  // What is equal, or cannot be compared
  ['DRIFT 2: equal is nothing', {}, 'equal'],
  ['DRIFT 2: equal is nothing, also while a request waits', asks(14), 'equal'],
  [
    'DRIFT 1: what the provider owns is never compared',
    { kind: 'certificate', property: 'fingerprint', recorded: 'a', observed: 'b' },
    'undecidable',
  ],
  // Nobody asked for anything
  ['DRIFT 3: a difference is adopted', { observed: 3 }, 'adopted', 'default'],
  ['DRIFT 3: a value that is gone is adopted as gone', { observed: null }, 'adopted', 'default'],
  [
    'DRIFT 3: what was never recorded is a first reading',
    { recorded: undefined, observed: 3 },
    'adopted',
    'first-reading',
  ],
  ['DRIFT 3: a minor upgrade by the provider is adopted', { ...version, observed: '15.6' }, 'adopted', 'default'],
  ['DRIFT 2: a version within the recorded prefix is equal', { ...version, recorded: '15', observed: '15.6' }, 'equal'],
  ['DRIFT 15: growth is adopted', { ...disk, observed: 150 }, 'adopted', 'growth'],
  ['DRIFT 15: a disk that is smaller than recorded is what there is', { ...disk, observed: 80 }, 'adopted', 'default'],
  // A request waits
  ['DRIFT 4: a request keeps its place', { observed: 3, ...asks(14) }, 'suppressed', 'request r1'],
  [
    'DRIFT 4: also against a first reading',
    { recorded: undefined, observed: 3, ...asks(14) },
    'suppressed',
    'request r1',
  ],
  ['DRIFT 5: the requested value is there', { observed: 14, ...asks(14) }, 'converged', 'request r1'],
  ['DRIFT 5, CHANGE 7: it was there all the time', asks(7), 'converged', 'request r1'],
  [
    'DRIFT 5: a version within the requested prefix',
    { ...version, observed: '16.2', ...asks('16') },
    'converged',
    'request r1',
  ],
  [
    'DRIFT 5: a version that only looks like it',
    { ...version, observed: '16.20', ...asks('16.2') },
    'suppressed',
    'request r1',
  ],
  [
    'DRIFT 15, CHANGE 7: a disk that grew beyond the request',
    { ...disk, observed: 150, ...asks(120) },
    'converged',
    'request r1',
  ],
  ['DRIFT 15: a disk that grew, but not enough', { ...disk, observed: 110, ...asks(120) }, 'suppressed', 'request r1'],
  // The provider puts changes off
  ['DRIFT 6: what a request asked for is put off', { ...asks(14), providerDeferred: 14 }, 'in-flight', 'request r1'],
  [
    'DRIFT 6: what our deployment wrote is put off',
    { ...ours(14), providerDeferred: 14 },
    'in-flight',
    'deployment d1',
  ],
  [
    'DRIFT 6: a request is not met for good while another value of ours is on its way',
    { observed: 14, ...asks(14), ...ours(30), providerDeferred: 30 },
    'suppressed',
    'request r1',
  ],
  [
    'DRIFT 15: a disk that has grown past what was put off',
    { ...disk, observed: 150, recorded: 150, ...ours(120), providerDeferred: 120 },
    'equal',
  ],
  [
    'DRIFT 6: what somebody else had put off is not ours, and not in force',
    { ...ours(14), providerDeferred: 30 },
    'equal',
  ],
  [
    'DRIFT 6: a change outside meanwhile does not take its place',
    { observed: 3, ...ours(14), providerDeferred: 14 },
    'suppressed',
    'deployment d1',
  ],
  [
    'DRIFT 6: what was put off and is put off no more does not hold drift back',
    { observed: 3, ...ours(14) },
    'adopted',
    'default',
  ],
  ['DRIFT 6: what we had put off has landed', { observed: 14, ...ours(14) }, 'landed', 'deployment d1'],
  [
    'DRIFT 6: it has landed for the request that wanted it',
    { observed: 14, ...ours(14), ...asks(14) },
    'landed',
    'deployment d1',
  ],
  // Enforced
  ['DRIFT 7: grants of ours are enforced', grant, 'enforced', 'kind'],
  [
    'DRIFT 7: a request does not excuse a change outside',
    { ...publicAccess, ...rule('enforce'), ...asks(true) },
    'enforced',
    'we enforce',
  ],
  ['DRIFT 7, OWN 5: grants that we do not manage are adopted', { ...grant, managed: false }, 'adopted', 'ownership'],
  [
    'DRIFT 7: our own reversal that landed is no drift',
    { ...publicAccess, observed: false, recorded: true, ...ours(false), ...rule('enforce') },
    'landed',
    'deployment d1',
  ],
  // Policy
  ['DRIFT 16: a rule may enforce', { ...publicAccess, ...rule('enforce') }, 'enforced', 'we enforce'],
  ['DRIFT 16: a rule may ignore', { observed: 3, ...rule('ignore') }, 'ignored', 'we ignore'],
  ['DRIFT 16: a rule may adopt what the kind enforces', { ...grant, ...rule('adopt') }, 'adopted', 'we adopt'],
  [
    'DRIFT 16: a request comes before a rule that ignores',
    { observed: 3, ...rule('ignore'), ...asks(14) },
    'suppressed',
    'request r1',
  ],
])('%s', (_, given, decision, decidedBy) => {
  const verdict = decideProperty(question(given))
  expect({ decision: verdict.decision, decidedBy: 'decidedBy' in verdict ? verdict.decidedBy : undefined }).toEqual({
    decision,
    decidedBy,
  })
})
