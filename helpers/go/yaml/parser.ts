import { isJsonObject } from '../json-tree.ts'
import { setKey } from '../value.ts'
import type { JsonObject, JsonValue } from '../value.ts'
import { Anchors } from './anchors.ts'
import { keyText, plainKeyText } from './key.ts'
import type { YamlLimits } from './limits.ts'
import { plainToJson, resolveScalar, scalarToJson, type Scalar } from './resolve.ts'
import { Scanner } from './scanner.ts'
import { expandTag, MERGE_TAG, resolveTagged } from './tags.ts'
import { Token, type TokenKind } from './token.ts'

const maxDepth = 100

/** Told where values are, for messages about them. */
export interface PositionSink {
  /** An entry of a list or map: `at` is the offset of its key (or of its value, in a list). */
  entry(container: JsonValue[] | JsonObject, key: string | number, at: { key: number; value: number }): void
}

/** Properties before a node: `&anchor` and `!tag`. */
interface Properties {
  readonly anchor: string
  readonly tag: string
}

const noProperties: Properties = { anchor: '', tag: '' }

interface NodePlace {
  readonly depth: number
  /** Block collections may start here. */
  readonly isBlock: boolean
  /** A list may start at the column of the map that holds it. */
  readonly mayBeIndentless: boolean
}

/** A node that may be a scalar, whose type matters where it is a key. */
interface Node {
  readonly scalar?: Scalar
  /** Undefined: a number that is not finite, which may be a key only. */
  readonly value: JsonValue | undefined
  /** Written `<<`, which as a key means a merge. */
  readonly isMerge?: boolean
}

/** Parses one stream of documents, one document a call, to JSON as sigs.k8s.io/yaml converts it. */
export class YamlParser {
  private readonly scanner: Scanner
  private readonly anchors: Anchors
  private readonly sink: PositionSink | undefined
  private handles = new Map<string, string>()
  private isFirst = true

  constructor(text: string, limits: YamlLimits, sink?: PositionSink) {
    this.scanner = new Scanner(text)
    this.anchors = new Anchors(limits.maxAliasedValues)
    this.sink = sink
  }

  /** The next document, or undefined at the end of the stream. */
  next(): { readonly value: JsonValue; readonly offset: number } | undefined {
    const start = this.startDocument()
    if (start === undefined) return undefined
    this.anchors.clear()
    const kind = this.scanner.peek()
    const { offset } = this.scanner.tokens
    const isEmpty = start === 'marked' && kind < Token.ListStart
    const value = isEmpty ? null : this.node(0, true)
    if (this.scanner.peek() === Token.DocumentEnd) this.take()
    return { value, offset }
  }

  /** Reads what stands before a document: directives and its marker. Undefined at the end of the stream. */
  private startDocument(): 'marked' | 'bare' | undefined {
    let kind = this.scanner.peek()
    while (!this.isFirst && kind === Token.DocumentEnd) kind = this.takeAndPeek()
    if (kind === Token.StreamEnd) return undefined
    const isMarked = kind === Token.Directive || kind === Token.DocumentStart
    if (this.isFirst && !isMarked) {
      this.isFirst = false
      return 'bare'
    }
    this.isFirst = false
    this.readDirectives()
    if (this.scanner.peek() !== Token.DocumentStart) this.fail('did not find expected <document start>')
    this.take()
    return 'marked'
  }

  private readDirectives(): void {
    this.handles = new Map()
    let hasVersion = false
    while (this.scanner.peek() === Token.Directive) {
      const [name, handle = '', prefix = ''] = this.scanner.tokens.value.split(' ')
      if (name === 'TAG') {
        if (this.handles.has(handle)) this.fail('found duplicate %TAG directive')
        this.handles.set(handle, prefix)
      } else {
        if (hasVersion) this.fail('found duplicate %YAML directive')
        hasVersion = true
      }
      this.take()
    }
  }

  private take(): void {
    this.scanner.tokens.take()
  }

  private takeAndPeek(): TokenKind {
    this.take()
    return this.scanner.peek()
  }

  private fail(reason: string, offset = this.scanner.tokens.offset): never {
    return this.scanner.cursor.fail(reason, offset)
  }

  /** A node's value. `isBlock`: block collections may start here. */
  private node(depth: number, isBlock: boolean, mayBeIndentless = false): JsonValue {
    const kind = this.scanner.peek()
    if (kind === Token.Plain) return this.plain()
    if (kind === Token.Quoted) {
      const text = this.scanner.tokens.value
      this.take()
      return text
    }
    const { offset } = this.scanner.tokens
    return this.finite(this.richNode(depth, isBlock, mayBeIndentless).value, offset)
  }

  private plain(): JsonValue {
    const { value: text, offset } = this.scanner.tokens
    this.take()
    return this.finite(plainToJson(text), offset)
  }

  private finite(value: JsonValue | undefined, offset: number): JsonValue {
    return value === undefined ? this.fail('json: unsupported value: not a finite number', offset) : value
  }

