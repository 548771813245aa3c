import type { EventType, LedgerEvent } from '../../../environment/catalogue.ts'
import { foldEvent, foldMoment } from './fold.fixture.ts'
import { noFacts } from './facts.fixture.ts'
import type { Facts, Terms } from './facts.fixture.ts'
import type { Answers, Append, Call, Commanded, Moment, Reading, SecondScan } from './moment.fixture.ts'

/** The id of a rule of docs/rules.md: `DRIFT 4`. */
export type RuleId = `${'GRAPH' | 'OWN' | 'CHANGE' | 'DRIFT' | 'DEPLOY' | 'PROTECT' | 'ACCESS'} ${number}`

/** Says that a rule was put to the test, and whether it held; the problem is only asked for where it did not. */
export type Hold = (rule: RuleId, isHeld: boolean, problem: () => string) => void

/** What each moment has to fulfil. Events are looked at before the facts take them in, whole appends after. */
export type RuleBook = {
  readonly events?: { readonly [T in EventType]?: (event: LedgerEvent<T>, append: Append) => void }
  readonly each?: (event: LedgerEvent, append: Append) => void
  readonly begin?: (append: Append) => void
  readonly appended?: (append: Append) => void
  readonly called?: (call: Call) => void
  readonly read?: (reading: Reading) => void
  readonly commanded?: (command: Commanded) => void
  readonly answered?: (answers: Answers) => void
  readonly scannedAgain?: (scan: SecondScan) => void
  readonly storeFailed?: () => void
}

/** Rules of one concern, over facts that they only read. What else they remember is their own. */
export type MakeRules = (facts: Facts, hold: Hold) => RuleBook

/** Holds the rules against moment after moment. */
export interface Judge {
  readonly facts: Facts
  /** What broke a rule, each beginning with the rule's id. */
  readonly problems: readonly string[]
  /** How often each rule was put to the test. */
  readonly exercised: ReadonlyMap<RuleId, number>
  take(moment: Moment): void
}

/** A judge who has seen nothing yet. */
export function judge(terms: Terms, rules: readonly MakeRules[]): Judge {
  const facts = noFacts(terms)
  const problems: string[] = []
  const exercised = new Map<RuleId, number>()
  const hold: Hold = (rule, isHeld, problem) => {
    exercised.set(rule, (exercised.get(rule) ?? 0) + 1)
    if (!isHeld) problems.push(`${rule}: ${problem()}`)
  }
  const books = rules.map((make) => make(facts, hold))
  return {
    facts,
    problems,
    exercised,
    take(moment) {
      foldMoment(facts, moment)
      if (moment.type === 'append') takeAppend(facts, books, moment)
      for (const book of books) {
        if (moment.type === 'call') book.called?.(moment)
        else if (moment.type === 'reading') book.read?.(moment)
        else if (moment.type === 'command') book.commanded?.(moment)
        else if (moment.type === 'answers') book.answered?.(moment)
        else if (moment.type === 'second-scan') book.scannedAgain?.(moment)
        else if (moment.type === 'store-failed') book.storeFailed?.()
      }
    },
  }
}

function takeAppend(facts: Facts, books: readonly RuleBook[], append: Append): void {
  for (const book of books) book.begin?.(append)
  for (const event of append.events) {
    for (const { events, each } of books) {
      each?.(event, append)
      // The rule is looked up by the very type of the event that it is given.
      const rule = events?.[event.type] as ((event: LedgerEvent, append: Append) => void) | undefined
      rule?.(event, append)
    }
    foldEvent(facts, event)
  }
  for (const book of books) book.appended?.(append)
}
