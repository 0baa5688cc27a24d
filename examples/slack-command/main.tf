# taskhook for a Slack command. Apply `base` first: README.md has the steps.

terraform {
  required_version = ">= 1.9"
}

provider "aws" {}

module "taskhook" {
  source  = "../../infra/terraform"
  package = "${path.module}/build"

  # Terraform creates these empty, and you fill them in by hand, so your secrets are never in the state.
  create_secrets = ["taskhook/slack"]

  # Lets `terraform destroy` remove everything. Delete this line if you keep the deployment.
  deletion_protection = false
}

output "slack_manifest" {
  description = "For api.slack.com/apps: Create New App, From a manifest, JSON."
  value       = module.taskhook.slack_manifests["slack"]
}