  /** A node with properties, an alias, or a collection. */
  private richNode(depth: number, isBlock: boolean, mayBeIndentless: boolean): Node {
    if (depth >= maxDepth) this.fail(`nested deeper than ${maxDepth} levels`)
    if (this.scanner.peek() === Token.Alias) return this.alias()
    const properties = this.properties()
    if (properties.anchor !== '') this.anchors.open(properties.anchor)
    const node = this.content(properties, { depth, isBlock, mayBeIndentless })
    if (properties.anchor !== '') this.anchors.set(properties.anchor, node)
    return node
  }

  private alias(): Node {
    const name = this.scanner.tokens.value
    const found = this.anchors.get(name)
    if (typeof found === 'string') this.fail(found)
    this.take()
    return { ...found, isMerge: false }
  }

  private properties(): Properties {
    let kind = this.scanner.peek()
    if (kind !== Token.Anchor && kind !== Token.Tag) return noProperties
    let anchor = ''
    let tag = ''
    while ((kind === Token.Anchor && anchor === '') || (kind === Token.Tag && tag === '')) {
      const { value } = this.scanner.tokens
      if (kind === Token.Anchor) anchor = value
      else tag = expandTag(value, this.handles) ?? this.fail('found undefined tag handle')
      kind = this.takeAndPeek()
    }
    return { anchor, tag }
  }

  private content(properties: Properties, at: NodePlace): Node {
    const kind = this.scanner.peek()
    if (kind === Token.Plain || kind === Token.Quoted) return this.scalar(properties.tag)
    const collection = this.findCollection(kind, at)
    if (collection !== undefined) return { value: collection }
    if (properties === noProperties) this.fail('did not find expected node content')
    return toNode(this.resolve(properties.tag, '', true))
  }

  private findCollection(kind: TokenKind, at: NodePlace): JsonValue | undefined {
    const depth = at.depth + 1
    if (kind === Token.FlowListStart) return this.flowList(depth)
    if (kind === Token.FlowMapStart) return this.flowMap(depth)
    if (kind === Token.Entry && at.mayBeIndentless) return this.indentlessList(depth)
    if (!at.isBlock) return undefined
    if (kind === Token.ListStart) return this.blockList(depth)
    return kind === Token.MapStart ? this.blockMap(depth) : undefined
  }

  private scalar(tag: string): Node {
    const { value: text } = this.scanner.tokens
    const isPlain = this.scanner.tokens.kind === Token.Plain
    const scalar = this.resolve(tag, text, isPlain)
    this.take()
    const isUntagged = isPlain && (tag === '' || tag === '!')
    const isMerge = text === '<<' && (isUntagged || tag === MERGE_TAG)
    return { ...toNode(scalar), isMerge }
  }

  private resolve(tag: string, text: string, isPlain: boolean): Scalar {
    if (tag === '') return isPlain ? resolveScalar(text) : { tag: 'str', value: text }
    const scalar = resolveTagged(tag, text)
    return 'fault' in scalar ? this.fail(scalar.fault) : scalar
  }

  private blockList(depth: number): JsonValue[] {
    const list: JsonValue[] = []
    let kind = this.takeAndPeek()
    while (kind === Token.Entry) {
      kind = this.takeAndPeek()
      const isEmpty = kind === Token.Entry || kind === Token.BlockEnd
      this.append(list, isEmpty ? undefined : depth)
      kind = this.scanner.peek()
    }
    if (kind !== Token.BlockEnd) this.fail("did not find expected '-' indicator")
    this.take()
    return list
  }

  private indentlessList(depth: number): JsonValue[] {
    const list: JsonValue[] = []
    let kind = this.scanner.peek()
    while (kind === Token.Entry) {
      kind = this.takeAndPeek()
      const isEmpty = kind === Token.Entry || endsBlockEntry(kind)
      this.append(list, isEmpty ? undefined : depth)
      kind = this.scanner.peek()
    }
    return list
  }

  private append(list: JsonValue[], depth: number | undefined): void {
    const { offset } = this.scanner.tokens
    this.sink?.entry(list, list.length, { key: offset, value: offset })
    list.push(depth === undefined ? null : this.node(depth, true))
  }

  private blockMap(depth: number): JsonObject {
    const map: JsonObject = {}
    let kind = this.takeAndPeek()
    while (kind === Token.Key) {
      kind = this.takeAndPeek()
      const keyOffset = this.scanner.tokens.offset
      const key = endsBlockEntry(kind) ? this.emptyKey() : this.key(depth, true)
      this.blockValue(map, { key, offset: keyOffset }, depth)
      kind = this.scanner.peek()
    }
    if (kind !== Token.BlockEnd) this.fail('did not find expected key')
    this.take()
    return map
  }

  private blockValue(map: JsonObject, entry: MapKey, depth: number): void {
    const hasValue = this.scanner.peek() === Token.Value
    const isEmpty = !hasValue || endsBlockEntry(this.takeAndPeek())
    this.assign(map, entry, isEmpty ? undefined : { depth, isBlock: true })
  }

