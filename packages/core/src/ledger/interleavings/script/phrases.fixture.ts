import fc from 'fast-check'
import * as changing from './changing.fixture.ts'
import * as cloud from './cloud.fixture.ts'
import type { ScriptCommand } from './command.fixture.ts'
import * as deploying from './deploying.fixture.ts'
import * as ending from './ending.fixture.ts'
import * as external from './external.fixture.ts'
import * as governing from './governing.fixture.ts'
import * as running from './running.fixture.ts'

const { deploy, small, finish, approve, approveAll } = deploying
const { request, imported, manage } = changing
const { edit, fault, provider, tearDown, unprotect } = cloud
const { pass, reconcile, restart, scan, storeFault, suspend, window } = running
const { policies, role } = governing
const { confirm, confirmAll } = ending

/** What happens while a deployment runs. */
const behind = fc.oneof(
  suspend,
  edit,
  edit,
  tearDown,
  provider,
  unprotect,
  pass,
  restart,
  fault,
  reconcile,
  request,
  cloud.byHand,
)

/** What happens while a plan waits for approval. */
const behindWaiting = fc.oneof(
  role,
  policies,
  approve,
  edit,
  reconcile,
  request,
  pass,
  changing.withdrawn,
  restart,
  suspend,
  confirmAll,
  running.setClockFar,
)

const single: fc.Arbitrary<ScriptCommand> = fc.oneof(
  { weight: 3, arbitrary: deploy },
  { weight: 3, arbitrary: finish },
  { weight: 3, arbitrary: deploying.approveByAnybody },
  { weight: 3, arbitrary: deploying.judged },
  { weight: 3, arbitrary: request },
  { weight: 3, arbitrary: changing.ended },
  { weight: 2, arbitrary: confirm },
  { weight: 3, arbitrary: changing.bind },
  { weight: 2, arbitrary: manage },
  { weight: 3, arbitrary: imported },
  { weight: 2, arbitrary: governing.policiesByAnybody },
  { weight: 1, arbitrary: role },
  { weight: 1, arbitrary: external.propose },
  { weight: 1, arbitrary: external.decidedExternal },
  { weight: 3, arbitrary: reconcile },
  { weight: 4, arbitrary: edit },
  { weight: 1, arbitrary: cloud.make },
  { weight: 1, arbitrary: cloud.grant },
  { weight: 2, arbitrary: cloud.byHand },
  { weight: 2, arbitrary: tearDown },
  { weight: 2, arbitrary: unprotect },
  { weight: 1, arbitrary: cloud.idled },
  { weight: 3, arbitrary: provider },
  { weight: 5, arbitrary: fault },
  { weight: 2, arbitrary: storeFault },
  { weight: 1, arbitrary: cloud.liftFaults },
  { weight: 4, arbitrary: pass },
  { weight: 2, arbitrary: window },
  { weight: 3, arbitrary: restart },
  { weight: 2, arbitrary: suspend },
  { weight: 1, arbitrary: running.setClock },
  { weight: 1, arbitrary: running.snapshot },
)

/** How a whole environment goes: what holds data is given up, and somebody types what is asked for. */
const ends = fc.tuple(
  cloud.liftFaults,
  finish,
  scan,
  unprotect,
  cloud.empty,
  scan,
  ending.confirmDestruction,
  ending.destroy,
  behindWaiting,
  approveAll,
  approveAll,
  behind,
  finish,
)

