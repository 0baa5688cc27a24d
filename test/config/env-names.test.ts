import { describe, expect, it } from 'vitest'
import { builtinSpecs } from '../../src/adapters/spec-registry.ts'
import { compileConfig } from '../../src/config/compile.ts'
import { whyReserved } from '../../src/config/env-names.ts'
import { whole } from './whole.ts'

describe('whyReserved', () => {
  it.each([
    ...['AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI', 'ECS_CONTAINER_METADATA_URI_V4'],
    ...[
      'LD_PRELOAD',
      'LD_LIBRARY_PATH',
      'DYLD_INSERT_LIBRARIES',
      'GIT_SSH_COMMAND',
      'BASH_FUNC_ls%%',
      'npm_config_registry',
    ],
    ...[
      'TASKHOOK_RUN_ID',
      'TASKHOOK_ANYTHING',
      'TRACEPARENT',
      'tracestate',
      'PATH',
      'HOME',
      'USER',
      'SHELL',
      'IFS',
      'ENV',
      'BASH_ENV',
      'TMPDIR',
      'LANG',
    ],
    ...['NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS', 'NODE_TLS_REJECT_UNAUTHORIZED', 'PYTHONPATH', 'PERL5OPT', 'RUBYOPT'],
    ...['JAVA_TOOL_OPTIONS', '_JAVA_OPTIONS', 'HTTP_PROXY', 'https_proxy', 'NO_PROXY', 'SSL_CERT_FILE'],
    ...['path', 'Path', 'aws_region', 'ld_preload', 'node_options', 'taskhook_run_id', 'NPM_CONFIG_REGISTRY'],
  ])('%s is reserved', (name) => {
    expect(whyReserved(name)).toMatch(new RegExp(`^"${name.replace(/[%]/g, '\\$&')}" is reserved`))
  })

  it.each([
    'DATASET',
    'DEPTH',
    'PATHS',
    'MY_PATH',
    'HOMEPAGE',
    'AWS',
    'ECS',
    'LDAP_URL',
    'ENVIRONMENT',
    'LANGUAGE',
    'NODE_ENV',
    '_X',
  ])('%s is free', (name) => {
    expect(whyReserved(name)).toBeUndefined()
  })

  it.each([
    ['env: PATH', '{ type: string, env: PATH }', 'path'],
    ['by its own name', '{ type: string }', 'node_options'],
    ['by its own name, dashed', '{ type: string }', 'aws-region'],
  ])('is reported in a config: %s', (_, declared, name) => {
    const text = whole.replace('dry-run: { type: boolean }', `${name}: ${declared}`)
    expect(() => compileConfig(text, builtinSpecs)).toThrow(new RegExp(`params\\.${name}\\.env: ".+" is reserved`))
  })
})
