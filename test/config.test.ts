import { describe, expect, it } from 'vitest'
import { CONTROLLER_FLAGS, environmentName, parseConfig } from '../src/config.ts'

describe('the controller’s settings', () => {
  it('have a default each, that can be read', () => {
    const config = parseConfig([], {})
    expect(config).toMatchObject({
      concurrent: 8,
      kubeApiQps: 50,
      watchAllNamespaces: true,
      watchNamespaces: [],
      fieldValidation: 'Warn',
      metricsBindAddress: ':8080',
      leaderElect: false,
    })
    expect(config.enabledGenerators).toContain('Prometheus')
    expect(Object.isFrozen(config)).toBe(true)
    expect(new Set(CONTROLLER_FLAGS.map(({ name }) => name)).size).toBe(CONTROLLER_FLAGS.length)
  })

  it.each([
    [['--concurrent=3']],
    [['--concurrent', '3']],
    [['-concurrent=3']],
    [['--concurrent=2', '--concurrent=3']],
  ])('are read from flags: %s', (argv) => {
    expect(parseConfig(argv, {}).concurrent).toBe(3)
  })

  it('are read from the environment, where no flag says otherwise', () => {
    const env = { GITOPSSET_CONCURRENT: '3', GITOPSSET_WATCH_NAMESPACES: ' a, b,,', POD_NAMESPACE: 'here' }
    expect(parseConfig([], env)).toMatchObject({
      concurrent: 3,
      watchNamespaces: ['a', 'b'],
      podNamespace: 'here',
    })
    expect(parseConfig(['--concurrent=4'], env).concurrent).toBe(4)
    expect(environmentName('log-level')).toBe('GITOPSSET_LOG_LEVEL')
  })

  it('take KUBECONFIG, but the flag first', () => {
    expect(parseConfig([], { KUBECONFIG: '/a' }).kubeconfig).toBe('/a')
    expect(parseConfig(['--kubeconfig=/b'], { KUBECONFIG: '/a' }).kubeconfig).toBe('/b')
  })

  it('read a flag without a value as true, where it is one that can be', () => {
    expect(parseConfig(['--leader-elect', '--allow-loopback=false'], {})).toMatchObject({
      leaderElect: true,
      allowLoopback: false,
    })
  })

  it.each([
    [['--concurent=1'], /unknown flag --concurent; did you mean --concurrent\?/],
    [['--concurrent'], /--concurrent needs a value/],
    [['--concurrent=0'], /an? integer of 1 or more/],
    [['--concurrent=many'], /"many"; it must be a integer|"many"; it must be an integer/],
    [['--concurrent=-1'], /of 1 or more/],
    [['--kube-api-qps=1e3'], /--kube-api-qps/],
    [['--leader-elect=maybe'], /it must be true or false/],
    [['--log-level=loud'], /one of trace, debug, info, warn, error/],
    [['--field-validation=strict'], /one of Ignore, Warn, Strict/],
    [['serve'], /unexpected argument "serve"/],
    [['--__proto__=1'], /unexpected argument/],
  ])('refuse %s, saying which and why', (argv, message) => {
    expect(() => parseConfig(argv, {})).toThrow(message)
  })
})