/** Commands that lead somewhere together; each may be shrunk away. */
export const phrase: fc.Arbitrary<readonly ScriptCommand[]> = fc.oneof(
  { weight: 20, arbitrary: fc.tuple(single) },
  { weight: 2, arbitrary: fc.tuple(deploy, finish) },
  { weight: 2, arbitrary: fc.tuple(deploying.mistaken) },
  { weight: 2, arbitrary: fc.tuple(changing.hardRequest) },
  { weight: 1, arbitrary: fc.tuple(changing.hardRequest, deploy, window, deploy, finish) },
  { weight: 1, arbitrary: fc.tuple(cloud.expose, scan, deploy, approveAll, finish) },
  { weight: 2, arbitrary: fc.tuple(ending.wrongEnd) },
  { weight: 2, arbitrary: fc.tuple(deploy, approve, finish) },
  { weight: 2, arbitrary: fc.tuple(policies, deploy, behindWaiting, approve, behindWaiting, approve, finish) },
  { weight: 1, arbitrary: fc.tuple(policies, deploy, approveAll, approveAll, approveAll, behind, finish) },
  { weight: 1, arbitrary: fc.tuple(policies, policies, policies) },
  { weight: 1, arbitrary: fc.tuple(request, policies, deploy, deploying.rejected, deploy, approveAll, finish) },
  { weight: 1, arbitrary: fc.tuple(changing.contradicted, changing.contradicted, scan, changing.ended) },
  { weight: 1, arbitrary: fc.tuple(policies, edit, edit, scan, deploy, approveAll, finish) },
  { weight: 1, arbitrary: governing.lastAdmin },
  { weight: 2, arbitrary: fc.tuple(deploying.urgent, behind, finish, deploying.review) },
  { weight: 2, arbitrary: fc.tuple(deploy, finish, deploy, finish, deploying.rollBack, behind, finish) },
  { weight: 3, arbitrary: fc.tuple(fault, deploy, pass, finish) },
  { weight: 1, arbitrary: fc.tuple(storeFault, deploy, finish) },
  { weight: 3, arbitrary: fc.tuple(deploy, behind, pass, behind, finish) },
  { weight: 2, arbitrary: fc.tuple(request, deploy, finish) },
  { weight: 2, arbitrary: fc.tuple(request, deploy, pass, behind, finish) },
  { weight: 1, arbitrary: fc.tuple(request, window, deploy, finish, reconcile) },
  { weight: 1, arbitrary: fc.tuple(request, edit, reconcile) },
  { weight: 2, arbitrary: fc.tuple(changing.contradicted, reconcile, pass, scan, changing.withdrawn) },
  { weight: 1, arbitrary: fc.tuple(edit, reconcile, deploy, finish) },
  { weight: 1, arbitrary: fc.tuple(edit, edit, pass, scan, scan) },
  { weight: 1, arbitrary: fc.tuple(imported, manage, request) },
  {
    weight: 1,
    arbitrary: fc.tuple(imported, deploying.deployBound, finish, changing.bind, deploying.deployBound, finish),
  },
  { weight: 1, arbitrary: fc.tuple(imported, changing.manageUnknown, deploy, finish, confirm, small, finish) },
  {
    weight: 2,
    arbitrary: fc.tuple(imported, external.propose, external.approveExternal, external.apply, scan, external.report),
  },
  { weight: 1, arbitrary: fc.tuple(cloud.grant, scan, behind, deploy, approveAll, finish) },
  { weight: 1, arbitrary: fc.tuple(unprotect, reconcile, deploy, finish, confirm) },
  { weight: 2, arbitrary: fc.tuple(unprotect, reconcile, small, finish, confirmAll, small, behind, finish) },
  {
    weight: 1,
    arbitrary: fc.tuple(unprotect, cloud.empty, scan, small, approveAll, finish, confirmAll, small, approveAll, finish),
  },
  { weight: 2, arbitrary: fc.tuple(confirm, deploy, behind, finish) },
  { weight: 1, arbitrary: fc.tuple(tearDown, reconcile, deploy, finish) },
)

/** How everything ends, where it does; and something that is tried all the same. */
export const lastWords: fc.Arbitrary<readonly ScriptCommand[]> = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(ends, phrase).map((said) => said.flat()) },
  { weight: 1, arbitrary: ends.map((said) => said.filter(({ type }) => type !== 'confirm')) },
  { weight: 1, arbitrary: fc.tuple(ends, fc.tuple(ending.remove, ending.createAgain)).map((said) => said.flat()) },
  { weight: 1, arbitrary: fc.tuple(finish, ending.remove, ending.createAgain, single) },
)
