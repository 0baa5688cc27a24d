import { describe, expect, it } from 'vitest'
import { isPublicAddress } from '../../../src/core/http/public-address.ts'

describe('isPublicAddress', () => {
  it.each([
    ['127.0.0.1', 'this machine'],
    ['127.8.8.8', 'this machine'],
    ['0.0.0.0', 'this machine, as Linux reads it'],
    ['10.0.0.1', 'private'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['192.168.1.1', 'private'],
    ['169.254.169.254', 'the EC2 metadata service'],
    ['169.254.170.2', 'the ECS credentials endpoint'],
    ['100.64.0.1', 'carrier-grade NAT'],
    ['192.0.0.8', 'reserved by the IETF'],
    ['192.0.2.1', 'for documentation'],
    ['198.18.0.1', 'for benchmarking'],
    ['224.0.0.1', 'multicast'],
    ['240.0.0.1', 'reserved'],
    ['255.255.255.255', 'broadcast'],
    ['::', 'unspecified'],
    ['::1', 'this machine'],
    ['::127.0.0.1', 'this machine, as IPv4 in IPv6'],
    ['::7f00:1', 'the same in hexadecimal'],
    ['::a9fe:a9fe', 'the EC2 metadata service, in IPv6'],
    ['fe80::1', 'link-local'],
    ['fe80::1%eth0', 'link-local, with a zone'],
    ['fc00::1', 'unique local'],
    ['fd00:ec2::254', 'the EC2 metadata service'],
    ['fec0::1', 'site-local, deprecated'],
    ['::ffff:127.0.0.1', 'IPv4 in IPv6'],
    ['::ffff:169.254.169.254', 'IPv4 in IPv6'],
    ['::ffff:a9fe:a9fe', 'IPv4 in IPv6'],
    ['::ffff:0:a9fe:a9fe', 'translated IPv4'],
    ['64:ff9b::a9fe:a9fe', 'IPv4 behind NAT64'],
    ['64:ff9b:1::a9fe:a9fe', 'IPv4 behind a local NAT64'],
    ['2002:a9fe:a9fe::', 'IPv4 in 6to4'],
    ['2001::1', 'Teredo'],
    ['2001:db8::1', 'for documentation'],
    ['ff02::1', 'multicast'],
    ['4000::1', 'not assigned'],
    ['1::1', 'not assigned'],
    ['127.1', 'not in the form of a resolver'],
    ['0x7f.0.0.1', 'not in the form of a resolver'],
    ['0177.0.0.1', 'not in the form of a resolver'],
    ['example.com', 'not an address'],
    ['', 'not an address'],
  ])('%s is not public: %s', (address) => {
    expect(isPublicAddress(address)).toBe(false)
  })

  it.each([
    '8.8.8.8',
    '1.1.1.1',
    '172.15.0.1',
    '172.32.0.1',
    '100.128.0.1',
    '2606:4700:4700::1111',
    '2a00:1450:4001::200e',
    '::ffff:8.8.8.8',
  ])('%s is public', (address) => {
    expect(isPublicAddress(address)).toBe(true)
  })
})
