/** An error that AWS answers: its code, as in the service's model, and the HTTP status that goes with it. */
export class AwsError extends Error {
  readonly code: string
  readonly status: number

  constructor(code: string, message: string, status = 400) {
    super(message)
    this.name = 'AwsError'
    this.code = code
    this.status = status
  }
}

/** A parameter that the service does not take. */
export function invalidValue(message: string): AwsError {
  return new AwsError('InvalidParameterValue', message)
}

/** Parameters that do not go together, or not with the state that there is. */
export function invalidCombination(message: string): AwsError {
  return new AwsError('InvalidParameterCombination', message)
}
