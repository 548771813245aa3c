/** The stream that holds everything decided about an environment. */
export function environmentStreamName(environment: string): string {
  return `environment-${environment}`
}

/** The stream of what was tried and accessed in an environment: chained as the others are, and nothing is decided on it. */
export function activityStreamName(environment: string): string {
  return `activity-${environment}`
}

/** The environment that a stream is about: `environment-prod` and `activity-prod` are about `prod`. */
export function environmentOfStream(stream: string): string {
  return stream.slice(stream.indexOf('-') + 1)
}
