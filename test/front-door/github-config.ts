/** A config with one GitHub source and one task, and the given routes in YAML. */
export const githubConfig = (...routes: readonly string[]): string => `
sources:
  github: { adapter: github, secret: "env:GITHUB", token: "env:GITHUB_TOKEN" }
tasks:
  analyze:
    cluster: c
    taskDefinition: analyze
    container: app
    subnets: [s]
    local: { command: ["true"] }
routes:
${routes.map((route) => `  - { on: github, run: analyze, ${route} }`).join('\n')}
`
