# taskhook for a GitHub webhook, with a cluster, a task definition and a network that already exist.
#
#   npx taskhook build examples/github-push/taskhook.yaml --out examples/github-push/build
#   terraform -chdir=examples/github-push init && terraform -chdir=examples/github-push apply

terraform {
  required_version = ">= 1.9"
}

provider "aws" {}

module "taskhook" {
  source  = "../../infra/terraform"
  package = "${path.module}/build"

  # Terraform creates these empty, and you fill them in by hand, so your secrets are never in the state.
  create_secrets = ["taskhook/github-webhook", "taskhook/github-token"]
}

output "github_hooks" {
  description = "What to fill in at Settings, Webhooks, Add webhook."
  value       = module.taskhook.github_hooks
}
