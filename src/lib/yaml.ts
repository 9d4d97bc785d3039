/** YAML as Kubernetes reads it, for the stages that may not import helpers themselves. */
export { YAML_LIMITS } from '../../helpers/go/yaml/limits.ts'
export { YamlParser } from '../../helpers/go/yaml/parser.ts'
export { checkText } from '../../helpers/go/yaml/read.ts'
