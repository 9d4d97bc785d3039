import type { KubeObject, ObjectKey } from '../ports.ts'
import { atPath, generatorError } from './errors.ts'
import type { GenerateContext } from './generator.ts'

/** An object in the first of `versions` that the server has it in. Throws AppError: `wait` where there is none. */
export async function readVersions(
  context: GenerateContext,
  key: ObjectKey,
  versions: readonly string[],
): Promise<KubeObject> {
  for (const version of versions) {
    const object = await context.reader.get({ ...key, version }, context.signal).catch((error: unknown) => {
      throw atPath(error, context.path)
    })
    if (object !== undefined) return object
  }
  throw generatorError(context.path, 'wait', `${key.kind} ${key.namespace}/${key.name} not found`)
}
