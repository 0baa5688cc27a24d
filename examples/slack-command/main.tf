# taskhook behind a Slack command. `base` comes first: README.md has the steps.

terraform {
  required_version = ">= 1.9"
}

provider "aws" {}

module "taskhook" {
  source  = "../../infra/terraform"
  package = "${path.module}/build"

  # Made empty, and filled in by hand: no secret of yours is ever in the state.
  create_secrets = ["taskhook/slack"]

  # So that `terraform destroy` is enough when you have seen it. Leave this line out for more than a try.
  deletion_protection = false
}

output "slack_manifest" {
  description = "For api.slack.com/apps: Create New App, From a manifest, JSON."
  value       = module.taskhook.slack_manifests["slack"]
}
