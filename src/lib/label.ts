const NAME = /^(?:[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?)$/
const DNS_LABEL = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/

const MAX_NAME_CHARS = 63
const MAX_SUBDOMAIN_CHARS = 253

/** Whether the text is a DNS-1123 subdomain: the name of most Kubernetes objects. */
export function isDnsSubdomain(text: string): boolean {
  return text.length <= MAX_SUBDOMAIN_CHARS && text.split('.').every((part) => DNS_LABEL.test(part))
}

/** Whether the text is a DNS-1123 label: the name of a namespace. */
export function isDnsLabel(text: string): boolean {
  return text.length <= MAX_NAME_CHARS && DNS_LABEL.test(text)
}

/** What is wrong with a label's or annotation's key (`[prefix/]name`), or undefined. */
export function findLabelKeyProblem(key: string): string | undefined {
  const slash = key.indexOf('/')
  const name = key.slice(slash + 1)
  if (slash >= 0 && !isDnsSubdomain(key.slice(0, slash))) {
    return 'its prefix must be a lower-case DNS name'
  }
  return name === '' ? 'its name must not be empty' : findNameProblem(name)
}

/** What is wrong with a label's value, or undefined. */
export function findLabelValueProblem(value: string): string | undefined {
  return value === '' ? undefined : findNameProblem(value)
}

function findNameProblem(name: string): string | undefined {
  if (name.length > MAX_NAME_CHARS) return `it must have at most ${MAX_NAME_CHARS} characters`
  if (NAME.test(name)) return undefined
  return "it must consist of letters, digits, '-', '_' and '.', and start and end with a letter or digit"
}
