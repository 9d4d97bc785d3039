import type { JsonValue } from '../../helpers/go/value.ts'
import { plainKeyText } from '../../helpers/go/yaml/key.ts'
import { scalarStyle } from '../../helpers/go/yaml/scalar-style.ts'
import { blockHints } from '../../helpers/go/yaml/write-scalar.ts'
import type { Template } from '../template/template.ts'
import { chompBlock, dedentBlock, indentBlock, type Chomping } from './block-leaf.ts'
import { escapeForTrim } from './escaped-leaf.ts'
import type { LeafPlace, SourceOrigin } from './leaf-place.ts'
import { DocumentsInLeaf, hasDocumentMarker, typePlainLeaf } from './plain-leaf.ts'
import type { ObjectContext } from './object-context.ts'

/** Compiles a template source found at a field path. */
export type CompileSource = (source: string, origin: SourceOrigin) => Template

export type LeafProgram = (context: ObjectContext) => JsonValue

/**
 * Compiles a string of a template's content by the form that it has in YAML: a block of lines keeps its indentation
 * while it is rendered, an unquoted text is typed after rendering, a quoted one stays a string.
 */
export function compileLeaf(text: string, place: LeafPlace, compile: CompileSource): LeafProgram {
  switch (scalarStyle(text, false)) {
    case 'literal':
      return compileBlock(text, place, compile)
    case 'plain':
      return compilePlain(text, place, compile)
    case 'double':
      return compileEscaped(text, place, compile)
    default:
      return compileText(text, place, compile)
  }
}

function compilePlain(text: string, place: LeafPlace, compile: CompileSource): LeafProgram {
  const template = compile(text, place)
  return (context) => {
    const rendered = context.execute(template, place)
    if (!context.keepsMarkers && hasDocumentMarker(rendered)) throw new DocumentsInLeaf()
    return typePlainLeaf(rendered, place)
  }
}

function compileText(
  text: string,
  place: LeafPlace,
  compile: CompileSource,
): (context: ObjectContext) => string {
  const template = compile(text, place)
  return (context) => context.execute(template, place)
}

function compileEscaped(text: string, place: LeafPlace, compile: CompileSource): LeafProgram {
  const escaped = escapeForTrim(text)
  if (escaped === undefined) return compileText(text, place, compile)
  try {
    const run = compileText(escaped.source, place, compile)
    return (context) => escaped.restore(run(context))
  } catch {
    // A line break within an action must stay one.
    return compileText(text, place, compile)
  }
}

function compileBlock(
  text: string,
  place: LeafPlace,
  compile: CompileSource,
): (context: ObjectContext) => string {
  const origin = { path: place.path, addedLines: 1, addedColumns: place.indent }
  // The line break behind the block's `|` is there for an action that trims what is before it.
  const template = compile(`\n${indentBlock(text, place.indent)}`, origin)
  const hints = blockHints(text)
  const chomping = hints.replace('2', '') as Chomping
  const hasFixedIndent = hints.startsWith('2')
  return (context) => {
    const rendered = context.execute(template, origin)
    const lines = rendered.startsWith('\n') ? rendered.slice(1) : rendered
    return chompBlock(dedentBlock(lines, place.indent, hasFixedIndent), chomping)
  }
}

/** Compiles a key. An unquoted one is typed too: `yes` becomes `true`. */
export function compileKey(
  text: string,
  place: LeafPlace,
  compile: CompileSource,
): (context: ObjectContext) => string {
  const style = scalarStyle(text, false)
  if (style === 'literal') return compileBlock(text, place, compile)
  const run = compileText(text, place, compile)
  if (style !== 'plain') return run
  return (context) => {
    const rendered = run(context)
    return plainKeyText(rendered.trim()) ?? rendered
  }
}