  /** Reads the value and stores it. Without `at`, the value is absent: null. */
  private assign(map: JsonObject, entry: MapKey, at: { depth: number; isBlock: boolean } | undefined): void {
    const { offset } = this.scanner.tokens
    if (entry.key === mergeKey) return this.merge(map, at)
    this.sink?.entry(map, entry.key, { key: entry.offset, value: offset })
    setKey(map, entry.key, at === undefined ? null : this.node(at.depth, at.isBlock, at.isBlock))
  }

  /** `<<`: the entries of a map, or of each map in a list (where the first wins), become entries of this one. */
  private merge(map: JsonObject, at: { depth: number; isBlock: boolean } | undefined): void {
    const { offset } = this.scanner.tokens
    const isAlias = at !== undefined && this.scanner.peek() === Token.Alias
    const value = at === undefined ? null : this.node(at.depth, at.isBlock, at.isBlock)
    const sources = Array.isArray(value) && !isAlias ? value.toReversed() : [value]
    for (const source of sources) {
      if (!isJsonObject(source)) this.fail('map merge requires map or sequence of maps as the value', offset)
      for (const key of Object.keys(source)) setKey(map, key, source[key] ?? null)
    }
  }

  private key(depth: number, isBlock: boolean): string | typeof mergeKey {
    const kind = this.scanner.peek()
    const { value: text, offset } = this.scanner.tokens
    if (kind === Token.Quoted || kind === Token.Plain) {
      this.take()
      if (kind === Token.Quoted) return text
      return text === '<<' ? mergeKey : (plainKeyText(text) ?? this.failKey(text, offset))
    }
    const node = this.richNode(depth, isBlock, isBlock)
    if (node.isMerge === true) return mergeKey
    if (node.scalar === undefined) {
      const shown = Array.isArray(node.value) ? 'a list' : 'a map'
      return this.fail(`invalid map key: ${shown}; keys are strings`, offset)
    }
    return keyText(node.scalar) ?? this.failKey(String(node.scalar.value), offset)
  }

  private emptyKey(): never {
    return this.failKey('null', this.scanner.tokens.offset)
  }

  private failKey(text: string, offset: number): never {
    return this.fail(
      `unsupported map key of type: null or too large an integer, key: ${text || 'null'}`,
      offset,
    )
  }

  private flowList(depth: number): JsonValue[] {
    const list: JsonValue[] = []
    let kind = this.takeAndPeek()
    while (kind !== Token.FlowListEnd) {
      if (list.length > 0) {
        if (kind !== Token.FlowEntry) this.fail("did not find expected ',' or ']'")
        kind = this.takeAndPeek()
        if (kind === Token.FlowListEnd) break
      }
      const { offset } = this.scanner.tokens
      this.sink?.entry(list, list.length, { key: offset, value: offset })
      list.push(kind === Token.Key ? this.flowPair(depth) : this.node(depth, false))
      kind = this.scanner.peek()
    }
    this.take()
    return list
  }

  /** `[key: value]`: a map of one entry. */
  private flowPair(depth: number): JsonObject {
    const map: JsonObject = {}
    const kind = this.takeAndPeek()
    const { offset } = this.scanner.tokens
    const key = endsFlowEntry(kind) ? this.emptyKey() : this.key(depth, false)
    this.flowValue(map, { key, offset }, depth)
    return map
  }

  private flowMap(depth: number): JsonObject {
    const map: JsonObject = {}
    let kind = this.takeAndPeek()
    for (let isFirst = true; kind !== Token.FlowMapEnd; isFirst = false) {
      if (!isFirst) {
        if (kind !== Token.FlowEntry) this.fail("did not find expected ',' or '}'")
        kind = this.takeAndPeek()
        if (kind === Token.FlowMapEnd) break
      }
      const isMarked = kind === Token.Key
      if (isMarked) kind = this.takeAndPeek()
      const { offset } = this.scanner.tokens
      const key = isMarked && endsFlowEntry(kind) ? this.emptyKey() : this.key(depth, false)
      // A key without a marker has no value: `{a, b}`.
      if (isMarked) this.flowValue(map, { key, offset }, depth)
      else this.assign(map, { key, offset }, undefined)
      kind = this.scanner.peek()
    }
    this.take()
    return map
  }

  private flowValue(map: JsonObject, entry: MapKey, depth: number): void {
    let kind = this.scanner.peek()
    const hasValue = kind === Token.Value
    if (hasValue) kind = this.takeAndPeek()
    const isEmpty = !hasValue || endsFlowEntry(kind)
    this.assign(map, entry, isEmpty ? undefined : { depth, isBlock: false })
  }
}

/** Stands for the key `<<`, which no string equals. */
const mergeKey = Symbol('<<')

interface MapKey {
  readonly key: string | typeof mergeKey
  readonly offset: number
}

function toNode(scalar: Scalar): Node {
  return { scalar, value: scalarToJson(scalar) }
}

function endsBlockEntry(kind: TokenKind): boolean {
  return kind === Token.Key || kind === Token.Value || kind === Token.BlockEnd
}

function endsFlowEntry(kind: TokenKind): boolean {
  return (
    kind === Token.Value ||
    kind === Token.FlowEntry ||
    kind === Token.FlowListEnd ||
    kind === Token.FlowMapEnd
  )
}
