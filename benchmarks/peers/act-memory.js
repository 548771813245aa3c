import { InMemoryStore } from '@rotorsoft/act'
import { actStore } from './act-store.js'

export async function open() {
  return actStore(new InMemoryStore())
}
