/** One subscription that a client began. */
export type SubscriptionTraffic = {
  /** The position behind which it began; undefined for the beginning or the end. */
  readonly startedBehind: bigint | undefined
  /** Whether it was told that it has caught up. */
  readonly caughtUp: boolean
}

/** What a node has done so far, for tests of how clients use it. */
export type Traffic = {
  readonly eventsSent: number
  /** In the order in which they began. */
  readonly subscriptions: readonly SubscriptionTraffic[]
}

/** Counts what a node does. */
export type TrafficCounter = {
  readonly soFar: () => Traffic
  readonly eventSent: () => void
  /** Answers with what to call when the subscription has caught up. */
  readonly subscribed: (startedBehind: bigint | undefined) => () => void
}

/** Nothing was done yet. */
export function trafficCounter(): TrafficCounter {
  let eventsSent = 0
  const subscriptions: { startedBehind: bigint | undefined; caughtUp: boolean }[] = []
  return {
    soFar: () => ({ eventsSent, subscriptions: subscriptions.map((subscription) => ({ ...subscription })) }),
    eventSent() {
      eventsSent += 1
    },
    subscribed(startedBehind) {
      const subscription = { startedBehind, caughtUp: false }
      subscriptions.push(subscription)
      return () => {
        subscription.caughtUp = true
      }
    },
  }
}
