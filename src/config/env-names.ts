/** Names of the environment variables that parameters set: the default name, and those that are reserved. */

/** `dry-run` → `DRY_RUN` */
export const envNameOf = (param: string): string => param.toUpperCase().replaceAll('-', '_')

/** They change how a shell or a program runs. */
const shellNames = new Set([
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
/** They make a runtime load other code, or send its traffic elsewhere. */
const runtimeNames = new Set([
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
/** taskhook sets them if the delivery belongs to a trace. */
const traceNames = new Set(['TRACEPARENT', 'TRACESTATE'])
/** They configure the container agent, the AWS SDK, the loader, Git or npm. */
const reservedPrefixes = [
  'AWS_',
  'ECS_',
  'LD_',
  'DYLD_',
  'TASKHOOK_',
  'GIT_',
  'BASH_FUNC_',
  'npm_config_',
  'NPM_CONFIG_',
]

/** Why a parameter may not have this name: it would change how the container, its runtime or its credentials work. Undefined: it may. */
export function whyReserved(name: string): string | undefined {
  const upper = name.toUpperCase()
  const prefix = reservedPrefixes.find((start) => upper.startsWith(start.toUpperCase()))
  if (prefix === 'TASKHOOK_') return `"${name}" is reserved: taskhook sets the names that begin with ${prefix} itself`
  if (prefix !== undefined)
    return `"${name}" is reserved: names that begin with ${prefix} change how the container or its credentials work`
  if (traceNames.has(upper)) return `"${name}" is reserved: taskhook sets it to the trace of the delivery`
  if (shellNames.has(upper) || runtimeNames.has(upper))
    return `"${name}" is reserved: it changes how programs in the container run`
  return undefined
}
