import { recordActivity } from '../../fake-cloud/activity.ts'
import { alter } from '../../fake-cloud/simulation.ts'
import { put } from '../../fake-cloud/kinds/behaviour.ts'
import type { FakeResource } from '../../fake-cloud/world.ts'
import { invalidValue } from '../wire/aws-error.ts'
import { nameIn } from './arn.ts'
import { INSTANCE_KIND, notFound, resourceNamed } from './instances.ts'
import { deedOf } from './operation.ts'
import type { FormCall, FormOperation } from './operation.ts'
import { tagElements, tagProperties, tagProperty, tagsOf } from './tags.ts'

/** An RDS resource has 50 tags at most ("Quotas and constraints for Amazon RDS"). */
const TAGS_AT_MOST = 50
const LONGEST_VALUE = 256

/** Tags of instances, which are set at once whatever the instance is doing. */
export const taggingOperations: Readonly<Record<string, FormOperation>> = {
  AddTagsToResource: {
    effect: 'update',
    about: 'ResourceName',
    serve(call) {
      const instance = taggedInstance(call)
      const tags = call.form.tags()
      const tooLong = tags.find(({ value }) => value.length > LONGEST_VALUE)
      if (tooLong !== undefined) throw invalidValue(`The value of the tag ${tooLong.key} is too long.`)
      const properties = put(tagProperties(tags), instance.properties)
      if (tagsOf(properties).length > TAGS_AT_MOST) throw invalidValue(`More than ${TAGS_AT_MOST} tags.`)
      retag(
        call,
        instance,
        properties,
        tags.map(({ key }) => tagProperty(key)),
      )
      return undefined
    },
  },
  RemoveTagsFromResource: {
    effect: 'update',
    about: 'ResourceName',
    serve(call) {
      const instance = taggedInstance(call)
      const gone = (call.form.texts('TagKeys') ?? []).map(tagProperty)
      const kept = Object.entries(instance.properties).filter(([property]) => !gone.includes(property))
      retag(call, instance, Object.fromEntries(kept), gone)
      return undefined
    },
  },
  ListTagsForResource: {
    effect: 'observe',
    about: 'ResourceName',
    serve: (call) => ({ TagList: tagElements(taggedInstance(call).properties) }),
  },
}

function taggedInstance(call: FormCall): FakeResource {
  const arn = call.form.required('ResourceName')
  const name = nameIn('db', arn)
  if (name === arn) throw invalidValue(`Invalid resource name: ${arn}`)
  const instance = resourceNamed(call, INSTANCE_KIND, name)
  if (instance === undefined) throw notFound(name)
  return instance
}

function retag(
  call: FormCall,
  instance: FakeResource,
  properties: FakeResource['properties'],
  changed: readonly string[],
): void {
  const { world, now } = call
  const resource = alter(world.simulation, instance.id, { properties }, now)
  recordActivity(
    world.simulation,
    resource,
    { operation: 'tag', properties: changed },
    deedOf(call, 'update', instance.name),
  )
}
