/** Reads the webhooks of the types of @octokit/openapi-webhooks-types. Pure. */
import { parseAst } from 'vitest/node'
import type { Operation, Shape } from './github-schema.ts'

type Node = { readonly type: string; readonly [key: string]: unknown }

const nodeAt = (node: unknown, ...keys: readonly string[]): Node | undefined =>
  keys.reduce<unknown>((inner, key) => (inner as Node | null | undefined)?.[key], node) as Node | undefined
const listAt = (node: unknown, ...keys: readonly string[]): readonly Node[] => {
  const list: unknown = nodeAt(node, ...keys)
  return Array.isArray(list) ? list : []
}
const nameOf = (key: Node | undefined): string => String(key?.name ?? key?.value ?? nodeAt(key, 'literal')?.value)

/** The members of an interface or of an object type, by name. */
type Members = ReadonlyMap<string, { readonly required: boolean; readonly type: Node | undefined }>
const membersOf = (list: readonly Node[]): Members =>
  new Map(
    list.map((each) => [
      nameOf(nodeAt(each, 'key')),
      { required: each.optional !== true, type: nodeAt(each, 'typeAnnotation', 'typeAnnotation') },
    ]),
  )

export function typedOperations(source: string): Operation[] {
  const program = parseAst(source, { lang: 'dts' }) as unknown as Node
  const interfaces = new Map(
    listAt(program, 'body').map((each) => [
      nameOf(nodeAt(each, 'declaration', 'id')),
      membersOf(listAt(each, 'declaration', 'body', 'body')),
    ]),
  )
  const typeAt = (root: Node | undefined, ...keys: readonly string[]): Node | undefined =>
    keys.reduce((type, key) => membersOf(listAt(type, 'members')).get(key)?.type, root)
  const schemas = membersOf(listAt(interfaces.get('components')?.get('schemas')?.type, 'members'))
  const operations = interfaces.get('operations') ?? new Map()
  return [...operations].map(([id, { type }]) => ({
    id,
    payload: shapesOf(typeAt(type, 'requestBody', 'content', 'application/json'), schemas),
  }))
}

const noShape: Shape = { keys: {}, items: () => [], isText: false, constants: [] }

function shapesOf(type: Node | undefined, schemas: Members, seen: readonly string[] = []): readonly Shape[] {
  switch (type?.type) {
    case 'TSUnionType':
    case 'TSIntersectionType':
      return listAt(type, 'types').flatMap((each) => shapesOf(each, schemas, seen))
    case 'TSParenthesizedType':
      return shapesOf(nodeAt(type, 'typeAnnotation'), schemas, seen)
    case 'TSArrayType':
      return [{ ...noShape, items: () => shapesOf(nodeAt(type, 'elementType'), schemas, seen) }]
    case 'TSTupleType':
      return listAt(type, 'elementTypes').flatMap((each) => shapesOf(each, schemas, seen))
    // A helper such as `OneOf<[…]>`.
    case 'TSTypeReference':
      return listAt(type, 'typeArguments', 'params').flatMap((each) => shapesOf(each, schemas, seen))
    // components["schemas"]["name"]
    case 'TSIndexedAccessType': {
      const name = nameOf(nodeAt(type, 'indexType'))
      return seen.includes(name) ? [] : shapesOf(schemas.get(name)?.type, schemas, [...seen, name])
    }
    case 'TSStringKeyword':
      return [{ ...noShape, isText: true }]
    case 'TSLiteralType':
      return [{ ...noShape, isText: true, constants: [nameOf(nodeAt(type, 'literal'))] }]
    case 'TSTypeLiteral':
      return [{ ...noShape, keys: keysOf(type, schemas, seen) }]
    default:
      return []
  }
}

const keysOf = (type: Node, schemas: Members, seen: readonly string[]): Shape['keys'] =>
  Object.fromEntries(
    [...membersOf(listAt(type, 'members'))].map(([key, member]) => [
      key,
      { required: member.required, shape: () => shapesOf(member.type, schemas, seen) },
    ]),
  )
