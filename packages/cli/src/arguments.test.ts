import { describe, expect, it } from 'vitest'
import { parseActor, parseAssignment, parseMoment, parsePoint, parseSubject } from './arguments.ts'

describe('arguments', () => {
  it.each([
    ['ada', { type: 'user', id: 'ada' }],
    ['user:ada@example.org', { type: 'user', id: 'ada@example.org' }],
    ['api:ci', { type: 'api-client', id: 'ci' }],
    ['pr:12', { type: 'pull-request', id: '12' }],
  ])('reads the actor %s', (text, actor) => {
    expect(parseActor(text)).toEqual({ ...actor, assurance: 'asserted' })
  })

  it.each([
    ['ada', 'ada'],
    ['user:ada', 'ada'],
    ['api:ci', 'api-client:ci'],
    ['api-client:ci', 'api-client:ci'],
    ['pr:12', 'pull-request:12'],
    ['user:api-client:ci', 'user:api-client:ci'],
    ['auth0|7', 'auth0|7'],
  ])('reads %s as the subject %s: roles are for whom --as names so', (text, subject) => {
    expect(parseSubject(text)).toBe(subject)
  })

  it.each(['', 'a b', 'user:', 'pr:twelve', 'robot:x y'])('refuses the actor "%s"', (text) => {
    expect(() => parseActor(text)).toThrow(/user:ada/)
  })

  it.each([
    ['2026-03-01', '2026-03-01T00:00:00.000Z'],
    ['2026-03-01T14:02', '2026-03-01T14:02:00.000Z'],
    ['2026-03-01T14:02:03.5', '2026-03-01T14:02:03.500Z'],
    ['2026-03-01T14:02:03Z', '2026-03-01T14:02:03.000Z'],
    ['2026-03-01T14:02:03+02:00', '2026-03-01T12:02:03.000Z'],
  ])('CLI 16: the time %s is %s: without a zone it is UTC', (text, moment) => {
    expect(parseMoment(text).toISOString()).toBe(moment)
  })

  it.each(['yesterday', '2026-13-01', '2026-03-01 14:02', '1.3.2026', '', '2026-03-01Z'])(
    'refuses the time "%s"',
    (text) => {
      expect(() => parseMoment(text)).toThrow(/2026-03-01/)
    },
  )

  it('CLI 16: a point is a graph version, a time, or a deployment', () => {
    expect(parsePoint('42')).toBe(42)
    expect(parsePoint('2026-03-01')).toEqual(new Date('2026-03-01T00:00:00Z'))
    expect(parsePoint('deployment:d-1')).toEqual({ deployment: 'd-1' })
    for (const wrong of ['-1', '1.5', 'HEAD', 'deployment:']) expect(() => parsePoint(wrong)).toThrow(/graph version/)
  })

  it.each([
    ['backup.retentionDays=14', ['backup.retentionDays', 14]],
    ['tier="db.m6g.large"', ['tier', 'db.m6g.large']],
    ['labels["a=b"]="c=d"', ['labels["a=b"]', 'c=d']],
    ['parameters["x"]=null', ['parameters["x"]', null]],
  ])('reads the assignment %s', (text, assignment) => {
    expect(parseAssignment(text)).toEqual(assignment)
  })

  it.each(['tier', '=1', 'tier=', 'tier=db.m6g.large'])('refuses the assignment "%s"', (text) => {
    expect(() => parseAssignment(text)).toThrow()
  })
})
