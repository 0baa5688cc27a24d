/** Environment names that a parameter may not have: it would change how the container, its runtime or its credentials work. */

const exact = new Set([
  'PATH',
  'HOME',
  'USER',
  'SHELL',
  'IFS',
  'ENV',
  'BASH_ENV',
  'HOSTNAME',
  'PWD',
  'TMPDIR',
  'TMP',
  'TEMP',
  'LANG',
  'TZ',
])
/** What makes a runtime load code or send traffic elsewhere. */
const runtimes = new Set([
  'NODE_OPTIONS',
  'NODE_PATH',
  'NODE_EXTRA_CA_CERTS',
  'NODE_TLS_REJECT_UNAUTHORIZED',
  'PYTHONPATH',
  'PYTHONHOME',
  'PYTHONSTARTUP',
  'PERL5LIB',
  'PERL5OPT',
  'RUBYLIB',
  'RUBYOPT',
  'JAVA_TOOL_OPTIONS',
  'JDK_JAVA_OPTIONS',
  '_JAVA_OPTIONS',
  'CLASSPATH',
  'GCONV_PATH',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'ALL_PROXY',
  'NO_PROXY',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
])
/** Set by taskhook, where the delivery stands in a trace. */
const tracing = new Set(['TRACEPARENT', 'TRACESTATE'])
const prefixes = ['AWS_', 'ECS_', 'LD_', 'DYLD_', 'TASKHOOK_', 'GIT_', 'BASH_FUNC_', 'npm_config_', 'NPM_CONFIG_']

/** Why a name is reserved; undefined: it is free. */
export function whyReserved(name: string): string | undefined {
  const upper = name.toUpperCase()
  const prefix = prefixes.find((start) => upper.startsWith(start.toUpperCase()))
  if (prefix === 'TASKHOOK_') return `"${name}" is reserved: taskhook sets the names that begin with ${prefix} itself`
  if (prefix !== undefined)
    return `"${name}" is reserved: names that begin with ${prefix} change how the container or its credentials work`
  if (tracing.has(upper)) return `"${name}" is reserved: taskhook sets it to the trace of the delivery`
  if (exact.has(upper) || runtimes.has(upper))
    return `"${name}" is reserved: it changes how programs in the container run`
  return undefined
}
