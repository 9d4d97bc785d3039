import { writeFileSync } from 'node:fs'
import { crdYaml } from './crd.ts'

writeFileSync(new URL('../crds/gitopssets.yaml', import.meta.url), crdYaml())
