export {
  compileJsonPath,
  type CompiledJsonPath,
  findAll,
  findElements,
  findRepeat,
  JsonPathError,
} from '../../helpers/go/jsonpath/jsonpath.ts'
