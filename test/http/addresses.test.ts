import { describe, expect, it } from 'vitest'
import { createAddressPolicy, type AddressRules } from '../../src/http/addresses.ts'

function refusal(
  address: string,
  rules: AddressRules = {},
  target: { host?: string; port?: number } = {},
): string | undefined {
  return createAddressPolicy(rules).findRefusal({ host: address, port: 80, ...target, address })
}

describe('the address policy', () => {
  it.each([
    ['169.254.169.254', 'a cloud metadata address'],
    ['::ffff:169.254.169.254', 'a cloud metadata address'],
    ['::ffff:a9fe:a9fe', 'a cloud metadata address'],
    ['169.254.170.2', 'a cloud metadata address'],
    ['100.100.100.200', 'a cloud metadata address'],
    ['168.63.129.16', 'a cloud metadata address'],
    ['fd00:ec2::254', 'a cloud metadata address'],
    ['fd20:ce::254', 'a cloud metadata address'],
    ['169.254.7.7', 'a link-local address'],
    ['fe80::1', 'a link-local address'],
    ['fe80::1%eth0', 'a link-local address'],
    ['febf::1', 'a link-local address'],
    ['fec0::1', 'a site-local address'],
    ['0.0.0.0', 'an unspecified address'],
    ['0.1.2.3', 'an unspecified address'],
    ['::', 'an unspecified address'],
    ['::ffff:0.0.0.0', 'an unspecified address'],
    ['224.0.0.1', 'a multicast address'],
    ['ff02::1', 'a multicast address'],
    ['255.255.255.255', 'a reserved address'],
    ['64:ff9b::7f00:1', 'an address translated to IPv4'],
    ['64:ff9b:1::1', 'an address translated to IPv4'],
    ['::ffff:0:7f00:1', 'an address translated to IPv4'],
    ['::7f00:1', 'an address translated to IPv4'],
    ['::169.254.169.254', 'a cloud metadata address'],
    ['2002:7f00:1::', 'an address tunnelled to IPv4'],
    ['2001:0:4136:e378:8000:63bf:3fff:fdd2', 'an address tunnelled to IPv4'],
  ])('never permits %s', (address, why) => {
    const everything = { allowLoopback: true, allowHosts: [address.replace(/%.*/, ''), '0.0.0.0/0', '::/0'] }
    expect(refusal(address, everything)).toBe(why)
  })

  it.each(['127.0.0.1', '127.255.0.9', '::1', '::ffff:127.0.0.1', '0:0:0:0:0:0:0:1'])(
    'permits the loopback address %s only where the flag says so',
    (address) => {
      expect(refusal(address)).toContain('a loopback address')
      expect(refusal(address, { allowLoopback: true })).toBeUndefined()
      expect(refusal(address, { allowHosts: ['127.0.0.0/8', '::/0'] })).toContain('a loopback address')
    },
  )

  it.each(['10.0.0.1', '172.16.3.4', '192.168.1.1', 'fd12::1', '93.184.216.34', '2606:4700::1111'])(
    'permits %s: in-cluster servers live on private addresses',
    (address) => {
      expect(refusal(address)).toBeUndefined()
    },
  )

  it('refuses the API server on its port, by address and by name', () => {
    const rules = {
      protectedEndpoints: ['10.96.0.1:443', '[fd12::1]:443', 'kubernetes.default.svc', '10.1.2.3'],
    }
    expect(refusal('10.96.0.1', rules, { port: 443 })).toBe('the API server or the controller itself')
    expect(refusal('::ffff:10.96.0.1', rules, { port: 443 })).toBe('the API server or the controller itself')
    expect(refusal('fd12::1', rules, { port: 443 })).toBe('the API server or the controller itself')
    expect(refusal('10.96.0.1', rules, { port: 9090 })).toBeUndefined()
    expect(refusal('10.9.9.9', rules, { host: 'Kubernetes.Default.svc.' })).toBe(
      'the API server or the controller itself',
    )
    expect(refusal('10.1.2.3', rules)).toBe('the API server or the controller itself')
    expect(refusal('10.1.2.3', { ...rules, allowHosts: ['10.1.2.3'] })).toBeUndefined()
  })

  it('knows nothing but the permitted hosts where some are named', () => {
    const rules = { allowHosts: ['prometheus.monitoring', '*.example.com', '10.1.0.0/16', '10.2.0.1'] }
    expect(refusal('10.9.9.9', rules, { host: 'prometheus.monitoring' })).toBeUndefined()
    expect(refusal('10.9.9.9', rules, { host: 'API.example.com.' })).toBeUndefined()
    expect(refusal('10.1.7.7', rules, { host: 'whatever' })).toBeUndefined()
    expect(refusal('10.2.0.1', rules)).toBeUndefined()
    expect(refusal('10.9.9.9', rules, { host: 'example.com' })).toContain('--allow-hosts')
    expect(refusal('10.9.9.9', rules, { host: 'prometheus.monitoring.evil' })).toContain('--allow-hosts')
    expect(refusal('10.2.0.2', rules)).toContain('--allow-hosts')
  })

  it('lets the denied ranges win over the permitted hosts', () => {
    const rules = { denyCidrs: ['10.0.0.0/8', '192.0.2.1'], allowHosts: ['a.example'] }
    expect(refusal('10.1.1.1', rules, { host: 'a.example' })).toContain('--deny-cidrs')
    expect(refusal('192.0.2.1', rules, { host: 'a.example' })).toContain('--deny-cidrs')
    expect(refusal('11.1.1.1', rules, { host: 'a.example' })).toBeUndefined()
  })

  it.each([{ denyCidrs: ['10.0.0.0/99'] }, { denyCidrs: ['evil.example'] }, { allowHosts: [''] }])(
    'refuses rules that cannot be read: %j',
    (rules) => {
      expect(() => createAddressPolicy(rules)).toThrow(/is not a/)
    },
  )

  it('refuses what is no address at all', () => {
    expect(refusal('example.com')).toBe('not an address')
  })
})
