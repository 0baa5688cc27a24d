/** Which URLs of outsiders taskhook may call, and which it may show to people. */
import { describe, expect, it } from 'vitest'
import { isPublicAddress } from '../../../src/core/http/public-address.ts'
import { isOnHosts, isSafeLink, whyNotCallable } from '../../../src/core/http/url-checks.ts'

describe('whyNotCallable', () => {
  it.each([
    ['http://example.com/', 'does not use https'],
    ['ftp://example.com/', 'does not use https'],
    ['file:///etc/passwd', 'does not use https'],
    ['data:text/plain,x', 'does not use https'],
    ['https://ann@example.com/', 'contains a user name or password'],
    ['https://ann:pw@example.com/', 'contains a user name or password'],
    ['https://:pw@example.com/', 'contains a user name or password'],
    ['https://127.0.0.1/', 'points to a private IP address'],
    ['https://127.0.0.1./', 'points to a private IP address'],
    ['https://2130706433/', 'points to a private IP address'],
    ['https://0x7f000001/', 'points to a private IP address'],
    ['https://0x7f.1/', 'points to a private IP address'],
    ['https://0177.0.0.1/', 'points to a private IP address'],
    ['https://127.1/', 'points to a private IP address'],
    ['https://0/', 'points to a private IP address'],
    ['https://2852039166/', 'points to a private IP address'],
    ['https://0xa9fea9fe/', 'points to a private IP address'],
    ['https://0251.0376.0251.0376/', 'points to a private IP address'],
    ['https://１６９.254.169.254/', 'points to a private IP address'],
    ['https://169。254。169。254/', 'points to a private IP address'],
    ['https://%31%36%39.254.169.254/', 'points to a private IP address'],
    ['https://[::1]/', 'points to a private IP address'],
    ['https://[::]/', 'points to a private IP address'],
    ['https://[::ffff:169.254.169.254]/', 'points to a private IP address'],
    ['https://[::169.254.169.254]/', 'points to a private IP address'],
    ['https://[64:ff9b::169.254.169.254]/', 'points to a private IP address'],
    ['https://[fd00:ec2::254]/', 'points to a private IP address'],
    ['https://localhost/', 'points to a private host'],
    ['https://localhost./', 'points to a private host'],
    ['https://LOCALHOST/', 'points to a private host'],
    ['https://ⓛocalhost/', 'points to a private host'],
    ['https://shop.localhost/', 'points to a private host'],
    ['https://shop.localhost./', 'points to a private host'],
    ['https://foo.internal/', 'points to a private host'],
    ['https://ip-10-0-0-1.eu-west-1.compute.internal./', 'points to a private host'],
    ['https://printer.local/', 'points to a private host'],
    ['https://intranet/', 'points to a private host'],
    ['https://intranet./', 'points to a private host'],
    ['https://localhost../', 'points to a private host'],
  ])('rejects %s: %s', (url, why) => {
    expect(whyNotCallable(new URL(url), isPublicAddress)).toBe(why)
  })

  it.each([
    'https://example.com/',
    'https://example.com./',
    'https://hooks.example.com:8443/x?y=1',
    'https://local.example.com/',
    'https://internal.example/',
    'https://localhost.example.com/',
    'https://8.8.8.8/',
    'https://[2606:4700:4700::1111]/',
  ])('allows %s', (url) => {
    expect(whyNotCallable(new URL(url), isPublicAddress)).toBeUndefined()
  })

  it.each([
    'https://8.8.8.8/',
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://[::1]/',
    'https://[2606:4700:4700::1111]/',
  ])('rejects the IP address of %s if no predicate allows addresses', (url) => {
    expect(whyNotCallable(new URL(url))).toBe('contains an IP address in place of a host name')
  })

  it('needs no predicate for a host name', () => {
    expect(whyNotCallable(new URL('https://hooks.example.com./'))).toBeUndefined()
    expect(whyNotCallable(new URL('https://localhost/'))).toBe('points to a private host')
  })
})

describe('isOnHosts', () => {
  it.each<[string, string[], boolean]>([
    ['https://hooks.example.com/x', ['hooks.example.com'], true],
    ['https://hooks.example.com:8443/', ['hooks.example.com'], true],
    ['https://b.example/', ['a.example', 'b.example'], true],
    ['https://hooks.example.com./', ['hooks.example.com'], false],
    ['https://sub.hooks.example.com/', ['hooks.example.com'], false],
    ['https://a.b.partner.example/', ['*.partner.example'], true],
    ['https://partner.example/', ['*.partner.example'], false],
    ['https://evilpartner.example/', ['*.partner.example'], false],
    ['https://a.example/', [], false],
  ])('%s on %j: %s', (url, hosts, allowed) => {
    expect(isOnHosts(new URL(url), hosts)).toBe(allowed)
  })
})

describe('isSafeLink', () => {
  it.each([
    'https://example.com/a?b=c#d',
    'https://intranet/',
    'https://10.0.0.1/',
    'https://localhost:8443/',
    'HTTPS://EXAMPLE.COM/',
  ])('allows %s', (url) => {
    expect(isSafeLink(url)).toBe(true)
  })

  it.each([
    '',
    'example.com',
    '//example.com/',
    'http://example.com/',
    'javascript:alert(1)',
    'data:text/html,x',
    'https://ann@example.com/',
    'https://ann:pw@example.com/',
    'https://:pw@example.com/',
    ' https://example.com/',
    'https://example.com/a b',
    'https://example.com/\n<!channel>',
    'https://exa\tmple.com/',
    'https://example.com/\u009b',
  ])('rejects %j', (url) => {
    expect(isSafeLink(url)).toBe(false)
  })
})
