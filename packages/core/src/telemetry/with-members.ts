/**
 * A port whose members are looked at on their way out. They are the port's own and run on it: also those of a class, with private fields,
 * of a frozen object, and those that its type does not name. `change` sees each member once, bound to the port.
 */
export function withMembers<Port extends object>(
  port: Port,
  change: (key: PropertyKey, member: unknown) => unknown,
): Port {
  const seen = new Map<PropertyKey, { readonly value: unknown; readonly member: unknown }>()
  // A copy stands behind the proxy, because a proxy may not answer for a frozen object otherwise than that would itself.
  return new Proxy<Port>(
    { ...port },
    {
      get(_copy, key) {
        const value: unknown = Reflect.get(port, key, port)
        const known = seen.get(key)
        if (known !== undefined && known.value === value) return known.member
        const member = change(key, typeof value === 'function' ? value.bind(port) : value)
        seen.set(key, { value, member })
        return member
      },
      has: (_copy, key) => Reflect.has(port, key),
    },
  )
}
